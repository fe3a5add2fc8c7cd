"""Places along a volume, and slices that do not say where they lie."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from porion.dicom.header import read_header
from porion.dicom.places import Gap, Stack, assumed_stack, gaps_in, places_of
from porion.dicom.slices import SliceGeometry, frame_geometries, slice_geometry
from tests.builders import a_cbct_series, a_cbct_slice, an_enhanced_ct, data_set, file_bytes

Z = (0.0, 0.0, 1.0)


def geometries(*numbers: int) -> list[SliceGeometry]:
    return [slice_geometry(read_header(file_bytes(a_cbct_slice(n)))) for n in numbers]


def stack(**overrides: Any) -> Stack | None:
    header = read_header(file_bytes(an_enhanced_ct(PerFrameFunctionalGroupsSequence=[], **overrides)))
    return assumed_stack(header, frame_geometries(header)[0])


def test_places_leap_over_gaps() -> None:
    places = places_of(geometries(1, 2, 5, 6, 8), Z, 0.3)
    assert places == (0, 1, 4, 5, 7)
    assert list(gaps_in(places)) == [Gap(1, 2), Gap(3, 1)]


def test_places_follow_the_normal_whatever_it_is() -> None:
    slanted = tuple(np.array([0.0, 1.0, 1.0]) / np.sqrt(2))
    assert places_of(geometries(1, 2, 3), slanted, 0.3 / np.sqrt(2)) == (0, 1, 2)


@pytest.mark.parametrize(("normal", "step"), [(None, 0.3), (Z, None), (Z, 0.0)])
def test_without_a_step_slices_follow_each_other(normal: Any, step: float | None) -> None:
    assert places_of(geometries(1, 2, 5), normal, step) == (0, 1, 2)


def test_no_gap_where_none_is() -> None:
    assert list(gaps_in(places_of(geometries(*range(1, 6)), Z, 0.3))) == []
    assert len(a_cbct_series(2)) == 2


def test_frames_without_positions_are_taken_to_lie_evenly() -> None:
    found = stack(SpacingBetweenSlices="0.25")
    assert found == Stack(
        (0.3, 0.3, 0.25),
        ((0.3, 0.0, 0.0, 0.0), (0.0, 0.3, 0.0, 0.0), (0.0, 0.0, 0.25, 0.0), (0.0, 0.0, 0.0, 1.0)),
        "SpacingBetweenSlices",
    )


def test_the_thickness_is_the_second_choice_and_may_be_in_a_functional_group() -> None:
    found = stack()
    assert found is not None
    assert (found.spacing, found.basis) == ((0.3, 0.3, 0.3), "SliceThickness")


def test_stated_position_and_orientation_are_kept() -> None:
    plain = a_cbct_slice(
        1,
        NumberOfFrames=3,
        ImagePositionPatient=["1", "2", "3"],
        ImageOrientationPatient=["0", "1", "0", "0", "0", "-1"],
        SliceThickness="0.2",
    )
    header = read_header(file_bytes(plain))
    found = assumed_stack(header, frame_geometries(header)[0])
    assert found is not None
    assert np.allclose(found.affine, [[0, 0, -0.2, 1], [0.3, 0, 0, 2], [0, -0.3, 0, 3], [0, 0, 0, 1]])


@pytest.mark.parametrize("thickness", ["0", "500", "1E-5"])
def test_nothing_is_assumed_from_nonsense(thickness: str) -> None:
    shared = data_set(PixelMeasuresSequence=[data_set(PixelSpacing=["0.3", "0.3"], SliceThickness=thickness)])
    assert stack(SharedFunctionalGroupsSequence=[shared]) is None


def test_nothing_is_assumed_without_a_pixel_spacing() -> None:
    shared = data_set(PixelMeasuresSequence=[data_set(SliceThickness="0.3")])
    assert stack(SharedFunctionalGroupsSequence=[shared]) is None
