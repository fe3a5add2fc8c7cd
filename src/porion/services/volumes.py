"""A volume as a viewer needs it: which frame goes where, how large a voxel is, and whether all are there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from porion.clinic.permissions import Action, Actor
from porion.dicom.greyscale import Greyscale, greyscale
from porion.dicom.habits import Habits
from porion.dicom.header import read_header
from porion.dicom.pixel_form import NoPixels, PixelForm, pixel_form
from porion.dicom.places import Affine, Gap, Stack, Vector, assumed_stack, gaps_in, places_of
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


def _view(
    image: ImageRow,
    place: tuple[str, str],
    order: Sequence[tuple[InstanceRow, int]],
    geometries: dict[str, SliceGeometry],
    header: Header,
) -> VolumeView:
    volume = image.volume or {}
    slices = [found for one in order if (found := _geometry(geometries, *one))]
    normal, spacing = volume.get("normal"), volume.get("spacing")
    places = places_of(slices, normal, spacing[2] if spacing else None)
    if len(places) < len(order):
        places = tuple(range(len(order)))
    assumed = assumed_stack(header, slices[0]) if slices and not spacing else None
    form, reason = _form(header)
    return VolumeView(
        image=image,
        study_uid=place[0],
        series_uid=place[1],
        verdict=volume.get("verdict", "not-a-volume"),
        sentence=_sentence(image, assumed),
        frames=[VolumeFrame(*one, at) for one, at in zip(order, places, strict=True)],
        missing=volume.get("missing", 0),
        gaps=list(gaps_in(places)),
        spacing=spacing or (assumed.spacing if assumed else None),
        affine=volume.get("affine") or (assumed.affine if assumed else None),
        placed_by=_placed_by(volume, assumed),
        problems=volume.get("problems", []),
        apart=volume.get("apart", []),
        form=form,
        reason=reason,
        look=greyscale(header),
        values=_possible(form) if form else None,
        prepared=False,
    )


def _geometry(
    geometries: dict[str, SliceGeometry], instance: InstanceRow, number: int
) -> SliceGeometry | None:
    uid = instance.sop_instance_uid
    return geometries.get(f"{uid}#{number}") or geometries.get(uid)


def _placed_by(volume: Json, assumed: Stack | None) -> str:
    if volume.get("affine"):
        return "positions"
    return f"assumed from {assumed.basis}" if assumed else "nothing"


def _form(header: Header) -> tuple[PixelForm | None, str]:
    try:
        return pixel_form(header), ""
    except NoPixels as error:
        return None, str(error)


def _possible(form: PixelForm) -> ValueRange:
    span = 1 << form.bits_stored
    return (
        ValueRange(-span // 2, span // 2 - 1, "possible")
        if form.signed
        else ValueRange(0, span - 1, "possible")
    )


def _sentence(image: ImageRow, assumed: Stack | None) -> str:
    """Whether it is a volume, for a person."""
    if image.volume is None:
        return "not a volume: a single picture"
    summary: str = image.volume["summary"]
    match image.volume["verdict"]:
        case "complete":
            return f"complete: {summary}"
        case "incomplete":
            return summary if summary.startswith("incomplete") else f"incomplete: {summary}"
    if assumed is None:
        return f"not a volume: {summary}"
    return f"not a volume: {summary}; shown as if {assumed.spacing[2]:g} mm apart ({assumed.basis})"
