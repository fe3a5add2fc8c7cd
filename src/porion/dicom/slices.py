"""The geometry of one slice or frame as its header states it (PS3.3 C.7.6.2 and C.7.6.16.2.3)."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

from pydicom.uid import (
    CTImageStorage,
    MRImageStorage,
    PositronEmissionTomographyImageStorage,
    UID_dictionary,
)

if TYPE_CHECKING:
    from porion.dicom.elements import Elements, Header

_SLICE_CLASSES = frozenset({CTImageStorage, MRImageStorage, PositronEmissionTomographyImageStorage})
_SLICE_MODALITIES = frozenset({"CT", "MR", "PT"})

# Number of Frames is a claim: beyond this it needs functional groups to prove it.
_MOST_FRAMES = 65_536
# mm: farther than any patient's coordinates; keeps broken numbers out of the arithmetic.
_FARTHEST = 1e6

_SHARED, _PER_FRAME = "SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence"


@dataclass(frozen=True, slots=True)
class SliceGeometry:
    """Where one slice lies; what is missing or unreadable is None.

    ``position`` is in mm, ``orientation`` the direction cosines of a row, then of a column, and
    ``spacing`` the mm between rows, then between columns.
    ``instance`` is the SOP Instance UID; a frame adds ``#`` and its number, counted from 1.
    """

    instance: str
    instance_number: int | None
    rows: int
    columns: int
    position: tuple[float, float, float] | None
    orientation: tuple[float, float, float, float, float, float] | None
    spacing: tuple[float, float] | None
    frame_of_reference: str | None
    image_type: tuple[str, ...]


def is_volume_slice(header: Header) -> bool:
    """Whether the object is one slice of a volume that its series makes.

    A multi-frame object is a volume of its own; localizers and colour screen shots are none. A maker's
    own SOP class is judged by its Modality.
    """
    sop_class = header.text("SOPClassUID") or ""
    if sop_class in UID_dictionary:
        sliced = sop_class in _SLICE_CLASSES
    else:
        sliced = header.text("Modality") in _SLICE_MODALITIES
    single = (header.integer("NumberOfFrames") or 1) <= 1 and (header.integer("SamplesPerPixel") or 1) == 1
    return sliced and single and "LOCALIZER" not in header.texts("ImageType")


def slice_geometry(header: Header) -> SliceGeometry:
    """The geometry of a single-frame image."""
    instance = header.text("SOPInstanceUID") or ""
    data_set = header.data_set
    return _geometry(header, instance, header.integer("InstanceNumber"), [data_set], [data_set])


def frame_geometries(header: Header) -> tuple[SliceGeometry, ...]:
    """The geometry of each frame: from its functional groups, else from the shared ones.

    What the data set itself says holds for all frames, but for Image Position: without functional
    groups (a plain CT image with many frames) no frame has a position.
    """
    groups = header.items_of(_PER_FRAME)
    claimed = header.integer("NumberOfFrames") or 1
    count = max(1, len(groups), min(claimed, _MOST_FRAMES))
    if count == 1 and not groups:
        return (slice_geometry(header),)
    shared = list(header.items_of(_SHARED)[:1])
    uid = header.text("SOPInstanceUID") or ""
    frames = [[group, *shared] for group in groups] + [shared] * (count - len(groups))
    return tuple(
        _geometry(header, f"{uid}#{number}", number, [*places, header.data_set], places)
        for number, places in enumerate(frames, 1)
    )


def _geometry(
    header: Header, instance: str, number: int | None, anywhere: list[Elements], position_in: list[Elements]
) -> SliceGeometry:
    position = _first(position_in, "PlanePositionSequence", "ImagePositionPatient", 3)
    orientation = _first(anywhere, "PlaneOrientationSequence", "ImageOrientationPatient", 6)
    spacing = _first(anywhere, "PixelMeasuresSequence", "PixelSpacing", 2)
    return SliceGeometry(
        instance=instance,
        instance_number=number,
        rows=header.integer("Rows") or 0,
        columns=header.integer("Columns") or 0,
        position=(position[0], position[1], position[2]) if position else None,
        orientation=_six(orientation) if orientation else None,
        spacing=(spacing[0], spacing[1]) if spacing and min(spacing) > 0 else None,
        frame_of_reference=header.text("FrameOfReferenceUID"),
        image_type=header.texts("ImageType"),
    )


def _six(numbers: tuple[float, ...]) -> tuple[float, float, float, float, float, float]:
    a, b, c, d, e, f = numbers
    return a, b, c, d, e, f


def _first(places: list[Elements], sequence: str, keyword: str, length: int) -> tuple[float, ...] | None:
    """The attribute in the macro's sequence of the nearest place that has it, or in the place itself."""
    for place in places:
        for elements in (*place.items_of(sequence)[:1], place):
            found = _floats(elements, keyword, length)
            if found:
                return found
    return None


def _floats(elements: Elements, keyword: str, length: int) -> tuple[float, ...] | None:
    numbers = tuple(float(number) for number in elements.numbers(keyword) if number is not None)
    sound = len(numbers) == length and all(isfinite(n) and abs(n) < _FARTHEST for n in numbers)
    return numbers if sound else None
