"""A lateral cephalogram looks to the right, has a scale, and a child's face is smaller."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from porion.emulator.phantoms.anatomy import anatomy
from porion.emulator.phantoms.lateral import PIXEL, lateral

HEAD = replace(anatomy(3, 30.0), chin=0.0, angle=0.0)


def at(x: float, y: float) -> tuple[slice, slice]:
    """A square of 2 mm, so many mm from the sella."""
    column, row = round((104.0 + x) / PIXEL), round((100.0 + y) / PIXEL)
    return slice(row - 5, row + 5), slice(column - 5, column + 5)


def test_it_is_the_same_every_time() -> None:
    grey = lateral(HEAD)
    assert grey.shape == (1180, 1060)
    assert (grey == lateral(HEAD)).all()


def test_the_face_is_on_the_right_with_a_ruler_before_it() -> None:
    grey = lateral(HEAD)
    nose, air, tooth, vault = (
        grey[at(*place)].mean() for place in ((90, 33), (100, 60), (60, 62), (-60, -60))
    )
    assert air < 60 < nose < vault < tooth
    assert grey[:, -60:].max() > 1300


def test_the_ear_rod_lies_on_the_porion() -> None:
    grey = lateral(HEAD)
    ring = grey[at(-22 * HEAD.size, 14 * HEAD.size)]
    assert ring.max() > 3300


def test_a_chin_that_lies_ahead_is_seen_there() -> None:
    before, behind = (lateral(replace(HEAD, chin=chin)).astype(int) for chin in (6.0, -6.0))
    assert before[at(66, 100)].mean() > behind[at(66, 100)].mean() + 500


def test_children_and_braces_differ_from_the_rest() -> None:
    grown, child = lateral(HEAD).astype(int), lateral(anatomy(3, 8.0)).astype(int)
    assert np.abs(grown - child).mean() > 100
    assert (lateral(replace(HEAD, braces=True)) > 3600).sum() > (grown > 3600).sum()
