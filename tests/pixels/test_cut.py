"""Native frames are cut out of their file without a codec."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pydicom.uid import ExplicitVRBigEndian, ImplicitVRLittleEndian

from porion.dicom.pixel_form import NoPixels
from porion.pixels.cut import can_be_cut, cut, form_of, native_extent
from tests.pixels.pictures import drawn, ramp, written


def test_frames_lie_one_behind_the_other(tmp_path: Path) -> None:
    path = written(tmp_path, drawn(np.stack([ramp(), ramp() + 1])))
    form = form_of(path)
    assert can_be_cut(form)
    assert native_extent(form, 2)[0] == native_extent(form, 1)[1] == form.offset + ramp().nbytes
    assert cut(path, form, 2) == (ramp() + 1).tobytes()


def test_implicit_pixels_are_the_same_bytes(tmp_path: Path) -> None:
    path = written(tmp_path, drawn(ramp()), transfer_syntax=ImplicitVRLittleEndian)
    assert can_be_cut(form_of(path))
    assert cut(path, form_of(path), 1) == ramp().tobytes()


def test_what_is_not_byte_by_byte_the_same_is_not_cut(tmp_path: Path) -> None:
    big = written(tmp_path, drawn(ramp(), 1), transfer_syntax=ExplicitVRBigEndian)
    assert not can_be_cut(form_of(big))
    bits = drawn(ramp(), 2, Rows=3, Columns=3, BitsAllocated=1, BitsStored=1, HighBit=0, NumberOfFrames=2)
    bits.add_new(0x7FE00010, "OB", bytes(4))
    form = form_of(written(tmp_path, bits))
    assert not can_be_cut(form)
    assert [native_extent(form, n) for n in (1, 2)] == [
        (form.offset, form.offset + 2),
        (form.offset + 1, form.offset + 3),
    ]


def test_a_frame_that_is_cut_off_is_said_to_be(tmp_path: Path) -> None:
    path = written(tmp_path, drawn(ramp(), NumberOfFrames=2))
    assert cut(path, form_of(path), 1) == ramp().tobytes()
    with pytest.raises(NoPixels, match="Frame 2 of 2 is not in the file"):
        cut(path, form_of(path), 2)


def test_a_file_that_is_none_is_said_to_be(tmp_path: Path) -> None:
    path, empty = tmp_path / "noise.dcm", tmp_path / "empty.dcm"
    path.write_bytes(b"no X-ray at all" * 20)
    empty.touch()
    with pytest.raises(NoPixels, match="The file cannot be read"):
        form_of(path)
    with pytest.raises(NoPixels, match="The file is empty"):
        form_of(empty)
