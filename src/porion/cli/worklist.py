"""``porion worklist``: what is scheduled at devices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

import typer

from porion.cli.compose import at_the_desk
from porion.cli.options import Data, Json, Limit
from porion.cli.output import camel, patient_json, patient_line, say, write_json, write_table
from porion.cli.settings import read_settings
from porion.clinic.scheduling import TEMPLATES, StepState
from porion.services.errors import Invalid
from porion.services.schedule import Wanted, WantedStep, move_step, schedule
from porion.services.step_views import StepView
from porion.services.worklist import see_schedule
from porion.services.worklist_records import StepFilter

WORKLIST = typer.Typer(help="What is scheduled at devices.")
_COLUMNS = ("id", "step", "starts", "patient", "what", "modality", "station", "state")
Day = Annotated[str | None, typer.Option("--date", metavar="DAY", help="One day: today, or 2026-03-02.")]
From = Annotated[str | None, typer.Option("--from", metavar="DAY", help="The first day.")]
To = Annotated[str | None, typer.Option("--to", metavar="DAY", help="The last day.")]
Device = Annotated[str | None, typer.Option("--device", metavar="AET", help="For this device, or for any.")]
Of = Annotated[str | None, typer.Option("--patient", help="The patient's identifier.")]
Step = Annotated[str, typer.Argument(help="The step's identifier, or its Scheduled Procedure Step ID.")]


@WORKLIST.callback(invoke_without_command=True)
def show(
    context: typer.Context,
    day: Day = None,
    first: From = None,
    last: To = None,
    device: Device = None,
    patient: Of = None,
    limit: Limit = 200,
    data: Data = None,
    json: Json = False,
) -> None:
    """Show the steps of a day or a range, a device, a patient."""
    if context.invoked_subcommand is not None:
        return
    wanted = StepFilter(day or first, day or last, patient, device)
    with at_the_desk(read_settings(data)) as (porion, actor):
        views = see_schedule(porion, actor, wanted, limit)
    _tell(views, json=json)


@WORKLIST.command("add")
def add(
    patient: Annotated[str, typer.Argument(help="The patient's identifier in the register.")],
    at: Annotated[datetime, typer.Option("--at", help="When: 2026-03-02T08:30, the clinic's own time.")],
    category: Annotated[
        list[str] | None, typer.Option("--category", help="PANORAMIC, CBCT, ...; once for each step.")
    ] = None,
    template: Annotated[
        str | None, typer.Option("--template", help=f"Several steps at once: {', '.join(TEMPLATES)}.")
    ] = None,
    device: Annotated[
        str, typer.Option("--device", metavar="AET", help="The device; any, if left out.")
    ] = "",
    requested_by: Annotated[str, typer.Option("--requested-by", help="Who asks for it.")] = "",
    accession: Annotated[str, typer.Option("--accession", help="The order's number, if it has one.")] = "",
    data: Data = None,
    json: Json = False,
) -> None:
    """Schedule steps for a patient."""
    if bool(category) == bool(template):
        raise Invalid("Say what to schedule: either --category, or --template.")
    wanted = Wanted(
        patient_id=patient,
        starts_at=at,
        steps=tuple(WantedStep(one) for one in category or ()),
        template=template,
        station_ae=device,
        requested_by=requested_by,
        accession_number=accession,
    )
    with at_the_desk(read_settings(data)) as (porion, actor):
        views = schedule(porion, actor, wanted)
    _tell(views, json=json)


@WORKLIST.command("cancel")
def cancel(step: Step, data: Data = None, json: Json = False) -> None:
    """Take a step off the devices' worklists."""
    _move(step, StepState.CANCELLED, data, json=json)


@WORKLIST.command("complete")
def complete(step: Step, data: Data = None, json: Json = False) -> None:
    """Say by hand that a step is done."""
    _move(step, StepState.COMPLETED, data, json=json)


@WORKLIST.command("reschedule")
def reschedule(step: Step, data: Data = None, json: Json = False) -> None:
    """Put a step that was cancelled, discontinued or begun back on the worklists."""
    _move(step, StepState.SCHEDULED, data, json=json)


def _move(step: str, state: StepState, data: Data, *, json: bool) -> None:
    with at_the_desk(read_settings(data)) as (porion, actor):
        view = move_step(porion, actor, step, state)
    if json:
        write_json(step_json(view))
    else:
        say(f"{view.step.description} of {patient_line(view.patient)} is {view.step.state}.")


def step_json(view: StepView) -> dict[str, Any]:
    """A step and its patient for machines."""
    own = {camel(key): _moment(value) for key, value in asdict(view.step).items() if key != "patient_id"}
    return {**own, "patient": patient_json(view.patient)}


def _moment(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _tell(views: Sequence[StepView], *, json: bool) -> None:
    if json:
        for view in views:
            write_json(step_json(view))
        return
    write_table(_COLUMNS, [_line(view) for view in views])


def _line(view: StepView) -> tuple[str, ...]:
    step = view.step
    starts = step.starts_at.replace("T", " ")[:16]
    who, where = patient_line(view.patient), step.station_ae or "any"
    return (step.id, step.step_id, starts, who, step.description, step.dicom_modality, where, step.state)
