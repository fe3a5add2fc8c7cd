"""Every transfer syntax of the field decodes to the same values as its uncompressed twin."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.data import get_testdata_file
from pydicom.encaps import encapsulate
from pydicom.uid import (
    MPEG4HP41,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    HTJ2KLossless,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from porion.dicom.pixel_form import NoPixels
from porion.pixels.decode import Pixels, opened
from porion.pixels.encode import encoded
from tests.pixels.pictures import drawn, ramp, written

# pydicom's own files: compressed, and the same image uncompressed.
TWINS = [
    ("MR_small_RLE.dcm", "MR_small.dcm"),
    ("MR_small_jp2klossless.dcm", "MR_small.dcm"),
    ("MR_small_jpeg_ls_lossless.dcm", "MR_small.dcm"),
    ("MR_small_bigendian.dcm", "MR_small.dcm"),
    ("MR_small_implicit.dcm", "MR_small.dcm"),
    ("emri_small_jpeg_2k_lossless.dcm", "emri_small.dcm"),
    ("emri_small_jpeg_ls_lossless.dcm", "emri_small.dcm"),
    ("emri_small_RLE.dcm", "emri_small.dcm"),
    ("SC_rgb_rle.dcm", "SC_rgb_rle_16bit.dcm"),
    ("SC_rgb_jpeg_gdcm.dcm", "SC_rgb_rle.dcm"),
]


def of_pydicom(name: str) -> Path:
    found = get_testdata_file(name, download=False)
    if found is None:
        pytest.skip(f"{name} is not in pydicom's packages")
    return Path(str(found))


def first(path: Path) -> Pixels:
    with opened(path) as stored:
        return stored.frame(1)


@pytest.mark.parametrize(("name", "twin"), TWINS)
def test_twins_are_alike(name: str, twin: str) -> None:
    one, other = first(of_pydicom(name)), first(of_pydicom(twin))
    if one.dtype.itemsize != other.dtype.itemsize:
        other = (other >> 8).astype(one.dtype)
    assert np.array_equal(one, other)


@pytest.mark.parametrize("name", ["JPGExtended.dcm", "JPGLosslessP14SV1_1s_1f_8b.dcm", "JPEG-LL.dcm"])
def test_processes_of_jpeg_that_pydicom_has_no_codec_for(name: str) -> None:
    found = first(of_pydicom(name))
    said = pydicom.dcmread(of_pydicom(name), stop_before_pixels=True)
    assert found.shape == (said.Rows, said.Columns)
    assert found.std() > 1


def test_a_sign_that_codec_and_header_disagree_on_is_the_headers() -> None:
    found = first(of_pydicom("J2K_pixelrep_mismatch.dcm"))
    assert (found.dtype, found[0, 0]) == (np.int16, -2000)


@pytest.mark.parametrize("name", ["SC_rgb_dcmtk_+eb+cy+np.dcm", "SC_rgb_dcmtk_+eb+cr.dcm", "US1_J2KR.dcm"])
def test_colour_comes_as_rgb(name: str) -> None:
    found = first(of_pydicom(name))
    assert found.shape[2] == 3
    if name.startswith("SC"):  # Its first bar is red.
        assert abs(found[5, 50].astype(int) - [255, 0, 0]).max() < 6


def test_values_that_lie_in_the_upper_bits_are_brought_down(tmp_path: Path) -> None:
    high = drawn(ramp() << 4, BitsStored=12, HighBit=15)
    assert np.array_equal(first(written(tmp_path, high)), ramp())
    signed = (ramp().astype(np.int16) - 2000) << 4
    assert np.array_equal(first(written(tmp_path, drawn(signed, BitsStored=12, HighBit=15))), signed >> 4)


def test_every_frame_is_its_own(tmp_path: Path) -> None:
    frames = np.stack([ramp(), ramp()[::-1], ramp() // 2])
    with opened(written(tmp_path, drawn(frames, BitsStored=12))) as stored:
        assert all(np.array_equal(stored.frame(n), frames[n - 1]) for n in (3, 1, 2))


@pytest.mark.parametrize("transfer_syntax", [JPEG2000Lossless, JPEGLSLossless, HTJ2KLossless])
@pytest.mark.parametrize("signed", [False, True])
def test_what_was_encoded_decodes_to_itself(tmp_path: Path, transfer_syntax: str, signed: bool) -> None:
    pixels = ramp().astype(np.int16) - 2000 if signed else ramp()
    made = drawn(pixels, BitsStored=13)
    with opened(written(tmp_path, made)) as stored:
        code = encoded(stored.frame(1), stored.form, transfer_syntax)
    made.SOPInstanceUID = "1.2.3"
    made.PixelData = encapsulate([code])
    made["PixelData"].is_undefined_length = True
    assert np.array_equal(first(written(tmp_path, made, transfer_syntax=transfer_syntax)), pixels)


@pytest.mark.parametrize("transfer_syntax", [DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian])
def test_unusual_ways_of_writing(tmp_path: Path, transfer_syntax: str) -> None:
    made = drawn(ramp())
    if transfer_syntax == ExplicitVRBigEndian:
        made.PixelData = ramp().byteswap().tobytes()
    assert np.array_equal(first(written(tmp_path, made, transfer_syntax=transfer_syntax)), ramp())


def test_bits_are_unpacked_across_bytes(tmp_path: Path) -> None:
    bits = np.array([1, 0, 0, 1, 1, 1, 0, 1, 0, 0, 1, 0, 1, 1, 0, 0, 1, 1], np.uint8)
    made = drawn(ramp(), Rows=3, Columns=3, BitsAllocated=1, BitsStored=1, HighBit=0, NumberOfFrames=2)
    made.add_new(0x7FE00010, "OB", np.packbits(bits, bitorder="little").tobytes() + b"\0")
    with opened(written(tmp_path, made)) as stored:
        assert stored.frame(1).ravel().tolist() == bits[:9].tolist()
        assert stored.frame(2).ravel().tolist() == bits[9:].tolist()


@pytest.mark.parametrize(
    "transfer_syntax",
    [
        JPEG2000Lossless,
        JPEGLSLossless,
        HTJ2KLossless,
        JPEGLosslessSV1,
        JPEGBaseline8Bit,
        RLELossless,
    ],
)
def test_a_frame_that_is_noise_is_one_sentence(tmp_path: Path, transfer_syntax: str) -> None:
    made = drawn(ramp())
    made.PixelData = encapsulate([bytes(range(1, 200)) * 3])
    made["PixelData"].is_undefined_length = True
    with pytest.raises(NoPixels, match="Frame 1 cannot be decoded"):
        first(written(tmp_path, made, transfer_syntax=transfer_syntax))


def test_a_film_is_not_decoded_and_says_so(tmp_path: Path) -> None:
    made = drawn(ramp(most=255))
    made.PixelData = encapsulate([bytes(200)])
    made["PixelData"].is_undefined_length = True
    with pytest.raises(NoPixels, match=r"MPEG-4 AVC/H.264 High Profile .* are not decoded here"):
        first(written(tmp_path, made, transfer_syntax=MPEG4HP41))


def test_a_stream_larger_than_its_header_is_not_decoded(tmp_path: Path) -> None:
    made = drawn(ramp(200, 300))
    with opened(written(tmp_path, made)) as stored:
        code = encoded(stored.frame(1), stored.form, HTJ2KLossless)
    small = drawn(ramp(), 2)
    small.PixelData = encapsulate([code])
    small["PixelData"].is_undefined_length = True
    with pytest.raises(NoPixels, match="coded as 200 x 300 pixels, while the header declares 24 x 40"):
        first(written(tmp_path, small, transfer_syntax=HTJ2KLossless))


def test_a_fragment_that_is_not_there_is_said(tmp_path: Path) -> None:
    made = drawn(ramp(), NumberOfFrames=3)
    made.PixelData = encapsulate([b"ab", b"cd", b"ef"])[:-20]
    made["PixelData"].is_undefined_length = True
    path = written(tmp_path, made, transfer_syntax=RLELossless)
    with opened(path) as stored, pytest.raises(NoPixels, match="Frame 3"):
        stored.frame(3)
