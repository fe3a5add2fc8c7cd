"""A volume's manifest as the API gives it."""

from typing import Annotated

from pydantic import Field

from porion.dicom.pixel_form import PixelForm
from porion.http.image_shapes import ProblemNote
from porion.http.shapes import Shape
from porion.services.pixel_ports import Pixels
from porion.services.volumes import VolumeView

NOT_HOUNSFIELD = "Grey values of a cone-beam scan are not Hounsfield units."


class SliceAnswer(Shape):
    """One slice, in order along the normal; ``place`` counts places, so that it leaps over a gap."""

    sop_instance_uid: str
    frame: int
    place: int
    url: Annotated[str, Field(description="The frame in DICOMweb (WADO-RS).")]


class GapAnswer(Shape):
    """``missing`` slices that should be there behind the slice of that index (from 0)."""

    behind: int
    missing: int


class ValueRangeAnswer(Shape):
    """Stored values, before slope and intercept; ``basis`` is measured or possible."""

    least: int
    most: int
    basis: str


class WindowAnswer(Shape):
    """A window that the file states, behind slope and intercept."""

    center: float
    width: float
    function: str


class VolumePixels(Shape):
    """How the frames are held, and how their values are to be taken."""

    rows: int
    columns: int
    bits_allocated: int
    bits_stored: int
    signed: bool
    samples: int
    photometric: str
    transfer_syntax: str
    slope: float
    intercept: float
    inverted: bool
    windows: list[WindowAnswer]
    values: ValueRangeAnswer


class VolumeManifest(Shape):
    """What a 3D viewer needs to place every frame, in one answer; ``verdict`` is for programs."""

    image_id: str
    study_id: str
    series_id: str
    verdict: str
    sentence: Annotated[str, Field(description="Whether it is a volume and complete, for people.")]
    slices: list[SliceAnswer]
    missing: int
    gaps: list[GapAnswer]
    spacing: Annotated[
        tuple[float, float, float] | None, Field(description="Mm between rows, columns and places.")
    ]
    affine: Annotated[
        list[list[float]] | None,
        Field(description="4 x 4: (column, row, place, 1) to mm in `coordinates` (PS3.3 C.7.6.2.1.1)."),
    ]
    coordinates: Annotated[str, Field(description="LPS: x to the patient's left, y to the back, z up.")]
    placed_by: Annotated[str, Field(description="What affine and spacing rest on: positions, or assumed.")]
    pixels: VolumePixels | None
    prepared: Annotated[bool, Field(description="Frames stand ready in HTJ2K; else native ones are quicker.")]
    transfer_syntaxes: Annotated[list[str], Field(description="Those that frames can be asked for in.")]
    values_are_hounsfield: bool
    values_note: str
    apart: Annotated[list[str], Field(description="Instances of the image that are no slice of it.")]
    problems: list[ProblemNote]


def volume_manifest(view: VolumeView, pixels: Pixels) -> VolumeManifest:
    """The manifest of a volume."""
    instances = f"/dicom-web/studies/{view.study_uid}/series/{view.series_uid}/instances"
    slices = [
        SliceAnswer(
            sop_instance_uid=one.instance.sop_instance_uid,
            frame=one.number,
            place=one.place,
            url=f"{instances}/{one.instance.sop_instance_uid}/frames/{one.number}",
        )
        for one in view.frames
    ]
    return VolumeManifest(
        image_id=view.image.id,
        study_id=view.study_uid,
        series_id=view.series_uid,
        verdict=view.verdict,
        sentence=view.sentence,
        slices=slices,
        missing=view.missing,
        gaps=[GapAnswer.model_validate(gap) for gap in view.gaps],
        spacing=view.spacing,
        affine=[list(line) for line in view.affine] if view.affine else None,
        coordinates="LPS",
        placed_by=view.placed_by,
        pixels=_pixels(view),
        prepared=view.prepared,
        transfer_syntaxes=list(pixels.offered()),
        values_are_hounsfield=False,
        values_note=NOT_HOUNSFIELD,
        apart=list(view.apart),
        problems=_problems(view),
    )


def _problems(view: VolumeView) -> list[ProblemNote]:
    unreadable = [ProblemNote(tag="(7FE0,0010)", reason=view.reason)] if view.reason else []
    return [*(ProblemNote.model_validate(problem) for problem in view.problems), *unreadable]


_OF_FORM = tuple(VolumePixels.model_fields.keys() & set(PixelForm.__dataclass_fields__))
_OF_LOOK = ("slope", "intercept", "inverted")


def _pixels(view: VolumeView) -> VolumePixels | None:
    form, look = view.form, view.look
    if form is None:
        return None
    said = {
        **{name: getattr(form, name) for name in _OF_FORM},
        **{name: getattr(look, name) for name in _OF_LOOK},
    }
    return VolumePixels.model_validate({**said, "windows": list(look.windows), "values": view.values})
