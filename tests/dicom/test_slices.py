"""The geometry of slices and frames as headers state it, well or badly."""

from __future__ import annotations

from typing import Any

import pytest
from pydicom import Dataset
from pydicom.uid import MRImageStorage, SecondaryCaptureImageStorage

from porion.dicom.header import read_header
from porion.dicom.slices import SliceGeometry, frame_geometries, is_volume_slice, slice_geometry
from tests.builders import a_cbct_slice, a_panoramic, an_enhanced_ct, data_set, file_bytes, uid


def of_slice(made: Dataset) -> SliceGeometry:
    return slice_geometry(read_header(file_bytes(made)))


def of_frames(made: Dataset) -> tuple[SliceGeometry, ...]:
    return frame_geometries(read_header(file_bytes(made)))


def test_a_slice_states_where_it_lies() -> None:
    assert of_slice(a_cbct_slice(3)) == SliceGeometry(
        instance=uid("study-cbct", "slice", 3),
        instance_number=3,
        rows=8,
        columns=8,
        position=(0.0, 0.0, 0.9),
        orientation=(1.0, 0.0, 0.0, 0.0, 1.0, 0.0),
        spacing=(0.3, 0.3),
        frame_of_reference=uid("study-cbct", "frame"),
        image_type=("ORIGINAL", "PRIMARY", "AXIAL"),
    )


@pytest.mark.parametrize(
    ("attributes", "field"),
    [
        ({"ImagePositionPatient": None}, "position"),
        ({"ImagePositionPatient": ["0", "0"]}, "position"),
        ({"ImagePositionPatient": ["0", "0", "1e30"]}, "position"),
        ({"ImageOrientationPatient": ["1", "0", "0"]}, "orientation"),
        ({"PixelSpacing": ["0.3"]}, "spacing"),
        ({"PixelSpacing": ["0.3", "0"]}, "spacing"),
        ({"PixelSpacing": ["-0.3", "0.3"]}, "spacing"),
        ({"InstanceNumber": None}, "instance_number"),
        ({"FrameOfReferenceUID": ""}, "frame_of_reference"),
    ],
)
def test_what_is_missing_or_senseless_is_none(attributes: dict[str, Any], field: str) -> None:
    assert getattr(of_slice(a_cbct_slice(1, **attributes)), field) is None


def test_a_position_that_is_no_number_is_none() -> None:
    written = file_bytes(a_cbct_slice(1, ImagePositionPatient=["0", "0", "77.125"]))
    assert slice_geometry(read_header(written.replace(b"77.125", b"  n/a "))).position is None


def test_frames_take_their_own_position_and_the_shared_rest() -> None:
    frames = of_frames(an_enhanced_ct(3))
    assert [one.position for one in frames] == [(0.0, 0.0, 0.0), (0.0, 0.0, 0.3), (0.0, 0.0, 0.6)]
    assert {one.orientation for one in frames} == {(1.0, 0.0, 0.0, 0.0, 1.0, 0.0)}
    assert {one.spacing for one in frames} == {(0.3, 0.3)}
    assert [one.instance for one in frames] == [f"{uid('enhanced')}#{n}" for n in (1, 2, 3)]
    assert [one.instance_number for one in frames] == [1, 2, 3]


def test_a_frames_own_group_goes_before_the_shared_one() -> None:
    made = an_enhanced_ct(2)
    made.PerFrameFunctionalGroupsSequence[1].PixelMeasuresSequence = [data_set(PixelSpacing=["0.2", "0.25"])]
    assert [one.spacing for one in of_frames(made)] == [(0.3, 0.3), (0.2, 0.25)]


def test_an_enhanced_volume_without_plane_orientation_has_none() -> None:
    made = an_enhanced_ct(2)
    del made.SharedFunctionalGroupsSequence[0].PlaneOrientationSequence
    assert {one.orientation for one in of_frames(made)} == {None}


def test_a_plain_multi_frame_ct_has_frames_without_positions() -> None:
    frames = of_frames(a_cbct_slice(1, NumberOfFrames=4))
    assert len(frames) == 4
    assert {one.position for one in frames} == {None}
    assert {one.spacing for one in frames} == {(0.3, 0.3)}


def test_frames_without_groups_are_still_counted() -> None:
    made = an_enhanced_ct(4)
    del made.PerFrameFunctionalGroupsSequence[3]
    assert [one.position is None for one in of_frames(made)] == [False, False, False, True]


def test_a_number_of_frames_that_nothing_proves_is_bounded() -> None:
    written = file_bytes(a_cbct_slice(1, NumberOfFrames=77))
    header = read_header(written.replace(b"IS\x02\x0077", b"IS\x0a\x002000000000"))
    assert header.integer("NumberOfFrames") == 2_000_000_000
    assert len(frame_geometries(header)) == 65_536


def test_a_single_frame_is_a_slice() -> None:
    assert of_frames(a_cbct_slice(5)) == (of_slice(a_cbct_slice(5)),)


@pytest.mark.parametrize(
    ("made", "is_slice"),
    [
        (a_cbct_slice(1), True),
        (a_cbct_slice(1, NumberOfFrames=1), True),
        (a_cbct_slice(1, SOPClassUID=MRImageStorage, Modality="MR"), True),
        (a_cbct_slice(1, SOPClassUID="1.2.840.113619.4.26"), True),
        (a_cbct_slice(1, ImageType=["DERIVED", "PRIMARY", "AXIAL"]), True),
        (a_cbct_slice(1, NumberOfFrames=4), False),
        (a_cbct_slice(1, ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"]), False),
        (a_cbct_slice(1, SOPClassUID=SecondaryCaptureImageStorage), False),
        (an_enhanced_ct(), False),
        (a_panoramic(), False),
    ],
)
def test_only_single_slices_of_a_series_group_into_a_volume(made: Dataset, is_slice: bool) -> None:
    assert is_volume_slice(read_header(file_bytes(made))) is is_slice
