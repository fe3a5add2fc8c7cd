"""A scale from a ruler."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.dicom.calibration import NoScale, Ruler, is_plausible, magnification, scale_by

SIZE = (1000, 2000)


def test_a_pixel_is_the_length_by_its_pixels() -> None:
    assert scale_by(Ruler((100, 100), (600, 100), 50), SIZE, None) == (0.1, 0.1)
    assert scale_by(Ruler((0, 0), (300, 400), 50), SIZE, None) == (0.1, 0.1)


def test_the_file_gives_the_shape_of_a_pixel_and_the_ruler_its_size() -> None:
    stated = (0.2, 0.1)
    assert scale_by(Ruler((0, 0), (500, 0), 40), SIZE, stated) == (0.16, 0.08)
    assert scale_by(Ruler((0, 0), (0, 500), 40), SIZE, stated) == (0.08, 0.04)


@given(
    st.tuples(st.floats(0, 900), st.floats(0, 900)),
    st.tuples(st.floats(0, 900), st.floats(0, 900)),
    st.floats(1, 200),
)
def test_the_ruler_measures_itself(start: tuple[float, float], end: tuple[float, float], mm: float) -> None:
    ruler = Ruler(start, end, mm)
    try:
        down, along = scale_by(ruler, SIZE, (0.2, 0.1))
    except NoScale:
        return
    x, y = (end[0] - start[0]) * along, (end[1] - start[1]) * down
    assert (x * x + y * y) ** 0.5 == pytest.approx(mm, rel=1e-3)


@pytest.mark.parametrize(
    ("ruler", "reason"),
    [
        (Ruler((0, 0), (9, 0), 5), "9 pixels long: 10 are needed"),
        (Ruler((0, 0), (2000, 0), 5), "2000/0 lies outside the frame of 2000 x 1000 pixels"),
        (Ruler((-1, 0), (100, 0), 5), "-1/0 lies outside"),
        (Ruler((0, 0), (100, 0), 900), "A pixel would be 9 mm"),
        (Ruler((0, 0), (1000, 0), 1), "A pixel would be 0.001 mm"),
    ],
)
def test_a_ruler_that_gives_no_scale_says_why(ruler: Ruler, reason: str) -> None:
    with pytest.raises(NoScale, match=reason):
        scale_by(ruler, SIZE, None)


def test_what_the_detector_would_have_to_magnify() -> None:
    assert magnification((0.1, 0.1), (0.08, 0.08)) == pytest.approx(1.25)
    assert magnification(None, (0.08, 0.08)) is None
    assert [is_plausible(factor) for factor in (None, 1.1, 0.5, 3.0)] == [True, True, False, False]
