"""A volume as a viewer needs it: which frame goes where, how large a voxel is, and whether all are there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from porion.clinic.permissions import Action, Actor
from porion.dicom.greyscale import Greyscale, greyscale
from porion.dicom.habits import Habits
from porion.dicom.header import read_header
from porion.dicom.pixel_form import NoPixels, PixelForm, pixel_form
from porion.dicom.places import Affine, Gap, Vector, assumed_stack, gaps_in, places_of
from porion.dicom.slices import frame_geometries
from porion.services.errors import NotFound, must
from porion.services.pixel_ports import Held
from porion.services.trail import show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from porion.dicom.elements import Header
    from porion.dicom.slices import SliceGeometry
    from porion.services.ports import Porion, Transaction
    from porion.services.records import ImageRow, InstanceRow, Json


@dataclass(frozen=True, slots=True)
class VolumeFrame:
    """One slice: the instance and frame (from 1) that hold it, and its place along the volume's normal."""

    instance: InstanceRow
    number: int
    place: int


@dataclass(frozen=True, slots=True)
class ValueRange:
    """The stored values that occur; ``basis``: measured in all frames, or possible with the bits stored."""

    least: int
    most: int
    basis: str


@dataclass(frozen=True, slots=True)
class VolumeView:
    """A volume and everything that drawing it takes.

    ``frames`` are in order along the normal. ``affine`` takes (column, row, place) to mm in the
    patient's system (LPS, PS3.3 C.7.6.2.1.1); ``placed_by`` says what it rests on: positions, or an
    assumption. ``apart`` are instances of the image that do not belong to the volume. ``form`` is that
    of the first frame, None with ``reason`` when its pixels cannot be read. ``prepared``: copies of all
    frames stand ready in HTJ2K.
    """

    image: ImageRow
    study_uid: str
    series_uid: str
    verdict: str
    sentence: str
    frames: Sequence[VolumeFrame]
    missing: int
    gaps: Sequence[Gap]
    spacing: Vector | None
    affine: Affine | None
    placed_by: str
    problems: Sequence[Json]
    apart: Sequence[str]
    form: PixelForm | None
    reason: str
    look: Greyscale
    values: ValueRange | None
    prepared: bool


def see_volume(porion: Porion, actor: Actor, image_id: str) -> VolumeView:
    """The volume of an image; an image that is none says why."""
    must(actor, Action.SEE_IMAGES)
    view = read_volume(porion, actor.clinic_id, image_id)
    show(porion, actor, "volume shown", ("image", image_id))
    return view


def read_volume(porion: Porion, clinic_id: str, image_id: str) -> VolumeView:
    """The same for Porion itself, shown to nobody."""
    with porion.store.read(clinic_id) as tx:
        image, place, instances = _held(tx, image_id)
        geometries = {one.instance: one for one in tx.imaging.geometries_of(image_id)}
    by_uid = {instance.sop_instance_uid: instance for instance in instances}
    order = _order(image, instances)
    first = by_uid[order[0][0]]
    with porion.archive.contents(clinic_id, first.digest) as data:
        header = read_header(data, habits=Habits(**image.source.get("habits", {})))
    if image.volume and not geometries:
        geometries = {one.instance: one for one in frame_geometries(header)}
    view = _view(image, place, [(by_uid[uid], number) for uid, number in order], geometries, header)
    slices = dict.fromkeys(frame.instance.digest for frame in view.frames)
    measured = porion.pixels.values([Held(clinic_id, digest) for digest in slices])
    if measured is None:
        return view
    return replace(view, values=ValueRange(*measured, "measured"), prepared=True)


def _held(tx: Transaction, image_id: str) -> tuple[ImageRow, tuple[str, str], Sequence[InstanceRow]]:
    image = tx.imaging.image(image_id)
    if image is None:
        raise NotFound(f"There is no image {image_id} in this clinic.")
    study, series = tx.imaging.study(image.study_id), tx.imaging.series(image.series_id)
    instances = tx.imaging.instances_of(image_id)
    if study is None or series is None or not instances:
        raise NotFound(f"Image {image.id} has lost its study.")
    return image, (study.study_instance_uid, series.series_instance_uid), instances


