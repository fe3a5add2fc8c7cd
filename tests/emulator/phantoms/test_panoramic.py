"""A panoramic shows both jaws of its person, and what was done to the teeth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from porion.emulator.phantoms.anatomy import Anatomy, anatomy
from porion.emulator.phantoms.panoramic import HEIGHT, WIDTH, panoramic

GIRL = replace(anatomy(3, 14.0), braces=False)
PIXEL = WIDTH / 1404


def brightness(head: Anatomy, left: float, top: float, right: float, bottom: float) -> float:
    """The mean grey value between two corners, in mm from the upper left one."""
    grey = panoramic(head)
    columns = slice(round(left / PIXEL), round(right / PIXEL))
    return float(grey[round(top / PIXEL) : round(bottom / PIXEL), columns].mean())


def test_it_is_twice_as_wide_as_high_and_the_same_every_time() -> None:
    grey = panoramic(GIRL)
    assert grey.shape == (round(HEIGHT / PIXEL), 1404) == (750, 1404)
    assert (grey == panoramic(GIRL)).all()


def test_nobodys_jaws_are_anybody_elses() -> None:
    first, other = (panoramic(anatomy(seed, 14.0)).astype(int) for seed in (1, 2))
    assert np.abs(first - other).mean() > 100


def test_teeth_are_brighter_than_bone_and_bone_than_the_room() -> None:
    teeth = brightness(GIRL, 120, 68, 142, 76)
    bone = brightness(GIRL, 120, 112, 142, 118)
    room = brightness(GIRL, 30, 130, 40, 138)
    assert teeth > 1.15 * bone > 2 * room


def test_braces_and_fillings_are_metal() -> None:
    plain, braced, filled = (
        (panoramic(one) > 3700).sum()
        for one in (replace(GIRL, fillings=0), replace(GIRL, braces=True), replace(GIRL, fillings=8))
    )
    assert braced > plain + 2_000
    assert filled > plain + 2_000
