"""What needs no codec: where an instance's pixels lie in its file, and native frames cut out of it."""

from __future__ import annotations

import mmap
import os
from functools import lru_cache
from typing import TYPE_CHECKING

from porion.dicom.elements import UnreadableDicom
from porion.dicom.header import read_header
from porion.dicom.limits import DEFAULT_LIMITS, Limits
from porion.dicom.pixel_form import NoPixels, PixelForm, pixel_form

if TYPE_CHECKING:
    from pathlib import Path

    from porion.dicom.elements import Header

_LITTLE_ENDIAN = ("1.2.840.10008.1.2", "1.2.840.10008.1.2.1")


def read(path: Path, limits: Limits = DEFAULT_LIMITS) -> tuple[Header, PixelForm]:
    """A file's header and the form of its pixels; NoPixels when it has none that can be read."""
    with path.open("rb") as file:
        if not os.fstat(file.fileno()).st_size:  # Nothing cannot be mapped.
            raise NoPixels("The file is empty.")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
            try:
                header = read_header(view, limits=limits)
            except UnreadableDicom as error:
                raise NoPixels(f"The file cannot be read: {error}") from error
    return header, pixel_form(header)


# A file is named by its digest and never changes.
@lru_cache(maxsize=8192)
def form_of(path: Path) -> PixelForm:
    """The form of a file's pixels."""
    return read(path)[1]


def can_be_cut(form: PixelForm) -> bool:
    """Whether a frame's bytes in the file are those of explicit VR little endian, from byte to byte."""
    return form.transfer_syntax in _LITTLE_ENDIAN and not form.encapsulated and form.native_bits % 8 == 0


def native_extent(form: PixelForm, number: int) -> tuple[int, int]:
    """Where a frame (from 1) of native pixels begins and ends in the file, in bytes."""
    first = (number - 1) * form.native_bits
    return form.offset + first // 8, form.offset + -(-(first + form.native_bits) // 8)


def cut(path: Path, form: PixelForm, number: int) -> bytes:
    """A frame's bytes; NoPixels when the file ends within it."""
    start, end = native_extent(form, number)
    with path.open("rb") as file:
        file.seek(start)
        piece = file.read(end - start)
    if len(piece) < end - start:
        raise NoPixels(cut_off(form, number))
    return piece


def cut_off(form: PixelForm, number: int) -> str:
    """In words that a frame is not there."""
    return f"Frame {number} of {form.frames} is not in the file: its pixels are cut off."
