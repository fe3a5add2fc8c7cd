"""Which codec decodes what: pydicom's own decoders, with imagecodecs behind them where they have none.

Decoding goes through pydicom always: it repairs signs, bits and colours that codecs do not agree on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import imagecodecs
import numpy as np
from pydicom.pixels import get_decoder
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
)

if TYPE_CHECKING:
    from pydicom.pixels.decoders.base import DecodeRunner

_JPEG = (JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLossless, JPEGLosslessSV1)
_HTJ2K = (HTJ2K, HTJ2KLossless, HTJ2KLosslessRPCL)
_JPEG_2000 = (JPEG2000Lossless, JPEG2000)
_LABEL = "imagecodecs"

_DECODE = {
    **dict.fromkeys(_JPEG, "decode_jpeg"),
    **dict.fromkeys(_HTJ2K, "decode_htj2k"),
    **dict.fromkeys(_JPEG_2000, "decode_jpeg_2000"),
}

# What pydicom asks of a module of plugins.
DECODER_DEPENDENCIES = dict.fromkeys(_DECODE, ("numpy", "imagecodecs"))


def is_available(uid: str) -> bool:
    """Whether this module decodes that transfer syntax."""
    return uid in DECODER_DEPENDENCIES


def register() -> None:
    """Let pydicom decode with what Porion trusts; once for a process, more often does no harm."""
    for uid, name in _DECODE.items():
        decoder = get_decoder(uid)
        if _LABEL in decoder.available_plugins:
            continue
        for label in decoder.available_plugins:
            # GDCM has open memory faults; Pillow knows the others only in part.
            if label == "gdcm" or uid not in _JPEG:
                decoder.remove_plugin(label)
        decoder.add_plugin(_LABEL, (__name__, name))


def decode_jpeg(source: bytes, runner: DecodeRunner) -> bytes:
    """Any process of JPEG (ISO/IEC 10918-1), 8 to 16 bits; components as they are coded."""
    as_they_are: dict[str, Any] = {"colorspace": "RGB", "outcolorspace": "RGB"}
    colour = as_they_are if runner.samples_per_pixel > 1 else {}
    return _settled(imagecodecs.jpeg8_decode(source, **colour), runner)


def decode_htj2k(source: bytes, runner: DecodeRunner) -> bytes:
    """HTJ2K (ISO/IEC 15444-15); a colour transformation is undone."""
    return _uncoloured(imagecodecs.htj2k_decode(source, planar=False), runner)


def decode_jpeg_2000(source: bytes, runner: DecodeRunner) -> bytes:
    """JPEG 2000 (ISO/IEC 15444-1); a colour transformation is undone."""
    return _uncoloured(imagecodecs.jpeg2k_decode(source), runner)


def _uncoloured(found: Any, runner: DecodeRunner) -> bytes:
    if runner.photometric_interpretation in ("YBR_ICT", "YBR_RCT"):
        runner.set_option("photometric_interpretation", "RGB")
    return _settled(found, runner)


def _settled(found: Any, runner: DecodeRunner) -> bytes:
    """The array's bytes, when it has the shape that was promised: codecs do not say when it has not."""
    rows, columns, samples = runner.rows, runner.columns, runner.samples_per_pixel
    expected = (rows, columns) if samples == 1 else (rows, columns, samples)
    if found.shape != expected:
        raise ValueError("the stream holds another shape than the header declares")
    runner.set_option("planar_configuration", 0)
    runner.set_option("bits_allocated", found.dtype.itemsize * 8)
    return np.ascontiguousarray(found).tobytes()
