"""The scale of a radiograph from something of known length in it (PS3.3 section 10.7, FIDUCIAL)."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot

Spacing = tuple[float, float]

# Shorter than this, the click itself is too large a part of the length.
SHORTEST = 10.0
_SMALLEST, _LARGEST = 0.005, 2.0
# What units of a clinic magnify, with room for a ruler that is not held in the patient's plane.
_LEAST, _MOST = 0.9, 2.0


class NoScale(Exception):
    """The ruler gives no usable scale; the message says why."""


@dataclass(frozen=True, slots=True)
class Ruler:
    """Two points of a frame in pixels (x to the right, y down, 0/0 the middle of the first pixel), and mm."""

    start: tuple[float, float]
    end: tuple[float, float]
    mm: float

    @property
    def pixels(self) -> float:
        """How long it is in pixels."""
        return hypot(self.end[0] - self.start[0], self.end[1] - self.start[1])


def scale_by(ruler: Ruler, size: tuple[int, int], stated: Spacing | None) -> Spacing:
    """Mm between rows and between columns by a ruler in a frame of ``size`` (rows, columns).

    What the file states (``stated``) gives the shape of a pixel, the ruler its size. NoScale when the ruler
    lies outside the frame, is too short, or would make pixels as no X-ray has them.
    """
    _must_lie_within(ruler, size)
    if ruler.pixels < SHORTEST:
        raise NoScale(f"The ruler is {ruler.pixels:.3g} pixels long: {SHORTEST:g} are needed at the least.")
    down, along = stated or (1.0, 1.0)
    length = hypot((ruler.end[0] - ruler.start[0]) * along, (ruler.end[1] - ruler.start[1]) * down)
    found = (down * ruler.mm / length, along * ruler.mm / length)
    if not all(_SMALLEST <= value <= _LARGEST for value in found):
        raise NoScale(f"A pixel would be {max(found):.3g} mm: {_SMALLEST} to {_LARGEST} mm are plausible.")
    return round(found[0], 6), round(found[1], 6)


def magnification(stated: Spacing | None, found: Spacing) -> float | None:
    """By how much the detector's spacing would be too large for the ruler's plane."""
    return stated[0] / found[0] if stated else None


def is_plausible(factor: float | None) -> bool:
    """Whether a unit magnifies so; nothing to compare with is plausible."""
    return factor is None or _LEAST <= factor <= _MOST


def _must_lie_within(ruler: Ruler, size: tuple[int, int]) -> None:
    rows, columns = size
    for x, y in (ruler.start, ruler.end):
        if not (-0.5 <= x <= columns - 0.5 and -0.5 <= y <= rows - 0.5):
            raise NoScale(f"The point {x:g}/{y:g} lies outside the frame of {columns} x {rows} pixels.")
