"""Images: list, look, read the tags, fetch the file, correct what it shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO

from porion.clinic.permissions import Action, Actor
from porion.dicom.category import CLINIC_CODES, Category
from porion.dicom.habits import Habits
from porion.dicom.header import read_header
from porion.services.dose_rows import exposures_of
from porion.services.errors import Invalid, NotFound, must
from porion.services.records import (
    DecisionRow,
    ImageFilter,
    ImageRow,
    InstanceRow,
    ItemRow,
    Json,
    QuarantineRow,
    SeriesRow,
    StudyRow,
)
from porion.services.trail import record, show

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from porion.dicom.elements import Header
    from porion.dicom.exposure import Exposure
    from porion.services.ports import Porion, Transaction


@dataclass(frozen=True, slots=True)
class ImageView:
    """An image with everything that belongs to it; its instances only when one image is looked at."""

    image: ImageRow
    item: ItemRow
    study: StudyRow
    series: SeriesRow
    exposure: Exposure | None
    instances: Sequence[InstanceRow]


def list_images(
    porion: Porion, actor: Actor, wanted: ImageFilter, *, after: str | None = None, limit: int = 50
) -> Sequence[ImageView]:
    """Images that pass the filter, newest first; ``wanted.study_id`` is a Study Instance UID."""
    must(actor, Action.SEE_IMAGES)
    with porion.store.read(actor.clinic_id) as tx:
        found = tx.imaging.list_images(_within_study(tx, wanted), after, limit)
        views = _views(tx, found)
    detail = {"images": [view.image.id for view in views]}
    show(porion, actor, "images listed", ("clinic", actor.clinic_id), detail)
    return views


def _within_study(tx: Transaction, wanted: ImageFilter) -> ImageFilter:
    """The filter with the study's own identifier, or one that nothing passes."""
    if wanted.study_id is None:
        return wanted
    held = tx.imaging.studies_by_uid([wanted.study_id]).get(wanted.study_id)
    return replace(wanted, study_id=held.id if held else "")


def see_image(porion: Porion, actor: Actor, image_id: str) -> ImageView:
    """One image."""
    must(actor, Action.SEE_IMAGES)
    with porion.store.read(actor.clinic_id) as tx:
        view = _view(tx, _find(tx, image_id))
    show(porion, actor, "image shown", ("image", image_id))
    return view


def see_header(porion: Porion, actor: Actor, image_id: str, sop_instance_uid: str | None = None) -> Header:
    """The full header of an image's instance, of its first one unless another is named."""
    image, instance = _read_instance(porion, actor, image_id, sop_instance_uid)
    with porion.archive.contents(actor.clinic_id, instance.digest) as data:
        return read_header(data, habits=Habits(**image.source.get("habits", {})))


def open_file(
    porion: Porion, actor: Actor, image_id: str, sop_instance_uid: str | None = None
) -> tuple[InstanceRow, BinaryIO]:
    """An instance's archived file, as it came (its preamble zeroed), for the caller to close."""
    _, instance = _read_instance(porion, actor, image_id, sop_instance_uid)
    return instance, porion.archive.open(actor.clinic_id, instance.digest)


def open_conflict(porion: Porion, actor: Actor, instance_id: str) -> tuple[InstanceRow, BinaryIO]:
    """The file of an instance that came second under its UID, to compare, for the caller to close."""
    must(actor, Action.SEE_IMAGES)
    with porion.store.read(actor.clinic_id) as tx:
        instance = tx.imaging.instance(instance_id)
    if instance is None or instance.conflicts_with is None:
        raise NotFound(f"There is no conflict {instance_id} in this clinic.")
    show(porion, actor, "conflict read", ("instance", instance_id))
    return instance, porion.archive.open(actor.clinic_id, instance.digest)


def _read_instance(
    porion: Porion, actor: Actor, image_id: str, sop_instance_uid: str | None
) -> tuple[ImageRow, InstanceRow]:
    must(actor, Action.SEE_IMAGES)
    with porion.store.read(actor.clinic_id) as tx:
        image = _find(tx, image_id)
        instance = _instance(tx.imaging.instances_of(image_id), sop_instance_uid)
    detail = {"instance": instance.sop_instance_uid}
    show(porion, actor, "file read", ("image", image_id), detail)
    return image, instance


