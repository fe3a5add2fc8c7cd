"""A PA cephalogram is nearly the same on both sides; the letter says which one is the right."""

from __future__ import annotations

import numpy as np

from porion.emulator.phantoms.anatomy import anatomy
from porion.emulator.phantoms.frontal import frontal

HEAD = anatomy(3, 15.0)


def test_it_is_the_same_every_time() -> None:
    grey = frontal(HEAD)
    assert grey.shape == (1150, 950)
    assert (grey == frontal(HEAD)).all()


def test_both_sides_resemble_each_other() -> None:
    grey = frontal(HEAD)[:1000].astype(float)
    assert np.corrcoef(grey.ravel(), grey[:, ::-1].ravel())[0, 1] > 0.9


def test_the_letter_lies_on_the_left_of_the_sheet_and_the_rods_on_both() -> None:
    grey = frontal(HEAD)
    low = grey[1000:1070]
    assert low[:, 20:80].max() > 2500 > low[:, -80:-20].max()
    assert grey[530:550, :20].mean() > 1200
    assert grey[530:550, -20:].mean() > 1200


def test_teeth_are_the_brightest_and_grow_with_the_years() -> None:
    grown, child = frontal(HEAD), frontal(anatomy(3, 8.0))
    assert grown[760:860, 380:570].mean() > 1.3 * grown[300:350, 380:570].mean()
    assert (grown != child).mean() > 0.5
