"""Slices in any order become one volume, and everything wrong with it is said."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.dicom.header import read_header
from porion.dicom.volume import SliceGeometry, Volume, assemble, frame_geometries, slice_geometry
from tests.builders import a_cbct_series, a_cbct_slice, an_enhanced_ct, file_bytes

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


def a_slice(number: int, place: float, **changes: Any) -> SliceGeometry:
    """Slice ``number`` at ``place`` mm, axial, 0.3 mm in the plane."""
    made = SliceGeometry(
        f"slice-{number:04}", number, 8, 8, (0.0, 0.0, place), AXIAL, (0.3, 0.3), "frame", ("ORIGINAL",)
    )
    return replace(made, **changes)


def a_stack(count: int, step: float = 0.3, without: Sequence[int] = ()) -> list[SliceGeometry]:
    return [a_slice(n, n * step) for n in range(count) if n not in without]


def reasons(volume: Volume) -> str:
    return "; ".join(problem.reason for problem in volume.problems)


def test_a_cone_beam_series_is_a_complete_volume() -> None:
    series = [slice_geometry(read_header(file_bytes(made))) for made in a_cbct_series(400)]
    volume = assemble(series[::-1])
    assert volume.order == tuple(one.instance for one in series)
    assert (volume.verdict, volume.summary, volume.missing) == ("complete", "400 slices, 0.3 mm", 0)
    assert (volume.spacing, volume.normal) == ((0.3, 0.3, 0.3), (0.0, 0.0, 1.0))
    assert (volume.problems, volume.apart) == ((), ())


@given(st.data())
def test_the_order_of_arrival_changes_nothing(data: st.DataObject) -> None:
    tilt = data.draw(st.floats(-1, 1))
    orientation = (math.cos(tilt), math.sin(tilt), 0.0, 0.0, 0.0, -1.0)
    stack = [replace(one, orientation=orientation, position=(n * tilt, n * 0.4, 1 / (n + 1)))
             for n, one in enumerate(a_stack(9, without=[4]))]  # fmt: skip
    odd = [
        a_slice(20, 0.6),
        a_slice(21, 0.0, position=None),
        a_slice(22, 0, image_type=("ORIGINAL", "PRIMARY", "LOCALIZER")),
    ]
    slices = [*stack, *odd, *stack[:2]]
    assert assemble(data.draw(st.permutations(slices))) == assemble(slices)


def test_positions_go_before_instance_numbers() -> None:
    backwards = [a_slice(9 - n, n * 0.3) for n in range(10)]
    assert assemble(backwards).order == tuple(f"slice-{9 - n:04}" for n in range(10))


def test_slice_thickness_does_not_say_how_far_slices_are_apart() -> None:
    series = [a_cbct_slice(n, spacing=1.5, SliceThickness="2.0") for n in range(20)]
    volume = assemble([slice_geometry(read_header(file_bytes(made))) for made in series])
    assert (volume.spacing, volume.summary) == ((0.3, 0.3, 1.5), "20 slices, 1.5 mm")


def test_the_affine_takes_a_voxel_to_its_place_in_the_patient() -> None:
    coronal = (1.0, 0.0, 0.0, 0.0, 0.0, -1.0)
    slices = [
        a_slice(n, 0, orientation=coronal, spacing=(0.4, 0.2), position=(5.0, 10 + 0.5 * n, 7.0))
        for n in range(4)
    ]
    volume = assemble(slices)
    assert volume.normal == (0.0, 1.0, 0.0)
    assert volume.spacing == (0.4, 0.2, 0.5)
    assert volume.affine == (
        (0.2, 0.0, 0.0, 5.0),
        (0.0, 0.0, 0.5, 10.0),
        (0.0, -0.4, 0.0, 7.0),
        (0.0, 0.0, 0.0, 1.0),
    )


@given(st.integers(3, 60), st.floats(0.05, 5), st.floats(-math.pi, math.pi))
def test_any_regular_stack_is_complete_and_its_affine_finds_every_slice(
    count: int, step: float, turn: float
) -> None:
    normal = (math.sin(turn), 0.0, math.cos(turn))
    orientation = (math.cos(turn), 0.0, -math.sin(turn), 0.0, 1.0, 0.0)
    places = [tuple(round(n * step * axis, 6) for axis in normal) for n in range(count)]
    volume = assemble(
        [a_slice(n, 0, orientation=orientation, position=place) for n, place in enumerate(places)]
    )
    assert (volume.verdict, volume.problems) == ("complete", ())
    assert volume.spacing is not None
    assert volume.spacing[2] == pytest.approx(step, abs=1e-5)
    assert volume.affine is not None
    for n, place in enumerate(places):
        assert [row[2] * n + row[3] for row in volume.affine[:3]] == pytest.approx(place, abs=1e-4)


def test_gaps_are_counted_in_multiples_of_the_step() -> None:
    volume = assemble(a_stack(400, without=[*range(50, 60), 100, 200]))
    assert (volume.verdict, volume.missing) == ("incomplete", 12)
    assert volume.summary == "incomplete: 12 of 400 missing"
    assert "12 missing in 3 gaps, the first one behind slice 50" in reasons(volume)
    assert volume.spacing == (0.3, 0.3, 0.3)


def test_one_missing_slice_of_three_is_seen() -> None:
    assert assemble(a_stack(4, without=[2])).missing == 1


def test_a_volume_that_is_still_arriving_says_how_many_slices_it_has() -> None:
    volume = assemble(a_stack(312), expected=400)
    assert (volume.verdict, volume.missing) == ("incomplete", 88)
    assert volume.summary == "312 slices so far, 400 expected"
    assert "88 of 400 announced slices are not here" in reasons(volume)
    assert assemble(a_stack(1), expected=2).summary == "1 slice so far, 2 expected"


def test_all_expected_slices_are_a_complete_volume_and_more_are_a_problem() -> None:
    assert assemble(a_stack(400), expected=400).problems == ()
    volume = assemble(a_stack(5), expected=4)
    assert (volume.verdict, reasons(volume)) == ("complete", "5 slices, though only 4 were announced")


def test_gaps_that_explain_the_expected_count_are_not_told_twice() -> None:
    volume = assemble(a_stack(10, without=[3]), expected=10)
    assert (volume.missing, len(volume.problems)) == (1, 1)


def test_a_second_slice_at_the_same_place_is_put_apart() -> None:
    volume = assemble([*a_stack(10), a_slice(50, 0.9)])
    assert (volume.slices, volume.apart, volume.verdict) == (10, ("slice-0050",), "complete")
    assert "1 slice at the same place" in reasons(volume)


def test_the_same_slice_twice_is_one_slice() -> None:
    assert assemble(a_stack(10) * 2) == assemble(a_stack(10))


@pytest.mark.parametrize(("shift", "uneven"), [(0.0009, False), (0.003, False), (0.01, True), (0.1, True)])
def test_uneven_spacing_beyond_rounding_is_a_problem(shift: float, uneven: bool) -> None:
    slices = a_stack(20)
    slices[7] = a_slice(7, 2.1 + shift)
    assert ("uneven" in reasons(assemble(slices))) is uneven


def test_slices_that_step_aside_from_the_normal_are_tilted() -> None:
    volume = assemble([a_slice(n, 0, position=(0.0, 0.1 * n, 0.3 * n)) for n in range(10)])
    assert "tilted: slices lie up to 18 degrees off the normal" in reasons(volume)
    assert volume.affine is not None
    assert [row[2] for row in volume.affine] == pytest.approx([0.0, 0.1, 0.3, 0.0])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"orientation": (1.0, 0.0, 0.0, 0.0, 0.0, -1.0)}, "another orientation"),
        ({"rows": 16}, "another matrix"),
        ({"spacing": (0.2, 0.3)}, "another pixel spacing"),
        ({"frame_of_reference": "other"}, "another frame of reference"),
    ],
)
def test_slices_unlike_the_rest_are_put_apart_and_told(change: dict[str, Any], words: str) -> None:
    odd = [a_slice(n, n * 0.3, **change) for n in (30, 31)]
    volume = assemble([*odd, *a_stack(10)])
    assert reasons(volume) == f"2 of 12 slices have {words} than the rest"
    assert (volume.slices, volume.apart, volume.verdict) == (10, ("slice-0030", "slice-0031"), "complete")


def test_directions_that_differ_by_rounding_are_one_orientation() -> None:
    slices = [a_slice(n, n * 0.3, orientation=(1.0, n * 1e-5, 0.0, 0.0, 1.0, 0.0)) for n in range(20)]
    assert assemble(slices).problems == ()


def test_a_localizer_is_put_apart() -> None:
    volume = assemble([*a_stack(10), a_slice(40, 3.0, image_type=("ORIGINAL", "PRIMARY", "LOCALIZER"))])
    assert (volume.slices, volume.apart) == (10, ("slice-0040",))
    assert reasons(volume) == "1 localizer among the slices"


def test_few_slices_without_a_position_are_put_apart() -> None:
    volume = assemble([*a_stack(10, without=[4]), a_slice(4, 0, position=None)])
    assert (volume.apart, volume.missing) == (("slice-0004",), 1)
    assert "position or orientation missing in 1 of 10 slices" in reasons(volume)


def test_without_positions_the_numbers_give_an_order_and_no_spacing() -> None:
    slices = [a_slice(n, 0, position=None) for n in (3, 1, 10, 2)]
    volume = assemble([*slices, a_slice(0, 0, position=None, instance_number=None)])
    assert volume.order == ("slice-0001", "slice-0002", "slice-0003", "slice-0010", "slice-0000")
    assert (volume.verdict, volume.spacing, volume.affine) == ("not-a-volume", None, None)
    assert volume.summary == "5 slices in the order of their numbers, positions missing"
    assert "missing in 5 of 5 slices" in reasons(volume)


@pytest.mark.parametrize(
    ("orientation", "words", "verdict"),
    [
        ((1.0, 0.0, 0.0, 0.2, 1.0, 0.0), "not unit vectors at right angles", "complete"),
        ((2.0, 0.0, 0.0, 0.0, 1.0, 0.0), "not unit vectors at right angles", "complete"),
        ((1.0, 0.0, 0.0, 1.0, 0.0, 0.0), "spans no plane", "not-a-volume"),
    ],
)
def test_a_broken_orientation_is_a_problem(orientation: tuple[float, ...], words: str, verdict: str) -> None:
    volume = assemble([a_slice(n, n * 0.3, orientation=orientation) for n in range(5)])
    assert words in reasons(volume)
    assert volume.verdict == verdict


def test_without_pixel_spacing_the_order_stands_and_nothing_can_be_measured() -> None:
    volume = assemble([a_slice(n, n * 0.3, spacing=None) for n in range(5)])
    assert (volume.verdict, volume.spacing, volume.affine) == ("complete", None, None)
    assert reasons(volume) == "pixel spacing missing"


@pytest.mark.parametrize(("slices", "summary"), [([], "no slices"), (a_stack(1), "1 slice")])
def test_less_than_two_slices_are_no_volume(slices: list[SliceGeometry], summary: str) -> None:
    volume = assemble(slices)
    assert (volume.verdict, volume.summary, volume.spacing) == ("not-a-volume", summary, None)


def test_a_multi_frame_instance_is_a_volume_of_its_frames() -> None:
    volume = assemble(frame_geometries(read_header(file_bytes(an_enhanced_ct(12)))))
    assert (volume.verdict, volume.summary, volume.spacing) == (
        "complete",
        "12 slices, 0.3 mm",
        (0.3, 0.3, 0.3),
    )


def test_a_multi_frame_ct_without_functional_groups_has_no_geometry() -> None:
    volume = assemble(frame_geometries(read_header(file_bytes(a_cbct_slice(1, NumberOfFrames=4)))))
    assert (volume.verdict, volume.slices, volume.spacing) == ("not-a-volume", 4, None)
    assert "missing in 4 of 4 slices" in reasons(volume)


def test_eight_hundred_slices_take_no_noticeable_time() -> None:
    slices = a_stack(800)[::-1]
    times = []
    for _ in range(5):
        start = perf_counter()
        assemble(slices)
        times.append(perf_counter() - start)
    assert min(times) < 0.05
