"""The frames of an image, all in one go: a viewer needs the hundreds of a volume before it can draw it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from porion.clinic.permissions import Action, Actor
from porion.services.errors import NotFound, NotOffered, Unshowable, must
from porion.services.pixel_ports import Frame, Held
from porion.services.trail import show

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from porion.services.ports import Porion, Transaction
    from porion.services.records import InstanceRow


@dataclass(frozen=True, slots=True)
class FramesWanted:
    """Which frames: all of the image's, or those of one instance, or one of them; and in which form."""

    transfer_syntax: str
    sop_instance_uid: str | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class ShownFrame:
    """A frame of an image and where it stands; without pixels it says why."""

    study_uid: str
    series_uid: str
    sop_instance_uid: str
    number: int
    frame: Frame | None
    reason: str = ""


def open_frames(porion: Porion, actor: Actor, image_id: str, wanted: FramesWanted) -> Iterator[ShownFrame]:
    """The frames by instance number, taken from the archive one after another.

    NotOffered for a form that is not made. One frame by its number fails with Unshowable or NotFound
    when it cannot be shown. Among many, such a frame comes without pixels, and those of other instances
    follow.
    """
    must(actor, Action.SEE_IMAGES)
    if wanted.transfer_syntax not in porion.pixels.offered():
        raise NotOffered(f"The viewer's pixels are {', '.join(porion.pixels.offered())}.")
    with porion.store.read(actor.clinic_id) as tx:
        study, series, instances = _instances(tx, image_id, wanted.sop_instance_uid)
    show(porion, actor, "pixels shown", ("image", image_id), lasting=True)
    many = _frames(porion, actor.clinic_id, instances, wanted)
    return (ShownFrame(study, series, *shown) for shown in many)


_Shown = tuple[str, int, Frame | None, str]


def _frames(
    porion: Porion, clinic_id: str, instances: Sequence[InstanceRow], wanted: FramesWanted
) -> Iterator[_Shown]:
    if wanted.number is not None:
        frames = porion.pixels.frames(
            Held(clinic_id, instances[0].digest), [wanted.number], wanted.transfer_syntax
        )
        only = next(iter(frames))
        return iter([(instances[0].sop_instance_uid, only.number, only, "")])
    return (shown for instance in instances for shown in _of_instance(porion, clinic_id, instance, wanted))


def _of_instance(
    porion: Porion, clinic_id: str, instance: InstanceRow, wanted: FramesWanted
) -> Iterator[_Shown]:
    uid, done = instance.sop_instance_uid, 0
    try:
        numbers = range(1, instance.frames + 1)
        for frame in porion.pixels.frames(Held(clinic_id, instance.digest), numbers, wanted.transfer_syntax):
            yield uid, frame.number, frame, ""
            done = frame.number
    except (Unshowable, NotFound) as error:
        for number in range(done + 1, instance.frames + 1):
            yield uid, number, None, str(error)


def _instances(
    tx: Transaction, image_id: str, sop_instance_uid: str | None
) -> tuple[str, str, Sequence[InstanceRow]]:
    image = tx.imaging.image(image_id)
    if image is None:
        raise NotFound(f"There is no image {image_id} in this clinic.")
    study, series = tx.imaging.study(image.study_id), tx.imaging.series(image.series_id)
    found = [
        instance
        for instance in tx.imaging.instances_of(image_id)
        if sop_instance_uid in (None, instance.sop_instance_uid)
    ]
    if not found or study is None or series is None:
        raise NotFound(f"The image has no instance {sop_instance_uid or 'any more'}.")
    found.sort(key=lambda instance: (instance.instance_number or 0, instance.id))
    return study.study_instance_uid, series.series_instance_uid, found
