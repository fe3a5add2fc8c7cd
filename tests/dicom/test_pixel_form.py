"""How pixels are laid out is known, or refused with a sentence, before a byte of them is read."""

from __future__ import annotations

from typing import Any

import pytest

from porion.dicom.header import read_header
from porion.dicom.pixel_form import MOST_FRAMES, NoPixels, PixelForm, pixel_form
from tests.builders import a_panoramic, file_bytes


def form_of(**overrides: Any) -> PixelForm:
    return pixel_form(read_header(file_bytes(a_panoramic(**overrides))))


def test_a_plain_radiograph() -> None:
    form = form_of(Rows=4, Columns=8, BitsAllocated=16, BitsStored=12, NumberOfFrames=3)
    assert (form.rows, form.columns, form.samples, form.frames) == (4, 8, 1, 3)
    assert (form.bits_allocated, form.bits_stored, form.signed) == (16, 12, False)
    assert (form.frame_samples, form.decoded_bytes, form.native_bits) == (32, 64, 512)
    assert (form.encapsulated, form.deflated, form.length) == (False, False, 4 * 8 * 2 * 3)


def test_what_writers_forget_is_assumed() -> None:
    form = form_of(PhotometricInterpretation=None, BitsStored=None, PixelRepresentation=None)
    assert (form.photometric, form.bits_stored, form.signed, form.frames) == ("MONOCHROME2", 16, False, 1)
    colour = form_of(PhotometricInterpretation=None, SamplesPerPixel=3, BitsAllocated=8, BitsStored=60)
    assert (colour.photometric, colour.bits_stored, colour.planar) == ("RGB", 8, 0)


@pytest.mark.parametrize(("high", "shift"), [(11, 0), (15, 4), (None, 0), (3, 0), (40, 0)])
def test_stored_bits_may_lie_above_others(high: int | None, shift: int) -> None:
    assert form_of(BitsAllocated=16, BitsStored=12, HighBit=high).shift == shift


def test_two_pixels_share_their_chrominance() -> None:
    form = form_of(
        PhotometricInterpretation="YBR_FULL_422", SamplesPerPixel=3, BitsAllocated=8, Rows=4, Columns=8
    )
    assert form.native_bits == 4 * 8 * 2 * 8


@pytest.mark.parametrize(
    ("overrides", "reason"),
    [
        ({"Rows": 0}, "Rows is '0'"),
        ({"Columns": 0}, "Columns is '0'"),
        ({"BitsAllocated": 12}, "BitsAllocated is '12', not one of 1, 8, 16, 32"),
        ({"SamplesPerPixel": 4}, "SamplesPerPixel is '4'"),
        ({"NumberOfFrames": MOST_FRAMES + 1, "PixelData": b""}, "NumberOfFrames"),
        ({"Rows": 65535, "Columns": 65535, "PixelData": b""}, "65535 x 65535 x 1 samples is declared"),
    ],
)
def test_a_description_that_makes_no_sense_is_refused(overrides: dict[str, Any], reason: str) -> None:
    with pytest.raises(NoPixels, match=reason):
        form_of(**overrides)


def test_what_has_no_pixels_says_so() -> None:
    made = a_panoramic()
    del made.PixelData
    with pytest.raises(NoPixels, match="no pixel data"):
        pixel_form(read_header(file_bytes(made)))
    made.add_new(0x7FE00008, "OF", bytes(4 * 32))
    with pytest.raises(NoPixels, match="floating point"):
        pixel_form(read_header(file_bytes(made)))
