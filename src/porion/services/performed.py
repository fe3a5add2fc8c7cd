"""What devices report of their work (PS3.4 annex F): it moves scheduled steps on and brings dose.

A report may come before its images or after them; what nobody scheduled is kept all the same.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from porion.clinic.permissions import Action, Actor, device
from porion.clinic.scheduling import FOLLOWS, StepState
from porion.dicom.performed import PerformedStep, read_performed
from porion.services.claims import claim_json
from porion.services.errors import Duplicate, Invalid, NotFound, NotPermitted, Settled, must
from porion.services.performed_dose import attach_dose, dose_json
from porion.services.schedule import move_within
from porion.services.trail import record, show
from porion.services.worklist_records import PerformedRow, StepRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from porion.dicom.elements import Elements
    from porion.dicom.performed import ScheduledReference
    from porion.services.ports import Porion, Transaction
    from porion.services.records import Json

STATES: Mapping[str, StepState] = {
    "IN PROGRESS": StepState.IN_PROGRESS,
    "COMPLETED": StepState.COMPLETED,
    "DISCONTINUED": StepState.DISCONTINUED,
}
"""Performed Procedure Step Status (0040,0252), PS3.3 table C.4-14."""

_LONGEST = 200


class WrongStatus(Invalid):
    """A report is in a state in which it cannot be."""


@dataclass(frozen=True, slots=True)
class Reporter:
    """The device that reports, its AE title, and the unit in which it states dose-area products."""

    clinic_id: str
    device_id: str
    title: str
    dap_unit: str = ""


def begin_performed(porion: Porion, reporter: Reporter, sop_instance_uid: str, report: Elements) -> None:
    """Keep a new report (N-CREATE); durable when this returns."""
    said = read_performed(report, reporter.dap_unit)
    if said.status != "IN PROGRESS":
        raise WrongStatus(f"A step begins IN PROGRESS, not as “{said.status[:20]}”.")
    with porion.store.write(reporter.clinic_id) as tx:
        if tx.performed.get(sop_instance_uid) is not None:
            raise Duplicate(f"There is a performed step {sop_instance_uid} already.")
        row = PerformedRow(
            id=porion.new_id(),
            sop_instance_uid=sop_instance_uid,
            device_id=reporter.device_id,
            state=StepState.IN_PROGRESS,
            facts=_facts(said),
            created_at=porion.now(),
            updated_at=porion.now(),
            dose=dose_json(said),
        )
        steps = _scheduled(tx, said)
        row = replace(row, steps=[step.id for step in steps])
        tx.performed.add(row)
        _follow(porion, tx, reporter, row, steps)


def change_performed(porion: Porion, reporter: Reporter, sop_instance_uid: str, report: Elements) -> None:
    """Change a report (N-SET): what it does not say stays; Settled once it was completed or discontinued."""
    said = read_performed(report, reporter.dap_unit)
    if said.status and said.status not in STATES:
        raise WrongStatus(f"“{said.status[:20]}” is no state of a performed step.")
    with porion.store.write(reporter.clinic_id) as tx:
        held = tx.performed.get(sop_instance_uid)
        if held is None:
            raise NotFound(f"There is no performed step {sop_instance_uid}.")
        if held.device_id != reporter.device_id:
            raise NotPermitted("Another device performs that step.")
        if held.state != StepState.IN_PROGRESS:
            raise Settled("Performed Procedure Step Object may no longer be updated")
        row = _changed(porion, tx, held, said)
        steps = [step for number in row.steps if (step := tx.worklist.get(number)) is not None]
        _follow(porion, tx, reporter, row, steps)


def _changed(porion: Porion, tx: Transaction, held: PerformedRow, said: PerformedStep) -> PerformedRow:
    changes: Json = {
        "state": STATES.get(said.status, StepState.IN_PROGRESS),
        "facts": {**held.facts, **_facts(said)},
        "dose": {**held.dose, **dose_json(said)},
        "updated_at": porion.now(),
    }
    if said.scheduled and not held.steps:
        changes["steps"] = [step.id for step in _scheduled(tx, said)]
    tx.performed.update(held.id, changes)
    return replace(held, **changes)


def _facts(said: PerformedStep) -> Json:
    """What a report states, and nothing for what it does not."""
    texts = (
        "performed_id",
        "started_at",
        "ended_at",
        "dicom_modality",
        "station_ae",
        "description",
        "reason",
    )
    facts: Json = {word: getattr(said, word)[:_LONGEST] for word in texts if getattr(said, word)}
    if said.claim is not None:
        facts["claim"] = claim_json(said.claim)
    if said.scheduled is not None:
        facts["scheduled"] = [asdict(one) for one in said.scheduled]
    if said.images is not None:
        facts["images"] = [[one.sop_class_uid, one.sop_instance_uid] for one in said.images]
    if said.number is not None:
        facts["exposures"] = said.number
    return facts


def _scheduled(tx: Transaction, said: PerformedStep) -> Sequence[StepRow]:
    """The scheduled steps that a report names, each once."""
    found = (row for one in said.scheduled or () for row in _named(tx, one, said.dicom_modality))
    return list({row.id: row for row in found}.values())


def _named(tx: Transaction, one: ScheduledReference, modality: str) -> Sequence[StepRow]:
    """By its number within the order; without a number the order's only step of that modality."""
    studies, accessions = ([each] if each else [] for each in (one.study_instance_uid, one.accession_number))
    of_order = tx.worklist.any_of(studies, accessions)
    if one.step_id:
        return [row for row in of_order if row.step_id == one.step_id]
    alike = [row for row in of_order if row.dicom_modality == modality]
    return alike if len(alike) == 1 else []


def _follow(
    porion: Porion, tx: Transaction, reporter: Reporter, row: PerformedRow, steps: Sequence[StepRow]
) -> None:
    """What follows from a report's new state: for the scheduled steps, and for the images' exposures."""
    actor = device(reporter.title, reporter.clinic_id)
    state = StepState(row.state)
    for step in steps:
        if state in FOLLOWS[StepState(step.state)]:
            move_within(porion, tx, actor, step, state)
    tx.performed.refer(row.id, [uid for _, uid in row.facts.get("images", ())])
    attach_dose(tx, row)
    detail = {"state": row.state, "steps": row.steps}
    record(porion, tx, reporter.title, "performed step reported", ("performed step", row.id), detail)


def list_performed(
    porion: Porion, actor: Actor, *, after: str | None = None, limit: int = 50
) -> Sequence[PerformedRow]:
    """What devices reported, newest first."""
    must(actor, Action.SEE_SCHEDULE)
    with porion.store.read(actor.clinic_id) as tx:
        rows = tx.performed.list(after, limit)
    detail = {"performed": [row.id for row in rows]}
    show(porion, actor, "performed steps shown", ("clinic", actor.clinic_id), detail)
    return rows
