"""What a link does to scheduled steps: those that its images answer are completed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from porion.clinic.scheduling import FOLLOWS, StepState
from porion.services.patients import staying
from porion.services.schedule import move_within

if TYPE_CHECKING:
    from porion.clinic.permissions import Actor
    from porion.services.ports import Porion, Transaction
    from porion.services.records import ItemRow


def close_answered(porion: Porion, tx: Transaction, actor: Actor, item: ItemRow, patient_id: str) -> None:
    """An item was linked: the patient's steps that its images answer are completed."""
    study = tx.imaging.study(item.study_id)
    if study is None:
        return
    accessions = [study.accession_number] if study.accession_number else []
    rows = tx.worklist.any_of([study.study_instance_uid], accessions)
    own = {image.id for image in tx.imaging.images_of([item.id])[item.id]} if rows else set()
    for row in rows:
        answered = own & set(row.images) and staying(tx, row.patient_id) == patient_id
        if answered and StepState.COMPLETED in FOLLOWS[StepState(row.state)]:
            move_within(porion, tx, actor, row, StepState.COMPLETED)
