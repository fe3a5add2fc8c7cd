"""A scheduled step together with its patient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from porion.services.errors import NotFound
from porion.services.patients import find_patient, staying

if TYPE_CHECKING:
    from collections.abc import Sequence

    from porion.clinic.patient import Patient
    from porion.services.ports import Transaction
    from porion.services.worklist_records import StepRow


@dataclass(frozen=True, slots=True)
class StepView:
    """A step and its patient as the register has them now."""

    step: StepRow
    patient: Patient


def find_step(tx: Transaction, step_id: str) -> StepRow:
    """The step by its identifier or by its Scheduled Procedure Step ID, or NotFound."""
    row = tx.worklist.get(step_id) or next(iter(tx.worklist.named([step_id])), None)
    if row is None:
        raise NotFound(f"There is no scheduled step {step_id} in this clinic.")
    return row


def views_of(tx: Transaction, rows: Sequence[StepRow]) -> list[StepView]:
    """Steps with their patients, those who stayed where entries were merged."""
    owners = {row.patient_id: staying(tx, row.patient_id) for row in rows}
    patients = {patient_id: find_patient(tx, patient_id) for patient_id in set(owners.values())}
    return [StepView(row, patients[owners[row.patient_id]]) for row in rows]
