"""Patients and what is scheduled for them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from porion.clinic.patient import Patient
from porion.dicom.person import Identifier, PersonName
from porion.services.patients import add_patient
from porion.services.schedule import Wanted, WantedStep, schedule
from porion.services.worklist_records import StepRow
from tests.world import World

AT_EIGHT = datetime(2026, 3, 2, 8, 0)  # noqa: DTZ001 - the clinic's own time


def anna(world: World, **changes: Any) -> Patient:
    """Anna Beispiel, who is on the images of tests.builders."""
    said: dict[str, Any] = {
        "name": PersonName("Beispiel", "Anna"),
        "birth_date": date(2012, 4, 3),
        "sex": "F",
        "identifiers": (Identifier("P-1", "CLINIC"),),
        **changes,
    }
    return add_patient(world.porion, world.actor, Patient("", **said))


def a_step(world: World, patient_id: str, category: str = "PANORAMIC", **changes: Any) -> StepRow:
    """One step at eight o'clock."""
    wanted = Wanted(
        **{"patient_id": patient_id, "starts_at": AT_EIGHT, "steps": (WantedStep(category),), **changes}
    )
    return schedule(world.porion, world.actor, wanted)[0].step


def state_of(world: World, step: StepRow) -> str:
    """Where the step stands now."""
    with world.porion.store.read(world.clinic_id) as tx:
        row = tx.worklist.get(step.id)
    assert row is not None
    return row.state
