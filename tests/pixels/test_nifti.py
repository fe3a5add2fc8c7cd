"""NIfTI: the same voxels in the same places, told the other way round."""

from __future__ import annotations

from pathlib import Path

import nibabel
import numpy as np
import pytest
from pydicom.dataset import Dataset

from porion.dicom.header import read_header
from porion.dicom.pixel_form import NoPixels
from porion.dicom.slices import slice_geometry
from porion.dicom.volume import assemble
from porion.pixels.nifti import write_nifti
from tests.builders import file_bytes
from tests.pixels.grids import COLUMNS, ROWS, place_of, told_series, told_voxels
from tests.pixels.pictures import drawn, ramp, written


def exported(directory: Path, series: list[Dataset]) -> nibabel.nifti1.Nifti1Image:
    volume = assemble([slice_geometry(read_header(file_bytes(one))) for one in series])
    assert volume.affine is not None
    by_uid = {one.SOPInstanceUID: one for one in series}
    frames = [(written(directory, by_uid[uid]), 1) for uid in volume.order]
    into = directory / "made.nii.gz"
    write_nifti(frames, into, volume.affine, (2.0, -1000.0), "a note")
    found = nibabel.load(into)
    assert isinstance(found, nibabel.nifti1.Nifti1Image)
    return found


def test_every_voxel_lies_where_its_pixel_lies(tmp_path: Path) -> None:
    series = told_series(5)
    made = exported(tmp_path, series[::-1])
    assert made.shape == (COLUMNS, ROWS, 5)
    stored = np.asanyarray(made.dataobj.get_unscaled())
    for s, one in enumerate(series):
        for row, column in ((0, 0), (0, 8), (5, 0), (3, 7)):
            (found,) = np.argwhere(stored == told_voxels(5)[s, row, column])
            x, y, z = nibabel.affines.apply_affine(made.affine, found)
            assert np.allclose((-x, -y, z), place_of(one, row, column), atol=1e-3)


def test_values_are_stored_as_they_are_and_scaled_by_the_header(tmp_path: Path) -> None:
    made = exported(tmp_path, told_series(3))
    expected = told_voxels(3).transpose(2, 1, 0)
    assert np.array_equal(made.dataobj.get_unscaled(), expected)
    assert np.allclose(made.get_fdata(), 2.0 * expected - 1000)
    assert made.get_data_dtype() == np.uint16


def test_the_header_says_mm_and_both_transformations(tmp_path: Path) -> None:
    header = exported(tmp_path, told_series(3)).header
    assert header.get_xyzt_units()[0] == "mm"
    assert np.allclose(header.get_zooms(), (0.3, 0.4, 0.5), atol=1e-4)
    assert (header.get_sform(coded=True)[1], header.get_qform(coded=True)[1]) == (1, 1)
    assert np.allclose(header.get_sform(), header.get_qform(), atol=1e-3)
    assert header["descrip"].tobytes().rstrip(b"\0") == b"a note"


def test_tilted_slices_have_an_affine_and_no_quaternion(tmp_path: Path) -> None:
    series = told_series(4)
    for s, one in enumerate(series):
        one.ImagePositionPatient = ["0", f"{0.2 * s:g}", f"{0.5 * s:g}"]
        one.ImageOrientationPatient = ["1", "0", "0", "0", "1", "0"]
    header = exported(tmp_path, series).header
    assert (header.get_sform(coded=True)[1], header.get_qform(coded=True)[1]) == (1, 0)
    assert np.allclose(header.get_sform()[:3, 2], (0, -0.2, 0.5), atol=1e-4)


def test_frames_that_differ_or_have_colour_are_no_grid(tmp_path: Path) -> None:
    affine = np.eye(4).tolist()
    grey, small = written(tmp_path, drawn(ramp())), written(tmp_path, drawn(ramp(5, 5)))
    colour = written(tmp_path, drawn(np.zeros((4, 4, 3), np.uint8)))
    with pytest.raises(NoPixels, match="no grid"):
        write_nifti([(grey, 1), (small, 1)], tmp_path / "a", affine, (1, 0), "")
    with pytest.raises(NoPixels, match="Colour"):
        write_nifti([(colour, 1)], tmp_path / "a", affine, (1, 0), "")
