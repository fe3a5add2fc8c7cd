"""Arrays into a transfer syntax, always without loss."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import imagecodecs
import numpy as np
from pydicom.pixels import get_encoder
from pydicom.uid import ExplicitVRLittleEndian, HTJ2KLossless, JPEG2000Lossless, JPEGLSLossless

from porion.dicom.pixel_form import NoPixels

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from porion.dicom.pixel_form import PixelForm
    from porion.pixels.decode import Pixels


def encoded(pixels: Pixels, form: PixelForm, transfer_syntax: str) -> bytes:
    """A frame in one of :data:`ENCODERS`; NoPixels when it does not come out as it went in."""
    try:
        return bytes(ENCODERS[transfer_syntax](np.ascontiguousarray(pixels), form))
    except MemoryError:
        raise
    except Exception as error:
        bits = pixels.dtype.itemsize * 8
        raise NoPixels(f"Pixels of {bits} bits cannot be written in {transfer_syntax}.") from error


def _native(pixels: Pixels, _form: PixelForm) -> bytes:
    """Little endian (PS3.5 A.2), colour by pixel; single bits packed, the first one lowest."""
    if _form.bits_allocated == 1:
        return np.packbits(pixels, axis=None, bitorder="little").tobytes()
    return pixels.astype(pixels.dtype.newbyteorder("<"), copy=False).tobytes()


def _htj2k(pixels: Pixels, _form: PixelForm) -> Any:
    """Reversible, without a colour transformation, so that RGB stays what the header calls it."""
    return imagecodecs.htj2k_encode(pixels, reversible=True, rgb=False)


def _jpeg_2000(pixels: Pixels, form: PixelForm) -> Any:
    """Reversible, a bare stream (PS3.5 A.4.4) of as many bits as are stored."""
    return imagecodecs.jpeg2k_encode(
        pixels, level=0, codecformat="j2k", reversible=True, mct=False, bitspersample=form.bits_stored
    )


def _jpeg_ls(pixels: Pixels, form: PixelForm) -> Any:
    """Of as many bits as are stored; the stream does not know of signs (PS3.5 8.2.3)."""
    options: dict[str, Any] = {
        "number_of_frames": 1,
        "rows": form.rows,
        "columns": form.columns,
        "samples_per_pixel": form.samples,
        "bits_allocated": pixels.dtype.itemsize * 8,
        "bits_stored": form.bits_stored,
        "pixel_representation": int(form.signed),
        "photometric_interpretation": "RGB" if form.samples > 1 else "MONOCHROME2",
        "planar_configuration": 0,
    }
    return get_encoder(JPEGLSLossless).encode(pixels, **options)


# The quickest to decode first. All keep every bit; what loses some is for looking only (render.py).
ENCODERS: Mapping[str, Callable[[Pixels, PixelForm], Any]] = {
    str(HTJ2KLossless): _htj2k,
    str(ExplicitVRLittleEndian): _native,
    str(JPEGLSLossless): _jpeg_ls,
    str(JPEG2000Lossless): _jpeg_2000,
}
