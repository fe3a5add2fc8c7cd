"""A volume from below upwards: chin, teeth, palate, sinuses; air is dark and enamel bright."""

from __future__ import annotations

import numpy as np
import pytest

from porion.emulator.phantoms.anatomy import anatomy
from porion.emulator.phantoms.volume import LOWEST, SIZE, axial, spacing

STACK = np.stack(list(axial(anatomy(3, 30.0), 80)))


def height(z: float) -> int:
    """The slice at so many mm above the bite."""
    return round((z - LOWEST) / spacing(80))


def test_it_has_as_many_slices_as_asked_over_the_same_height() -> None:
    assert STACK.shape == (80, SIZE, SIZE)
    assert spacing(80) == pytest.approx(2 * spacing(160))


def test_it_is_the_same_every_time() -> None:
    assert (np.stack(list(axial(anatomy(3, 30.0), 80))) == STACK).all()


def test_nothing_lies_outside_of_the_round_field() -> None:
    assert not STACK[:, 0, 0].any()
    assert not STACK[:, -1, -1].any()


def test_enamel_is_at_the_bite_and_only_bone_at_the_chin() -> None:
    assert (STACK[height(1.0)] > 3300).sum() > 200
    assert (STACK[height(-35.0)] > 3300).sum() == 0
    assert (STACK[height(-35.0)] > 1900).sum() > 200


def test_the_airway_and_the_sinuses_are_dark() -> None:
    middle = SIZE // 2
    assert STACK[height(-10.0), middle + 52 : middle + 58, middle - 3 : middle + 3].mean() < 200
    for side in (-1, 1):
        column = middle + side * 42
        assert STACK[height(36.0), middle - 6 : middle, column - 3 : column + 3].mean() < 200


def test_a_childs_jaws_hold_teeth_that_have_not_come() -> None:
    child = np.stack(list(axial(anatomy(3, 8.5), 80)))
    assert (child[height(-17.0)] > 3300).sum() > (STACK[height(-17.0)] > 3300).sum()
