"""``porion worklist``: what is scheduled at devices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

import typer

from porion.cli.compose import at_the_desk
from porion.cli.options import Data, Json, Limit
from porion.cli.output import (
    camel,
    claim_json,
    claim_line,
    complain,
    patient_json,
    patient_line,
    say,
    write_json,
    write_table,
)
from porion.cli.remotes import remotes_of
from porion.cli.settings import read_settings
from porion.clinic.scheduling import TEMPLATES, StepState
from porion.services.errors import Invalid
from porion.services.performed import list_performed
from porion.services.remote_worklist import RemoteStep, ask_worklists
from porion.services.schedule import Wanted, WantedStep, move_step, schedule
from porion.services.step_views import StepView
from porion.services.worklist_profiles import STATIONS, ProfileChange, set_profile, trace_worklist
from porion.services.worklist_records import PerformedRow, StepFilter

WORKLIST = typer.Typer(help="What is scheduled at devices.")
_FAILED = 8
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
    node: Annotated[
        list[str] | None, typer.Option("--node", help="Ask this remote worklist server, too.")
    ] = None,
    limit: Limit = 200,
    data: Data = None,
    json: Json = False,
) -> None:
    """Show the steps of a day or a range, a device, a patient, ours and those of remote nodes.

    The exit status is 8 when a node fails.
    """
    if context.invoked_subcommand is not None:
        return
    wanted, settings = StepFilter(day or first, day or last, patient, device), read_settings(data)
    with at_the_desk(settings) as (porion, actor):
        asked = node or ()
        found = ask_worklists(porion, remotes_of(porion, settings), actor, wanted, asked, limit)
    _tell(found.ours, found.remote, json=json)
    for one in found.outcomes:
        if one.error or one.capped:
            complain(one.error or f"{one.node} has more than {one.answers} answers: ask for less.")
    if any(one.error for one in found.outcomes):
        raise typer.Exit(_FAILED)


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


def remote_json(found: RemoteStep) -> dict[str, Any]:
    """A step of a remote node for machines."""
    own = {camel(key): value for key, value in asdict(found.item).items() if key != "claim"}
    match = {"patientId": found.patient_id, "grade": found.grade} if found.patient_id else None
    return {"node": found.node, **own, "claimedIdentity": claim_json(found.item.claim), "match": match}


def _tell(views: Sequence[StepView], remote: Sequence[RemoteStep] = (), *, json: bool) -> None:
    if json:
        for document in (*map(step_json, views), *map(remote_json, remote)):
            write_json(document)
        return
    write_table(_COLUMNS, [*map(_line, views), *map(_remote_line, remote)])


def _remote_line(found: RemoteStep) -> tuple[str, ...]:
    item, grade = found.item, f" ({found.grade})" if found.grade else ""
    starts = item.starts_at.replace("T", " ")[:16]
    who = f"{claim_line(item.claim)}{grade}"
    what = item.description or item.procedure_description
    return (found.node, item.step_id, starts, who, what, item.dicom_modality, item.station_ae, item.state)


def _line(view: StepView) -> tuple[str, ...]:
    step = view.step
    starts = step.starts_at.replace("T", " ")[:16]
    who, where = patient_line(view.patient), step.station_ae or "any"
    return (step.id, step.step_id, starts, who, step.description, step.dicom_modality, where, step.state)


@WORKLIST.command("trace")
def trace(
    device: Annotated[str, typer.Argument(metavar="DEVICE", help="Its AE title or identifier.")],
    limit: Limit = 5,
    data: Data = None,
    json: Json = False,
) -> None:
    """What a device asked of its worklist lately, and why it got what it got."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        traced = trace_worklist(porion, actor, device, limit)
    if json:
        for query in traced.queries:
            write_json({camel(key): _moment(value) for key, value in asdict(query).items()})
        return
    title = traced.device.ae_title
    if not traced.may_ask:
        say(f"{title} may not ask for its worklist: `porion device allow {title} worklist`.", "yellow")
    if not traced.queries:
        say(f"{title} has not asked for its worklist yet.")
    for query in traced.queries:
        asked = ", ".join(f"{name.rpartition('.')[2]}={value}" for name, value in query.keys if value)
        at = query.at.isoformat(" ", "seconds")[:19]
        say(f"{at} UTC, answers: {query.answered}, asked: {asked or 'no key'}", "bold")
        for sentence in query.told:
            say(f"  {sentence}")


@WORKLIST.command("profile")
def profile(
    device: Annotated[str, typer.Argument(metavar="DEVICE", help="Its AE title or identifier.")],
    stations: Annotated[
        str | None, typer.Option("--stations", help=f"Whose steps it gets: {', '.join(STATIONS)}.")
    ] = None,
    character_set: Annotated[
        str | None,
        typer.Option("--character-set", help="What it can read (ISO_IR 100); empty: what it says itself."),
    ] = None,
    back: Annotated[
        int | None, typer.Option("--days-back", help="Where it names no day: from so long ago.")
    ] = None,
    ahead: Annotated[
        int | None, typer.Option("--days-ahead", help="Where it names no day: so far ahead.")
    ] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Show or change how a device's worklist queries are answered."""
    change = ProfileChange(stations, character_set, back, ahead)
    with at_the_desk(read_settings(data)) as (porion, actor):
        row = set_profile(porion, actor, device, change)
    if json:
        write_json({camel(key): value for key, value in asdict(row).items()})
        return
    say(f"Stations: {row.stations}. Character set: {row.character_set or 'as it says'}.")
    say(f"Where it names no day: from {row.days_back} days ago to {row.days_ahead} days ahead.")


@WORKLIST.command("performed")
def performed(limit: Limit = 50, data: Data = None, json: Json = False) -> None:
    """What devices reported of their work (MPPS), newest first."""
    with at_the_desk(read_settings(data)) as (porion, actor):
        rows = list_performed(porion, actor, limit=limit)
    if json:
        for row in rows:
            write_json({camel(key): _moment(value) for key, value in asdict(row).items()})
        return
    columns = ("started", "station", "state", "images", "scheduled step")
    write_table(columns, [_performed_line(row) for row in rows])


def _performed_line(row: PerformedRow) -> Sequence[object]:
    facts, steps = row.facts, ", ".join(row.steps) or "nobody scheduled it"
    return facts.get("started_at"), facts.get("station_ae"), row.state, len(facts.get("images", ())), steps
