"""Periapicals lie along or upright, crowns towards the bite; bitewings show both rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from porion.emulator.phantoms.anatomy import anatomy
from porion.emulator.phantoms.intra_oral import bitewing, periapical

HEAD = replace(anatomy(3, 30.0), fillings=0)


def test_back_teeth_lie_along_the_sensor_and_front_teeth_upright() -> None:
    assert periapical(HEAD, (47, 46, 45, 44)).shape == (750, 1000)
    assert periapical(HEAD, (12, 11, 21, 22)).shape == (1000, 750)


def test_crowns_of_lower_teeth_are_above_and_of_upper_teeth_below() -> None:
    lower, upper = periapical(HEAD, (47, 46, 45, 44)), periapical(HEAD, (24, 25, 26, 27))
    assert lower[100:250].max() > lower[600:].max() - 400
    assert lower[:60].mean() < lower[600:].mean()
    assert upper[-60:].mean() < upper[:150].mean()


def test_a_bitewing_shows_two_rows_and_the_gap_between() -> None:
    rows = bitewing(HEAD, "R").mean(axis=1)
    assert rows[375] < 0.75 * min(rows[200], rows[550])


def test_the_left_is_the_right_the_other_way_round() -> None:
    right, left = bitewing(HEAD, "R").astype(float), bitewing(HEAD, "L").astype(float)
    straight = np.corrcoef(right.ravel(), left.ravel())[0, 1]
    mirrored = np.corrcoef(right.ravel(), left[:, ::-1].ravel())[0, 1]
    assert mirrored > straight
    assert mirrored > 0.8


def test_fillings_are_metal() -> None:
    filled = replace(HEAD, fillings=8)
    for picture in (lambda head: bitewing(head, "R"), lambda head: periapical(head, (47, 46, 45, 44))):
        assert (picture(filled) > 3900).sum() > (picture(HEAD) > 3900).sum() + 5_000
