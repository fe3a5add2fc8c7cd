"""How many millimetres a pixel covers, and in which plane that holds (PS3.3 sections 10.7 and C.8.11)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Literal

from pydicom.uid import (
    XRay3DCraniofacialImageStorage,
)

from porion.dicom.kinds import CT_CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from porion.dicom.elements import Elements, Header

Basis = Literal["calibrated", "corrected", "detector", "none"]
Spacing = tuple[Decimal, Decimal]

_VOLUMES = CT_CLASSES | {XRay3DCraniofacialImageStorage}
# PS3.3 section 10.7.1.3: FIDUCIAL was measured on an object in the image, GEOMETRY was computed.
_CALIBRATIONS: dict[str, Basis] = {"FIDUCIAL": "calibrated", "GEOMETRY": "corrected"}
_STATED = ("PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing")
_SMALLEST, _LARGEST = Decimal("0.0001"), Decimal(1000)
_LARGEST_MAGNIFICATION = Decimal(10)
_SIX_DIGITS = Context(prec=6)


@dataclass(frozen=True, slots=True)
class PixelScale:
    """Millimetres between pixel centres (down the rows, along the columns), and what they rest on.

    ``calibrated``: measured in the patient's plane, or a volume's own grid. ``corrected``: computed
    for the patient's plane. ``detector``: in the plane of the detector or film, magnification
    unknown. ``none``: no usable value; ``mm`` is None. ``reason`` says why, for a person.
    """

    mm: Spacing | None
    basis: Basis
    reason: str


def pixel_scale(header: Header) -> PixelScale:
    """Read the scale of an image; never a guess, ``none`` with a reason where nothing usable is stated."""
    if header.text("SOPClassUID") in _VOLUMES:
        return _of_volume(header) or _none(header)
    return _of_radiograph(header) or _of_detector(header) or _none(header)


def _of_volume(header: Header) -> PixelScale | None:
    for elements in (header.data_set, *_pixel_measures(header)):
        spacing = _spacing(elements, "PixelSpacing")
        if spacing:
            return PixelScale(spacing, "calibrated", "PixelSpacing of a reconstructed volume")
    return None


def _of_radiograph(header: Header) -> PixelScale | None:
    spacing = _spacing(header.data_set, "PixelSpacing")
    if spacing is None:
        return None
    calibration = (header.text("PixelSpacingCalibrationType") or "").upper()
    if calibration in _CALIBRATIONS:
        return PixelScale(
            spacing, _CALIBRATIONS[calibration], f"PixelSpacingCalibrationType is {calibration}"
        )
    imager = _spacing(header.data_set, "ImagerPixelSpacing")
    if imager is None:
        return PixelScale(spacing, "detector", "PixelSpacing alone: nothing says that it was corrected")
    if imager == spacing:
        return PixelScale(spacing, "detector", "PixelSpacing equals ImagerPixelSpacing")
    return PixelScale(spacing, "corrected", "PixelSpacing differs from ImagerPixelSpacing")


def _of_detector(header: Header) -> PixelScale | None:
    imager = _spacing(header.data_set, "ImagerPixelSpacing")
    if imager is None:
        scanned = _spacing(header.data_set, "NominalScannedPixelSpacing")
        return (
            PixelScale(scanned, "detector", "NominalScannedPixelSpacing of a scanned film")
            if scanned
            else None
        )
    factor = header.number("EstimatedRadiographicMagnificationFactor")
    if factor is None or not 1 < factor <= _LARGEST_MAGNIFICATION:
        return PixelScale(imager, "detector", "ImagerPixelSpacing without a magnification factor")
    down, along = (_SIX_DIGITS.divide(value, factor) for value in imager)
    return PixelScale(
        (down, along), "corrected", f"ImagerPixelSpacing divided by a magnification of {factor}"
    )


def _none(header: Header) -> PixelScale:
    present = [keyword for keyword in _STATED if header.texts(keyword)]
    if present:
        return PixelScale(None, "none", f"{present[0]} is not two positive numbers")
    if header.texts("PixelAspectRatio"):
        return PixelScale(None, "none", "only PixelAspectRatio, which has no unit")
    return PixelScale(None, "none", "no spacing is stated")


def _pixel_measures(header: Header) -> Iterator[Elements]:
    """PixelMeasuresSequence of the shared functional groups, then of the first frame (PS3.3 C.7.6.16.2.1)."""
    shared = header.items_of("SharedFunctionalGroupsSequence")
    for group in (*shared, *header.items_of("PerFrameFunctionalGroupsSequence")[:1]):
        yield from group.items_of("PixelMeasuresSequence")


def _spacing(elements: Elements, keyword: str) -> Spacing | None:
    """Two plausible numbers of millimetres, or None."""
    match elements.numbers(keyword):
        case (Decimal() as down, Decimal() as along) if all(
            _SMALLEST <= value <= _LARGEST for value in (down, along)
        ):
            return down, along
    return None