def _instance(instances: Sequence[InstanceRow], uid: str | None) -> InstanceRow:
    for instance in instances:
        if uid in (None, instance.sop_instance_uid):
            return instance
    raise NotFound(f"The image has no instance {uid}.")


def correct_category(porion: Porion, actor: Actor, image_id: str, category: str) -> ImageView:
    """Record what a person says an image shows; later images of the device and protocol propose it."""
    must(actor, Action.CORRECT_CATEGORY)
    chosen = _category(category)
    with porion.store.write(actor.clinic_id) as tx:
        image = _find(tx, image_id)
        if image.category is None:
            raise Invalid(f"This is no image ({image.file_type}): it shows nothing that has a category.")
        before = {word: getattr(image, word) for word in _CORRECTABLE}
        changes: Json = {
            "category": chosen,
            "modality": CLINIC_CODES[chosen],
            "needs_review": False,
            "corrected_by": actor.name,
        }
        decision = DecisionRow(
            id=porion.new_id(),
            kind="category",
            item_id=None,
            image_id=image_id,
            patient_id=None,
            actor=actor.name,
            made_at=porion.now(),
            subject=image.device_protocol,
            detail={"from": image.category, "to": chosen, "before": before},
        )
        tx.imaging.update_image(image_id, changes)
        tx.inbox.add_decision(decision)
        detail = {"decision": decision.id, "from": image.category, "to": chosen}
        record(porion, tx, actor.name, "category corrected", ("image", image_id), detail)
        return _view(tx, replace(image, **changes))


_CORRECTABLE = ("category", "modality", "needs_review", "corrected_by")


def _category(word: str) -> Category:
    try:
        return Category(word)
    except ValueError:
        raise Invalid(f"{word} is no category: choose among {', '.join(Category)}.") from None


def list_conflicts(
    porion: Porion, actor: Actor, *, after: str | None = None, limit: int = 50
) -> Sequence[InstanceRow]:
    """Instances whose SOP Instance UID had come before with another data set."""
    must(actor, Action.SEE_IMAGES)
    with porion.store.read(actor.clinic_id) as tx:
        found = tx.imaging.conflicts(after, limit)
    show(porion, actor, "conflicts listed", ("clinic", actor.clinic_id))
    return found


def list_quarantine(
    porion: Porion, actor: Actor, *, after: str | None = None, limit: int = 50
) -> Sequence[QuarantineRow]:
    """Files that could not be read, each with its reason."""
    must(actor, Action.SEE_IMAGES)
    with porion.store.read(actor.clinic_id) as tx:
        found = tx.imaging.quarantined(after, limit)
    show(porion, actor, "quarantine listed", ("clinic", actor.clinic_id))
    return found


def count_states(porion: Porion, actor: Actor) -> Mapping[str, int]:
    """How many instances are in each state."""
    must(actor, Action.SEE_IMAGES)
    with porion.store.read(actor.clinic_id) as tx:
        return tx.imaging.state_counts()


def _find(tx: Transaction, image_id: str) -> ImageRow:
    image = tx.imaging.image(image_id)
    if image is None:
        raise NotFound(f"There is no image {image_id} in this clinic.")
    return image


def _view(tx: Transaction, image: ImageRow) -> ImageView:
    (view,) = _views(tx, [image])
    return replace(view, instances=tx.imaging.instances_of(image.id))


def _views(tx: Transaction, images: Sequence[ImageRow]) -> list[ImageView]:
    studies = tx.imaging.studies_by_id({image.study_id for image in images})
    series = tx.imaging.series_by_id({image.series_id for image in images})
    items = tx.inbox.items({image.item_id for image in images})
    taken = {image.exposure_id for image in images if image.exposure_id}
    exposures = exposures_of(tx, tx.exposures.by_id(taken).values())
    return [
        ImageView(
            image=image,
            item=items[image.item_id],
            study=studies[image.study_id],
            series=series[image.series_id],
            exposure=exposures.get(image.exposure_id or ""),
            instances=(),
        )
        for image in images
    ]