def _order(image: ImageRow, instances: Sequence[InstanceRow]) -> Sequence[tuple[str, int]]:
    """Instance and frame of each slice; of an image without a volume, its frames as they stand."""
    stated = image.volume["order"] if image.volume else []
    if not stated:
        return [(one.sop_instance_uid, n) for one in instances for n in range(1, one.frames + 1)]
    split = (name.partition("#") for name in stated)
    return [(uid, int(number or 1)) for uid, _, number in split]


class _Placing(NamedTuple):
    """Where the slices lie, and what that rests on."""

    places: tuple[int, ...]
    spacing: Vector | None
    affine: Affine | None
    basis: str


def _view(
    image: ImageRow,
    uids: tuple[str, str],
    order: Sequence[tuple[InstanceRow, int]],
    geometries: dict[str, SliceGeometry],
    header: Header,
) -> VolumeView:
    volume = image.volume or _NO_VOLUME
    placing = _placing(volume, header, order, geometries)
    form, reason = _form(header)
    return VolumeView(
        image=image,
        study_uid=uids[0],
        series_uid=uids[1],
        verdict=volume["verdict"],
        sentence=_sentence(volume, placing),
        frames=[VolumeFrame(*one, at) for one, at in zip(order, placing.places, strict=True)],
        missing=volume["missing"],
        gaps=list(gaps_in(placing.places)),
        spacing=placing.spacing,
        affine=placing.affine,
        placed_by=placing.basis,
        problems=volume["problems"],
        apart=volume["apart"],
        form=form,
        reason=reason,
        look=greyscale(header),
        values=_possible(form) if form else None,
        prepared=False,
    )


_NO_VOLUME: Json = {
    "verdict": "not-a-volume",
    "summary": "a single picture",
    "missing": 0,
    "normal": None,
    "spacing": None,
    "affine": None,
    "problems": [],
    "apart": [],
}


def _placing(
    volume: Json,
    header: Header,
    order: Sequence[tuple[InstanceRow, int]],
    geometries: dict[str, SliceGeometry],
) -> _Placing:
    in_a_row = tuple(range(len(order)))
    slices = [found for one in order if (found := _geometry(geometries, *one))]
    if volume["affine"] and len(slices) == len(order):
        places = places_of(slices, volume["normal"], volume["spacing"][2])
        return _Placing(places, volume["spacing"], volume["affine"], "positions")
    unplaced = len(slices) > 1 and not any(one.position for one in slices)
    assumed = assumed_stack(header, slices[0]) if unplaced else None
    if assumed is None:
        return _Placing(in_a_row, None, None, "nothing")
    return _Placing(in_a_row, assumed.spacing, assumed.affine, f"assumed from {assumed.basis}")


def _geometry(
    geometries: dict[str, SliceGeometry], instance: InstanceRow, number: int
) -> SliceGeometry | None:
    uid = instance.sop_instance_uid
    return geometries.get(f"{uid}#{number}") or geometries.get(uid)


def _form(header: Header) -> tuple[PixelForm | None, str]:
    try:
        return pixel_form(header), ""
    except NoPixels as error:
        return None, str(error)


def _possible(form: PixelForm) -> ValueRange:
    span = 1 << form.bits_stored
    least = -span // 2 if form.signed else 0
    return ValueRange(least, least + span - 1, "possible")


def _sentence(volume: Json, placing: _Placing) -> str:
    """Whether it is a volume, for a person."""
    summary: str = volume["summary"]
    match volume["verdict"]:
        case "complete":
            return f"complete: {summary}"
        case "incomplete":
            return summary if summary.startswith("incomplete") else f"incomplete: {summary}"
    if placing.spacing is None:
        return f"not a volume: {summary}"
    basis = placing.basis.rpartition(" ")[2]
    return f"not a volume: {summary}; shown as if {placing.spacing[2]:g} mm apart ({basis})"
