"""Images that come back for scheduled steps: which step each answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from porion.clinic.comparison import completed, sketch
from porion.clinic.permissions import device
from porion.clinic.profile import claim_profile
from porion.clinic.scheduling import FOLLOWS, OPEN, StepState
from porion.services.claims import claim_of
from porion.services.patients import find_patient, staying
from porion.services.schedule import move_within, write_step

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from porion.clinic.model import Model
    from porion.clinic.permissions import Actor
    from porion.services.ports import Porion, Transaction
    from porion.services.records import ImageRow, ItemRow
    from porion.services.worklist_records import StepRow


@dataclass(frozen=True, slots=True)
class Came:
    """An image that came in: what its header repeats of the worklist's answer (PS3.3 C.7.3.1, C.7.6)."""

    image_id: str
    study_instance_uid: str
    accession_number: str | None
    step_ids: tuple[str, ...] = ()


def note_images(porion: Porion, tx: Transaction, clinic_id: str, who: str, came: Iterable[Came]) -> None:
    """Note images on the steps that they answer; a step is completed when they claim its patient."""
    by_image = {one.image_id: one for one in came}
    studies = {one.study_instance_uid for one in by_image.values()}
    accessions = {one.accession_number for one in by_image.values() if one.accession_number}
    if not tx.worklist.any_of(studies, accessions):
        return
    actor = device(who, clinic_id)
    for one in by_image.values():
        # Anew for each: the one before may have taken a step.
        rows = tx.worklist.any_of(
            [one.study_instance_uid], [one.accession_number] if one.accession_number else []
        )
        image = tx.imaging.image(one.image_id)
        if rows and image is not None:
            _note(porion, tx, actor, one, rows, image)


def _note(
    porion: Porion, tx: Transaction, actor: Actor, came: Came, rows: Sequence[StepRow], image: ImageRow
) -> None:
    if any(image.id in row.images for row in rows):
        return
    step = which_step(rows, came.step_ids, image.category, image.dicom_modality)
    if step is None:
        return
    images = {"images": [*step.images, image.id]}
    item = tx.inbox.items([image.item_id])[image.item_id]
    fits = _fits(tx, item, step, porion.model) or _is_linked(tx, item, step)
    state = StepState.COMPLETED if fits else StepState.IN_PROGRESS
    if state in FOLLOWS[StepState(step.state)]:
        move_within(porion, tx, actor, step, state, images)
    else:
        write_step(porion, tx, actor, step, images, "image noted on step")


def which_step(
    rows: Sequence[StepRow], step_ids: Sequence[str], category: str | None, modality: str | None
) -> StepRow | None:
    """The step of an order that an image answers: the one it names, else the one that it shows.

    Of several that fit, one that is still open and has no image goes first.
    """
    named = [row for row in rows if row.step_id in step_ids]
    shown = [row for row in rows if row.category == category]
    alike = [row for row in rows if row.dicom_modality == modality]
    for fitting in (named, shown, alike if len(alike) == 1 else [], rows if len(rows) == 1 else []):
        if fitting:
            return min(fitting, key=lambda row: (row.state not in OPEN, len(row.images), row.id))
    return None


def _fits(tx: Transaction, item: ItemRow, step: StepRow, model: Model) -> bool:
    """Whether the item claims the name and the very birth date of the step's patient."""
    claimed, patient = claim_profile(claim_of(item.claim)), find_patient(tx, staying(tx, step.patient_id))
    return completed(claimed, sketch(claimed, patient, model), model).same_person_exactly


def _is_linked(tx: Transaction, item: ItemRow, step: StepRow) -> bool:
    """Whether a person linked the item to the step's patient before this image came."""
    return item.patient_id is not None and item.patient_id == staying(tx, step.patient_id)
