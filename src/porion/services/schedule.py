"""Schedule steps at devices, change and cancel them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from porion.clinic.permissions import Action, Actor
from porion.clinic.scheduling import FOLLOWS, TEMPLATES, Procedure, StepState
from porion.dicom.category import CLINIC_CODES, Category
from porion.services.errors import Conflict, Invalid, Stale, must
from porion.services.patients import find_patient, staying
from porion.services.step_values import (
    line_of,
    modality_of,
    moment_of,
    number_of,
    procedure_of,
    station_of,
    uid_of,
)
from porion.services.step_views import StepView, find_step, views_of
from porion.services.trail import record
from porion.services.worklist_records import StepRow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from porion.services.ports import Porion, Transaction
    from porion.services.records import Json

MOST_STEPS = 20
"""Steps of one request."""

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class WantedStep:
    """A step to schedule: a category, or a modality with a description. Empty texts follow the category.

    ``codes`` are protocol codes, each ``scheme``, ``value`` and ``meaning``.
    """

    category: str | None = None
    dicom_modality: str = ""
    description: str = ""
    station_ae: str = ""
    codes: tuple[Json, ...] | None = None
    starts_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """One requested procedure for a patient: the steps of a template, or those that are listed.

    ``starts_at`` is the clinic's own time unless it has a zone. Without numbers of another system it gets
    an accession number and a Study Instance UID of our own.
    """

    patient_id: str
    starts_at: datetime
    steps: tuple[WantedStep, ...] = ()
    template: str | None = None
    description: str = ""
    station_ae: str = ""
    requested_by: str = ""
    accession_number: str = ""
    study_instance_uid: str = ""


@dataclass(frozen=True, slots=True)
class Ordered:
    """Whose order it is: the system, its number for it, and when it said so."""

    source: str = "porion"
    order_key: str = ""
    ordered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StepChange:
    """What is changed of a step; None leaves it as it is."""

    starts_at: datetime | None = None
    station_ae: str | None = None
    description: str | None = None
    dicom_modality: str | None = None
    requested_by: str | None = None


def schedule(porion: Porion, actor: Actor, wanted: Wanted) -> Sequence[StepView]:
    """Schedule a procedure's steps for a patient of the register."""
    must(actor, Action.SCHEDULE)
    with porion.store.write(actor.clinic_id) as tx:
        return views_of(tx, schedule_within(porion, tx, actor, wanted, Ordered()))


def schedule_within(
    porion: Porion, tx: Transaction, actor: Actor, wanted: Wanted, ordered: Ordered
) -> Sequence[StepRow]:
    """Schedule within a transaction."""
    patient = find_patient(tx, wanted.patient_id)
    if patient.merged_into is not None:
        raise Conflict(
            f"Patient {patient.id} was merged into {staying(tx, patient.id)}: schedule for that one."
        )
    rows = _rows(porion, wanted, ordered)
    tx.worklist.add(rows)
    detail = {"steps": [row.id for row in rows], "source": ordered.source}
    record(porion, tx, actor.name, "steps scheduled", ("patient", patient.id), detail)
    return rows


def _rows(porion: Porion, wanted: Wanted, ordered: Ordered) -> list[StepRow]:
    steps, description = _asked_for(wanted)
    key = porion.new_id()
    number = _short(key)
    common = StepRow(
        id="",
        patient_id=wanted.patient_id,
        state=StepState.SCHEDULED,
        accession_number=number_of(wanted.accession_number) or number,
        study_instance_uid=uid_of(wanted.study_instance_uid)
        if wanted.study_instance_uid
        else f"2.25.{int(key, 16)}",
        procedure_id=number,
        procedure_description=line_of(description),
        step_id="",
        description="",
        dicom_modality="",
        starts_at=moment_of(wanted.starts_at),
        source=ordered.source,
        created_at=porion.now(),
        updated_at=porion.now(),
        requested_by=line_of(wanted.requested_by),
        order_key=ordered.order_key,
        ordered_at=ordered.ordered_at,
    )
    return [
        _row(
            porion,
            common,
            replace(step, station_ae=step.station_ae or wanted.station_ae),
            f"{number}{_DIGITS[place]}",
        )
        for place, step in enumerate(steps, 1)
    ]


def _asked_for(wanted: Wanted) -> tuple[Sequence[WantedStep], str]:
    """The steps, and what the whole is called."""
    if wanted.template is not None:
        template = TEMPLATES.get(wanted.template)
        if template is None:
            raise Invalid(f"There is no template {wanted.template}: choose {', '.join(TEMPLATES)}.")
        return [WantedStep(one) for one in template.categories], wanted.description or template.description
    if not 1 <= len(wanted.steps) <= MOST_STEPS:
        raise Invalid(f"Name a template, or 1 to {MOST_STEPS} steps.")
    first = wanted.steps[0]
    named = first.description or (procedure_of(first.category).description if first.category else "")
    return wanted.steps, wanted.description or named


