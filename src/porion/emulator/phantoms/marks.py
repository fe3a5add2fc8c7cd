"""Lead letters that a technician lays beside a patient."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from porion.emulator.phantoms.canvas import curve, stroke

if TYPE_CHECKING:
    from porion.emulator.phantoms.canvas import Canvas

# Strokes in a box of 5 by 8 mm.
_LETTERS: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "L": (((0, 0), (0, 8)), ((0, 8), (4.5, 8))),
    "R": (((0, 0), (0, 8)), ((0, 0), (2.6, 0), (4.6, 1), (4.6, 3), (2.6, 4), (0, 4)), ((2, 4), (4.8, 8))),
}


def letter(canvas: Canvas, name: str, at: tuple[float, float]) -> None:
    """Lay a letter with its upper left corner there."""
    for line in _LETTERS[name]:
        stroke(canvas, canvas.hard, curve(np.array(line) + at, closed=False), 1.5, width=1.3)


def ruler(canvas: Canvas, at: tuple[float, float], length: int) -> None:
    """Hang a steel ruler there, a mark every 5 mm and longer ones every 10 mm."""
    x, y = at
    stroke(canvas, canvas.hard, np.array([(x, y), (x, y + length)]), 0.5, width=0.7)
    for down in range(0, length + 1, 5):
        reach = 5.0 if down % 10 == 0 else 3.0
        stroke(canvas, canvas.hard, np.array([(x - reach, y + down), (x, y + down)]), 0.9, width=0.6)
