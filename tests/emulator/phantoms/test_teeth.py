"""A tooth as a radiograph shows it: enamel brighter than dentine, dentine than pulp, a gap in the bone."""

from __future__ import annotations

import pytest

from porion.emulator.phantoms.canvas import Canvas
from porion.emulator.phantoms.teeth import FORMS, Pose, draw

MIDDLE = 300  # the column and the row of (0, 0)


def drawn(form: str, angle: float = 0.0, grown: float = 1.0) -> Canvas:
    """A tooth whose neck is at (0, 0), in bone everywhere."""
    canvas = Canvas(60.0, 60.0, 0.1, (30.0, 30.0), 1)
    canvas.bone += 0.4
    draw(canvas, FORMS[form], Pose(0.0, 0.0, angle, grown=grown))
    return canvas


def mm(value: float) -> int:
    """The row or column at so many mm."""
    return MIDDLE + round(value * 10)


@pytest.mark.parametrize("form", ["U1", "U3", "L4", "L1"])
def test_enamel_is_brighter_than_dentine_and_dentine_than_pulp(form: str) -> None:
    teeth, shape = drawn(form).hard, FORMS[form]
    enamel = teeth[mm(-shape.crown + 0.9), MIDDLE]
    pulp = teeth[mm(2.0), MIDDLE]
    dentine = teeth[mm(2.0), MIDDLE : mm(shape.neck / 2)].max()
    assert enamel > 1.2 * dentine > 1.4 * pulp > 0


@pytest.mark.parametrize("form", FORMS)
def test_a_tooth_has_the_size_of_its_kind(form: str) -> None:
    teeth, shape = drawn(form).hard > 0.05, FORMS[form]
    rows, columns = teeth.any(axis=1).nonzero()[0], teeth.any(axis=0).nonzero()[0]
    assert (rows[-1] - rows[0]) / 10 == pytest.approx(shape.crown + shape.root, abs=1.2)
    reach = max(abs(end) + half for _, end, half in shape.roots)
    assert (columns[-1] - columns[0]) / 10 == pytest.approx(max(shape.width, 2 * reach), abs=2.5)


def test_molars_stand_on_roots_that_part() -> None:
    teeth = drawn("L6").hard
    between, mesial, distal = (teeth[mm(9.0), mm(x)] for x in (0.3, -2.7, 3.3))
    assert between < 0.05 < min(mesial, distal)


def test_an_upper_tooth_has_its_root_upwards() -> None:
    teeth = drawn("U1", angle=180).hard
    assert teeth[mm(-10.0), MIDDLE] > 0.2
    assert teeth[mm(12.0), MIDDLE] == 0


def test_a_growing_root_is_shorter_and_a_germ_has_none() -> None:
    whole, half, germ = (drawn("L5", grown=grown).hard.sum() for grown in (1.0, 0.5, 0.0))
    assert whole > half > germ > 0
    assert drawn("L5", grown=0.0).hard[mm(2.0) :].sum() == 0


def test_bone_gives_way_to_the_root_and_hardens_around_it() -> None:
    bone = drawn("U1").bone
    row = bone[mm(6.0), MIDDLE:]
    assert row.min() < 0.3
    assert row.max() > 0.45
    assert row[-1] == pytest.approx(0.4)


def test_a_tooth_beyond_the_sheet_leaves_it_as_it_was() -> None:
    canvas = Canvas(10.0, 10.0, 0.1, (5.0, 5.0), 1)
    draw(canvas, FORMS["U1"], Pose(100.0, 100.0, 0.0))
    assert not canvas.hard.any()
