"""One instance's pixels as arrays, each frame read only when it is asked for."""

from __future__ import annotations

import mmap
import warnings
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from pydicom.encaps import encapsulate, get_frame
from pydicom.pixels import get_decoder
from pydicom.uid import UID, ExplicitVRBigEndian, ExplicitVRLittleEndian

from porion.dicom.codestream import coded_size, unwrapped
from porion.dicom.inflate import Inflater
from porion.dicom.limits import Limits
from porion.dicom.pixel_form import NoPixels, PixelForm
from porion.pixels import plugins
from porion.pixels.cut import cut_off, native_extent, read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from porion.dicom.elements import Header

Pixels = npt.NDArray[Any]

# Look-up tables have up to 65,536 entries of 16 bits (PS3.3 C.11.1.1).
_LIMITS = Limits(bulk=1 << 18)
# GE's private syntax: implicit VR, pixels big endian (pydicom, dcm4che).
_DECODED_AS = {"1.2.840.113619.5.2": ExplicitVRBigEndian}


class Stored:
    """The pixels of one file, opened to be decoded."""

    def __init__(self, view: mmap.mmap, header: Header, form: PixelForm) -> None:
        self.header = header
        self.form = form
        self._view: mmap.mmap | bytes = view
        if form.deflated:
            with memoryview(view) as packed:
                packed_data = packed[header.data_set_offset :]
                self._view = bytes(Inflater(packed_data).up_to(form.offset + (form.length or 0)))
                packed_data.release()

    def coded(self, number: int) -> bytes:
        """A frame's bytes as they are held, with bits of its neighbours where they share bytes."""
        return self._fragments(number) if self.form.encapsulated else self._cut(number)

    def frame(self, number: int) -> Pixels:
        """A frame (from 1), rows x columns or rows x columns x 3; colour is RGB, a palette stays numbers."""
        coded = self.coded(number)
        form = self.form
        if form.encapsulated:
            coded = unwrapped(coded)
            self._check_size(number, coded)
        if form.bits_allocated == 1 and not form.encapsulated:
            return self._bits(number, coded)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return self._decoded(coded)
        except MemoryError:
            raise
        except NotImplementedError:
            name = UID(form.transfer_syntax).name
            raise NoPixels(f"Pixels in {name} are not decoded here. The file can be fetched.") from None
        except Exception as error:
            name = self.form.transfer_syntax
            raise NoPixels(f"Frame {number} cannot be decoded from {name}: it is damaged.") from error

    def _decoded(self, coded: bytes) -> Pixels:
        plugins.register()
        form = self.form
        uid = _DECODED_AS.get(form.transfer_syntax, form.transfer_syntax)
        if not form.encapsulated and uid != ExplicitVRBigEndian:
            uid = ExplicitVRLittleEndian
        source = encapsulate([coded], has_bot=False) if form.encapsulated else coded
        found, _ = get_decoder(uid).as_array(source, index=0, **self._options())
        return found >> form.shift if form.shift else found

    def _options(self) -> dict[str, Any]:
        form, element = self.form, self.header.data_set.element("PixelData")
        return {
            "number_of_frames": 1,
            "rows": form.rows,
            "columns": form.columns,
            "samples_per_pixel": form.samples,
            "bits_allocated": form.bits_allocated,
            "bits_stored": form.bits_stored + form.shift,
            "pixel_representation": int(form.signed),
            "planar_configuration": form.planar,
            "photometric_interpretation": form.photometric,
            "pixel_keyword": "PixelData",
            "pixel_vr": element.vr if element else "OW",
        }

    def _check_size(self, number: int, coded: bytes) -> None:
        size = coded_size(coded)
        if size and (size.rows, size.columns) != (self.form.rows, self.form.columns):
            raise NoPixels(
                f"Frame {number} is coded as {size.rows} x {size.columns} pixels, while the header declares"
                f" {self.form.rows} x {self.form.columns}."
            )

    def _cut(self, number: int) -> bytes:
        start, end = native_extent(self.form, number)
        piece = self._view[start:end]
        if len(piece) < end - start:
            raise NoPixels(cut_off(self.form, number))
        return piece

    def _bits(self, number: int, coded: bytes) -> Pixels:
        skipped = (number - 1) * self.form.native_bits % 8
        bits = np.unpackbits(np.frombuffer(coded, np.uint8), bitorder="little")
        wanted = bits[skipped : skipped + self.form.native_bits]
        return wanted.reshape(self.form.rows, self.form.columns, self.form.samples).squeeze(-1)

    def _fragments(self, number: int) -> bytes:
        form, view = self.form, self._view
        source: Any = BytesIO(view) if isinstance(view, bytes) else view
        source.seek(form.offset)
        try:
            return get_frame(
                source, number - 1, number_of_frames=form.frames, extended_offsets=self._extended_offsets()
            )
        except Exception as error:
            raise NoPixels(cut_off(form, number)) from error

    def _extended_offsets(self) -> tuple[bytes, bytes] | None:
        tables = [
            self.header.data_set.element(word)
            for word in ("ExtendedOffsetTable", "ExtendedOffsetTableLengths")
        ]
        values = [table.values[0] for table in tables if table and table.values]
        match values:
            case (bytes() as offsets, bytes() as lengths):
                return offsets, lengths
        return None


@contextmanager
def opened(path: Path) -> Iterator[Stored]:
    """A file's pixels; NoPixels when it has none, FileNotFoundError when it is not there."""
    header, form = described(path)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
        yield Stored(view, header, form)


# A file is named by its digest and never changes; a volume's frames are asked for one by one.
@lru_cache(maxsize=64)
def described(path: Path) -> tuple[Header, PixelForm]:
    """A file's header, with the look-up tables in it, and the form of its pixels."""
    return read(path, _LIMITS)
