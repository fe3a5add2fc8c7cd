"""Where each slice of a volume stands, and how slices are taken to lie that do not say so themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from porion.dicom.elements import Elements, Header
    from porion.dicom.slices import SliceGeometry

Vector = tuple[float, float, float]
Affine = tuple[tuple[float, float, float, float], ...]

# mm: what dental units reconstruct lies well within.
_SMALLEST, _LARGEST = 0.01, 10.0
_FARTHEST = 1e6
_FLAT = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


class Gap(NamedTuple):
    """``missing`` places without a slice behind the slice of that index (from 0) in the order."""

    behind: int
    missing: int


@dataclass(frozen=True, slots=True)
class Stack:
    """How slices lie whose positions are missing: an assumption, and what it rests on."""

    spacing: Vector
    affine: Affine
    basis: str


def places_of(slices: Sequence[SliceGeometry], normal: Vector | None, step: float | None) -> tuple[int, ...]:
    """The place of each slice along the normal, the first one's 0; in their order where none is known."""
    if normal is None or not step or any(one.position is None for one in slices):
        return tuple(range(len(slices)))
    depths = np.array([one.position for one in slices], dtype=np.float64) @ np.array(normal)
    return tuple(int(place) for place in np.rint((depths - depths[0]) / step))


def gaps_in(places: Sequence[int]) -> Iterator[Gap]:
    """Where places are left out."""
    for index in range(len(places) - 1):
        missing = places[index + 1] - places[index] - 1
        if missing > 0:
            yield Gap(index, missing)


def assumed_stack(header: Header, first: SliceGeometry) -> Stack | None:
    """Slices without positions as their makers mean them: evenly behind each other, or None.

    Spacing Between Slices, else Slice Thickness: single-file volumes of dental units state nothing
    else. Position and orientation as far as they are stated, otherwise in no particular place.
    """
    basis, step = next(
        ((keyword, value) for keyword in _STEPS if (value := _plausible(header, keyword))), ("", 0.0)
    )
    if first.spacing is None or not step:
        return None
    row, column = np.reshape(np.array(first.orientation or _FLAT), (2, 3))
    normal = np.cross(row, column)
    corner = _position(header) or (0.0, 0.0, 0.0)
    axes = (row * first.spacing[1], column * first.spacing[0], normal * step, np.array(corner))
    lines = tuple((float(a), float(b), float(c), float(d)) for a, b, c, d in zip(*axes, strict=True))
    return Stack((*first.spacing, step), (*lines, (0.0, 0.0, 0.0, 1.0)), basis)


_STEPS = ("SpacingBetweenSlices", "SliceThickness")


def _plausible(header: Header, keyword: str) -> float | None:
    places = (header.data_set, *_measures(header))
    numbers = (place.number(keyword) for place in places)
    found = (abs(float(number)) for number in numbers if number is not None)
    return next((value for value in found if _SMALLEST <= value <= _LARGEST), None)


def _measures(header: Header) -> Iterator[Elements]:
    for group in header.items_of("SharedFunctionalGroupsSequence")[:1]:
        yield from group.items_of("PixelMeasuresSequence")[:1]


def _position(header: Header) -> Vector | None:
    match header.numbers("ImagePositionPatient"):
        case (x, y, z) if x is not None and y is not None and z is not None:
            found = float(x), float(y), float(z)
            return found if max(map(abs, found)) < _FARTHEST else None
    return None