# A step without a category says itself what it is.
_UNNAMED = Procedure(Category.OTHER, "", "", (), "")


def _row(porion: Porion, common: StepRow, step: WantedStep, step_id: str) -> StepRow:
    procedure = _procedure_of(step)
    codes = [asdict(code) for code in procedure.codes] if step.codes is None else step.codes
    return replace(
        common,
        id=porion.new_id(),
        step_id=step_id,
        category=procedure.category if step.category else None,
        modality=CLINIC_CODES[procedure.category] if step.category else None,
        dicom_modality=modality_of(step.dicom_modality or procedure.dicom_modality),
        description=line_of(step.description or procedure.description),
        codes=[_code(code) for code in codes],
        station_ae=station_of(step.station_ae),
        starts_at=moment_of(step.starts_at) if step.starts_at else common.starts_at,
    )


def _procedure_of(step: WantedStep) -> Procedure:
    """What the step's category stands for, or nothing where the step says itself what it is."""
    if step.category:
        return procedure_of(step.category)
    if not (step.dicom_modality and step.description):
        raise Invalid("A step needs a category, or a modality with a description.")
    return _UNNAMED


def _code(code: Json) -> Json:
    return {
        "scheme": number_of(str(code["scheme"])),
        "value": number_of(str(code["value"])),
        "meaning": line_of(str(code["meaning"])),
    }


def _short(key: str) -> str:
    """A number of at most 15 characters, which a console can show and a clerk can read out.

    It has the moment in milliseconds and 30 bits of the identifier's chance, so that nobody guesses the next.
    """
    return f"P{_in_base_36(int(key[:12], 16))}{_in_base_36(int(key[-7:], 16) % 36**5).rjust(5, '0')}"


def _in_base_36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits


def change_step(porion: Porion, actor: Actor, step_id: str, change: StepChange) -> StepView:
    """Change a step that no device has begun."""
    must(actor, Action.SCHEDULE)
    changes = _changes(change)
    with porion.store.write(actor.clinic_id) as tx:
        row = find_step(tx, step_id)
        if row.state != StepState.SCHEDULED:
            raise Conflict(f"The step is {row.state}: only what is scheduled can be changed.")
        return _view(tx, write_step(porion, tx, actor, row, changes, "step changed"))


def _changes(change: StepChange) -> Json:
    changes: Json = {}
    if change.starts_at is not None:
        changes["starts_at"] = moment_of(change.starts_at)
    if change.station_ae is not None:
        changes["station_ae"] = station_of(change.station_ae)
    if change.description is not None:
        changes["description"] = line_of(change.description)
    if change.dicom_modality is not None:
        changes["dicom_modality"] = modality_of(change.dicom_modality)
    if change.requested_by is not None:
        changes["requested_by"] = line_of(change.requested_by)
    return changes


def move_step(porion: Porion, actor: Actor, step_id: str, state: StepState) -> StepView:
    """Cancel a step, or take it up again; Conflict when it may not go from its state into that one."""
    must(actor, Action.SCHEDULE)
    with porion.store.write(actor.clinic_id) as tx:
        return _view(tx, move_within(porion, tx, actor, find_step(tx, step_id), state))


def _view(tx: Transaction, row: StepRow) -> StepView:
    return views_of(tx, [row])[0]


def move_within(
    porion: Porion, tx: Transaction, actor: Actor, row: StepRow, state: StepState, also: Json | None = None
) -> StepRow:
    """Bring a step into another state within a transaction, changing more columns with it."""
    if state not in FOLLOWS[StepState(row.state)]:
        raise Conflict(f"The step is {row.state}: it cannot become {state}.")
    return write_step(porion, tx, actor, row, {"state": state, **(also or {})}, f"step {state}")


def write_step(
    porion: Porion, tx: Transaction, actor: Actor, row: StepRow, changes: Json, action: str
) -> StepRow:
    """Write columns of a step within a transaction."""
    changed = {**changes, "updated_at": porion.now()}
    if not tx.worklist.update(row, changed):
        raise Stale("Somebody else changed the step just now: look again.")
    told = {
        key: value for key, value in changes.items() if key in ("state", "starts_at", "station_ae", "images")
    }
    record(porion, tx, actor.name, action, ("step", row.id), told)
    return replace(row, **changed, version=row.version + 1)
