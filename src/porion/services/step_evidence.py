"""For whom the step was scheduled that a study answers: the strongest evidence, and never enough alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from porion.services.patients import staying

if TYPE_CHECKING:
    from porion.clinic.patient import Patient
    from porion.services.ports import Transaction
    from porion.services.records import ItemRow


def whose_step(tx: Transaction, item: ItemRow) -> Patient | None:
    """The patient of the steps with the item's Study Instance UID or accession number.

    None when there are none, or when they are of several patients.
    """
    study = tx.imaging.study(item.study_id)
    if study is None:
        return None
    accessions = [study.accession_number] if study.accession_number else []
    rows = tx.worklist.any_of([study.study_instance_uid], accessions)
    patients = {staying(tx, row.patient_id) for row in rows}
    return tx.patients.get(patients.pop()) if len(patients) == 1 else None
