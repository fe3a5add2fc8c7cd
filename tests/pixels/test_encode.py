"""Arrays in other transfer syntaxes keep every bit."""

from __future__ import annotations

import imagecodecs
import numpy as np
import pytest
from pydicom.uid import HTJ2KLossless, JPEG2000Lossless, JPEGLSLossless

from porion.dicom.header import read_header
from porion.dicom.pixel_form import NoPixels, pixel_form
from porion.pixels.darkroom import NATIVE
from porion.pixels.encode import encoded
from tests.builders import file_bytes
from tests.pixels.pictures import Pixels, drawn, ramp


def coded(pixels: Pixels, transfer_syntax: str, **overrides: int) -> bytes:
    form = pixel_form(read_header(file_bytes(drawn(pixels, **overrides))))
    return encoded(pixels, form, transfer_syntax)


@pytest.mark.parametrize("dtype", ["u1", "u2", "i2"])
@pytest.mark.parametrize(
    ("transfer_syntax", "decode"),
    [
        (HTJ2KLossless, imagecodecs.htj2k_decode),
        (JPEG2000Lossless, imagecodecs.jpeg2k_decode),
        (JPEGLSLossless, imagecodecs.jpegls_decode),
    ],
)
def test_grey_comes_back(dtype: str, transfer_syntax: str, decode: object) -> None:
    pixels = ramp(most=250).astype(dtype)
    assert callable(decode)
    assert np.array_equal(decode(coded(pixels, transfer_syntax)), pixels)


def test_colour_is_not_transformed() -> None:
    pixels = np.stack([ramp(most=250), ramp(most=100), ramp(most=5)], axis=-1)
    code = coded(pixels, HTJ2KLossless)
    style = code.index(b"\xff\x52")
    assert code[style + 8] == 0  # ISO/IEC 15444-1 A.6.1: no multiple component transformation
    assert np.array_equal(imagecodecs.htj2k_decode(code, planar=False), pixels)


def test_native_is_little_endian_colour_by_pixel() -> None:
    assert coded(np.array([[1, 256]], ">u2"), NATIVE) == b"\1\0\0\1"
    bits = np.array([[1, 0, 0, 0, 0, 0, 0, 0, 1]], np.uint8)
    assert coded(bits, NATIVE, BitsAllocated=1, BitsStored=1) == b"\1\1"


def test_what_a_codec_cannot_hold_is_said() -> None:
    with pytest.raises(NoPixels, match="Pixels of 32 bits cannot be written"):
        coded(np.zeros((4, 4), np.uint32), JPEGLSLossless)
