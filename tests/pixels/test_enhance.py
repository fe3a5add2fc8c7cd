"""Slices as one instance: each frame has the pixels and the place of its slice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.uid import HTJ2KLossless, LegacyConvertedEnhancedCTImageStorage

from porion.dicom.pixel_form import NoPixels
from porion.pixels.enhance import enhanced
from porion.pixels.transcode import transcoded
from tests.pixels.grids import told_series, told_voxels
from tests.pixels.pictures import written


def converted(directory: Path, series: list[Dataset]) -> Dataset:
    into = directory / "made"
    enhanced([written(directory, one) for one in series], into)
    return pydicom.dcmread(into)


def test_every_frame_is_its_slice(tmp_path: Path) -> None:
    series = told_series(5)
    made = converted(tmp_path, series)
    assert (made.SOPClassUID, made.NumberOfFrames) == (LegacyConvertedEnhancedCTImageStorage, 5)
    shared = made.SharedFunctionalGroupsSequence[0]
    assert list(shared.PixelMeasuresSequence[0].PixelSpacing) == [0.4, 0.3]
    orientation = shared.PlaneOrientationSequence[0].ImageOrientationPatient
    assert list(orientation) == [float(value) for value in series[0].ImageOrientationPatient]
    transformation = shared.PixelValueTransformationSequence[0]
    assert (transformation.RescaleSlope, transformation.RescaleIntercept) == (2, -1000)
    by_uid = {one.SOPInstanceUID: one for one in series}
    seen = []
    for frame, pixels in zip(made.PerFrameFunctionalGroupsSequence, made.pixel_array, strict=True):
        source = by_uid[frame.ConversionSourceAttributesSequence[0].ReferencedSOPInstanceUID]
        assert list(frame.PlanePositionSequence[0].ImagePositionPatient) == list(source.ImagePositionPatient)
        assert np.array_equal(pixels, told_voxels(5)[source.InstanceNumber - 1])
        seen.append(source.InstanceNumber)
    assert sorted(seen) == [1, 2, 3, 4, 5]


def test_it_stays_in_the_study_under_uids_of_its_own(tmp_path: Path) -> None:
    series = told_series(3)
    made, again = converted(tmp_path, series), converted(tmp_path, series)
    assert made.StudyInstanceUID == series[0].StudyInstanceUID
    assert made.SeriesInstanceUID != series[0].SeriesInstanceUID
    assert (made.SOPInstanceUID, made.SeriesInstanceUID) == (again.SOPInstanceUID, again.SeriesInstanceUID)
    assert converted(tmp_path, series[:2]).SOPInstanceUID != made.SOPInstanceUID
    assert (made.PatientName, made.PatientID) == ("Beispiel^Anna", "P-1")


def test_a_gap_stays_a_gap(tmp_path: Path) -> None:
    series = [one for one in told_series(6) if one.InstanceNumber != 3]
    assert converted(tmp_path, series).NumberOfFrames == 5


def test_slices_that_do_not_fit_say_so(tmp_path: Path) -> None:
    series = told_series(3)
    series[1].PatientID = "somebody else"
    with pytest.raises(NoPixels, match="cannot be made one instance"):
        converted(tmp_path, series)


def test_a_slice_that_is_cut_off_says_so(tmp_path: Path) -> None:
    series = told_series(3)
    series[1].PixelData = b"\0\0"
    with pytest.raises(NoPixels, match="Frame 1 of 1 is not in the file"):
        converted(tmp_path, series)


def test_compressed_slices_and_those_with_too_many_bytes_are_the_same(tmp_path: Path) -> None:
    series = told_series(3)
    expected = converted(tmp_path, series).pixel_array
    into = tmp_path / "coded.dcm"
    transcoded(written(tmp_path, series[0]), into, HTJ2KLossless)
    series[1].PixelData += bytes(20)
    enhanced([into, *(written(tmp_path, one) for one in series[1:])], tmp_path / "again")
    assert np.array_equal(pydicom.dcmread(tmp_path / "again").pixel_array, expected)
