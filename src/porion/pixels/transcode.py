"""A whole instance in another transfer syntax: the same data set, its pixels written anew without loss."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import pydicom
from pydicom.encaps import encapsulate, encapsulate_extended
from pydicom.uid import UID, ExplicitVRBigEndian, ExplicitVRLittleEndian

from porion.dicom.pixel_form import NoPixels
from porion.pixels.decode import opened
from porion.pixels.encode import encoded

if TYPE_CHECKING:
    from pathlib import Path

    from pydicom.dataset import FileDataset

    from porion.pixels.decode import Stored

# The offsets of a Basic Offset Table have 32 bits (PS3.5 A.4).
_MOST_OFFSET = 1 << 32
_TABLES = ("ExtendedOffsetTable", "ExtendedOffsetTableLengths")


def transcoded(path: Path, into: Path, transfer_syntax: str) -> None:
    """Write the instance at ``path`` into a new file; NoPixels when its data set cannot be written."""
    with warnings.catch_warnings(), opened(path) as stored:
        warnings.simplefilter("ignore")
        if stored.form.transfer_syntax == ExplicitVRBigEndian:
            raise NoPixels("A data set in big endian (retired) is not written anew; its frames can be had.")
        frames = [
            encoded(stored.frame(number), stored.form, transfer_syntax)
            for number in range(1, stored.form.frames + 1)
        ]
        data_set = _read(path)
        _describe(data_set, stored)
        _put(data_set, frames, transfer_syntax)
        _write(data_set, into, transfer_syntax)


def _read(path: Path) -> FileDataset:
    try:
        return pydicom.dcmread(path, force=True, stop_before_pixels=False, defer_size=1 << 16)
    except Exception as error:
        raise NoPixels("The data set is too damaged to be written anew.") from error


def _describe(data_set: FileDataset, stored: Stored) -> None:
    """What decoding changed (PS3.3 C.7.6.3): colour is RGB now, colour by pixel."""
    data_set.BitsAllocated = stored.form.bits_allocated
    data_set.BitsStored = stored.form.bits_stored
    data_set.HighBit = stored.form.bits_stored - 1
    data_set.PixelRepresentation = int(stored.form.signed)
    if stored.form.samples == 3:
        data_set.PhotometricInterpretation = "RGB"
        data_set.PlanarConfiguration = 0


def _put(data_set: FileDataset, frames: list[bytes], transfer_syntax: str) -> None:
    for keyword in ("PixelData", *_TABLES):
        if keyword in data_set:
            delattr(data_set, keyword)
    if transfer_syntax == ExplicitVRLittleEndian:
        joined = b"".join(frames)
        data_set.add_new(
            "PixelData", "OB" if data_set.BitsAllocated == 1 else "OW", joined + b"\0" * (len(joined) % 2)
        )
    elif sum(map(len, frames)) + 8 * len(frames) < _MOST_OFFSET:
        data_set.add_new("PixelData", "OB", encapsulate(frames))
    else:
        pixels, data_set.ExtendedOffsetTable, data_set.ExtendedOffsetTableLengths = encapsulate_extended(
            frames
        )
        data_set.add_new("PixelData", "OB", pixels)
    data_set["PixelData"].is_undefined_length = transfer_syntax != ExplicitVRLittleEndian


def _write(data_set: FileDataset, into: Path, transfer_syntax: str) -> None:
    try:
        data_set.ensure_file_meta()
        data_set.file_meta.TransferSyntaxUID = UID(transfer_syntax)
        data_set.preamble = bytes(128)
        data_set.save_as(into, implicit_vr=False, little_endian=True, enforce_file_format=True)
    except Exception as error:
        raise NoPixels("The data set is too damaged to be written anew.") from error
