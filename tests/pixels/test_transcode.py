"""Whole instances in another transfer syntax."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.uid import ExplicitVRBigEndian, HTJ2KLossless

from porion.dicom.pixel_form import NoPixels
from porion.pixels import plugins
from porion.pixels.darkroom import NATIVE
from porion.pixels.transcode import transcoded
from tests.pixels.pictures import drawn, ramp, written
from tests.pixels.test_decode import of_pydicom


def test_the_rest_of_the_data_set_is_the_same(tmp_path: Path) -> None:
    plugins.register()
    made = drawn(ramp(), BitsStored=12, PixelPaddingValue=3)
    made.add_new(0x00290010, "LO", "A maker")
    made.add_new(0x00291001, "UN", bytes(range(256)) * 400)
    into = tmp_path / "made"
    transcoded(written(tmp_path, made), into, HTJ2KLossless)
    read = pydicom.dcmread(into)
    assert read.file_meta.TransferSyntaxUID == HTJ2KLossless
    assert np.array_equal(read.pixel_array, ramp())
    del read.PixelData, made.PixelData
    assert read == made


def test_colour_is_described_as_it_is_now(tmp_path: Path) -> None:
    into = tmp_path / "made"
    transcoded(of_pydicom("SC_rgb_dcmtk_+eb+cy+np.dcm"), into, NATIVE)
    read = pydicom.dcmread(into)
    assert (read.PhotometricInterpretation, read.PlanarConfiguration) == ("RGB", 0)
    assert len(read.PixelData) == read.Rows * read.Columns * 3


def test_big_endian_is_not_written_anew(tmp_path: Path) -> None:
    path = written(tmp_path, drawn(ramp()), transfer_syntax=ExplicitVRBigEndian)
    with pytest.raises(NoPixels, match="big endian"):
        transcoded(path, tmp_path / "made", NATIVE)
