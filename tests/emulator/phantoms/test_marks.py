"""Lead letters and a ruler lie where they are put."""

from __future__ import annotations

import numpy as np

from porion.emulator.phantoms.canvas import Canvas
from porion.emulator.phantoms.marks import letter, ruler


def a_canvas() -> Canvas:
    """30 mm by 30 mm."""
    return Canvas(30.0, 30.0, 0.1, (0.0, 0.0), 1)


def test_letters_are_told_apart() -> None:
    right, left = a_canvas(), a_canvas()
    letter(right, "R", (5.0, 5.0))
    letter(left, "L", (5.0, 5.0))
    assert right.hard[70, 96] > 0.5 > left.hard[70, 96]
    assert left.hard[130, 85] > 0.5


def test_a_ruler_has_a_mark_every_five_millimetres() -> None:
    canvas = a_canvas()
    ruler(canvas, (20.0, 4.0), 20)
    marks = canvas.hard[:, 185] > 0.4
    assert np.flatnonzero(np.diff(marks.astype(int)) > 0).size == 5
    long_marks = canvas.hard[:, 160] > 0.4
    assert np.flatnonzero(np.diff(long_marks.astype(int)) > 0).size == 3
