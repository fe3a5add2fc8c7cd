"""Shapes on a sheet: where they lie, how dense they are, and what a detector makes of them."""

from __future__ import annotations

import numpy as np
import pytest

from porion.emulator.phantoms.canvas import (
    WHITE,
    Canvas,
    ball,
    blurred,
    carve,
    curve,
    developed,
    fill,
    inside,
    moved,
    stroke,
)

SQUARE = np.array([(-5.0, -5.0), (5.0, -5.0), (5.0, 5.0), (-5.0, 5.0)])


def a_canvas(seed: int = 1) -> Canvas:
    """40 by 30 mm, the place (0, 0) in its middle."""
    return Canvas(40.0, 30.0, 0.25, (20.0, 15.0), seed)


def test_places_are_millimetres_from_the_origin() -> None:
    canvas = a_canvas()
    patch = canvas.patch((-1.0, -2.0), (1.0, 2.0))
    assert canvas.bone[patch.at].shape == (16, 8)
    assert float(patch.x.mean()) == pytest.approx(0)
    assert float(patch.y.min()) == pytest.approx(-1.875)


def test_what_lies_beyond_the_sheet_is_cut_off() -> None:
    canvas = a_canvas()
    assert canvas.bone[canvas.patch((15.0, 0.0), (99.0, 1.0)).at].shape == (4, 20)
    far = SQUARE + 100
    fill(canvas, canvas.bone, far, 1.0)
    stroke(canvas, canvas.bone, far, 1.0, width=1.0)
    ball(canvas, canvas.bone, (100.0, 100.0), (2.0, 2.0), 1.0)
    assert not canvas.bone.any()


def test_a_curve_goes_through_its_points() -> None:
    line = curve([(0, 0), (10, 0), (10, 10)], closed=False)
    assert all(np.isclose(line, point).all(axis=1).any() for point in [(0, 0), (10, 0), (10, 10)])
    around = curve(SQUARE)
    assert len(around) == 48
    assert np.allclose(moved(around, 3, -1).mean(axis=0), (3, -1))


def test_the_area_inside_an_outline_is_its_area() -> None:
    canvas = a_canvas()
    assert inside(canvas.around(SQUARE, 5.0), SQUARE).sum() * 0.25**2 == pytest.approx(100, rel=0.02)


def test_a_blur_keeps_the_sum_and_spreads_as_far_as_it_says() -> None:
    dot = np.zeros((81, 81), np.float32)
    dot[40, 40] = 1
    soft = blurred(dot, 6)
    assert soft.sum() == pytest.approx(1, abs=1e-3)
    spread = np.sqrt((soft.sum(axis=0) * (np.arange(81) - 40) ** 2).sum())
    assert spread == pytest.approx(6, rel=0.15)
    assert blurred(dot, 0.2) is dot


def test_a_body_is_as_dense_as_asked_and_its_rim_denser() -> None:
    canvas = a_canvas()
    fill(canvas, canvas.bone, SQUARE, 0.5, edge=0.5)
    assert canvas.bone[60, 80] == pytest.approx(0.5)
    assert canvas.bone[2, 2] == 0
    rimmed = a_canvas()
    fill(rimmed, rimmed.bone, SQUARE, 0.5, edge=0.5, rim=0.3)
    assert rimmed.bone.max() > 0.6
    assert rimmed.bone[60, 80] == pytest.approx(0.5)


def test_a_cavity_takes_its_share_away() -> None:
    canvas = a_canvas()
    canvas.bone += 1
    carve(canvas, canvas.bone, SQUARE, 0.4)
    assert canvas.bone[60, 80] == pytest.approx(0.6)
    assert canvas.bone[2, 2] == pytest.approx(1)


def test_a_line_is_brightest_along_its_middle() -> None:
    canvas = a_canvas()
    stroke(canvas, canvas.bone, np.array([(-10.0, 0.1), (10.0, 0.1)]), 0.8, width=2.4)
    profile = canvas.bone[:, 80]
    assert profile.argmax() == 60
    assert profile.max() == pytest.approx(0.8, rel=0.15)
    assert profile[48] < 0.05


def test_a_ball_is_thickest_in_its_middle_and_can_be_turned() -> None:
    canvas = a_canvas()
    ball(canvas, canvas.bone, (0.0, 0.0), (8.0, 2.0), 1.0, turned=90)
    assert canvas.bone[60, 80] == pytest.approx(1, abs=0.02)
    assert canvas.bone[40, 80] > 0.5
    assert canvas.bone[60, 100] == 0


def test_the_picture_has_twelve_bits_and_shows_bone_bright() -> None:
    canvas = a_canvas()
    fill(canvas, canvas.bone, SQUARE, 1.0)
    ball(canvas, canvas.hard, (15.0, 10.0), (2.0, 2.0), 50.0)
    grey = developed(canvas, noise=0.02)
    assert grey.dtype == np.uint16
    assert grey.max() == WHITE
    assert grey[60, 80] > 2000 > grey[5, 5]


def test_noise_and_mottle_come_from_the_seed() -> None:
    first, again, other = (developed(a_canvas(seed), noise=0.02) for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()
    grain = a_canvas().grain(0.5)
    assert grain.std() == pytest.approx(1, rel=1e-3)
