"""Two hundred files whose pixels are meant to bring a reader down."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from random import Random

import imagecodecs
import numpy as np
from pydicom.encaps import encapsulate
from pydicom.uid import (
    HTJ2KLossless,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from tests.builders import a_panoramic, file_bytes

_GREY = np.arange(64 * 64, dtype=np.uint16).reshape(64, 64)
_EIGHT = (_GREY >> 4).astype(np.uint8)
_CODED = {
    HTJ2KLossless: bytes(imagecodecs.htj2k_encode(_GREY)),
    JPEG2000Lossless: bytes(imagecodecs.jpeg2k_encode(_GREY, level=0, codecformat="j2k", reversible=True)),
    JPEGLSLossless: bytes(imagecodecs.jpegls_encode(_GREY)),
    JPEGBaseline8Bit: bytes(imagecodecs.jpeg8_encode(_EIGHT)),
    JPEGExtended12Bit: bytes(imagecodecs.jpeg8_encode(_EIGHT)),
    JPEGLosslessSV1: bytes(imagecodecs.jpeg8_encode(_EIGHT, lossless=True)),
    RLELossless: struct.pack("<16I", 1, 64, *[0] * 14) + b"\x81\x00" * 40,
}

_SIZES = ((65535, 65535), (65535, 32767), (46000, 46000), (65535, 1), (1, 65535), (30000, 30000))
_FRAME_STARTS = (b"\xff\xf7", b"\xff\xc0", b"\xff\xc1", b"\xff\xc3")


def hostile_files(seed: int = 7) -> Iterator[tuple[str, bytes]]:
    """Each with what is wrong with it; the same two hundred every time."""
    yield from _floods()
    yield from _bombs()
    chance = Random(seed)
    kinds = list(_CODED)
    for n in range(200 - 40):
        kind = kinds[n % len(kinds)]
        yield f"{kind} damaged {n}", _file(kind, [_damaged(_CODED[kind], chance, n)])


def _floods() -> Iterator[tuple[str, bytes]]:
    """Headers that declare far more than there is; 24 of them."""
    for rows, columns in (
        (65535, 65535),
        (65535, 32767),
        (46000, 46000),
        (65535, 1),
        (1, 65535),
        (30000, 30000),
    ):
        for frames in (1, 65535):
            yield (
                f"native {rows} x {columns} x {frames}",
                _native(Rows=rows, Columns=columns, NumberOfFrames=frames),
            )
            yield (
                f"RLE {rows} x {columns} x {frames}",
                _file(RLELossless, [_CODED[RLELossless]], Rows=rows, Columns=columns, NumberOfFrames=frames),
            )


def _bombs() -> Iterator[tuple[str, bytes]]:
    """Small streams that unpack to very much, or that lead in circles; 16 of them."""
    for kind in (JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLosslessSV1, JPEGLSLossless):
        for side in (65500, 30000):
            yield f"{kind} of {side}", _file(kind, [_resized(_CODED[kind], side)], Rows=side, Columns=side)
    for kind in (JPEG2000Lossless, HTJ2KLossless):
        for side in (65500, 30000):
            yield (
                f"{kind} of {side}",
                _file(kind, [_resized_2000(_CODED[kind], side)], Rows=side, Columns=side),
            )
    yield "JP2 box of no length", _file(JPEG2000Lossless, [b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(64)])
    packed = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    flood = packed.compress(bytes(1 << 28)) + packed.flush()
    yield "deflated 256 MiB", _native(tail=flood, Rows=8192, Columns=16384)
    yield "a table of offsets that points outside", _file(JPEGBaseline8Bit, [b"ab"], table=[0, 1 << 31])
    yield "fragments without end", _file(RLELossless, [_CODED[RLELossless]])[:-12]


def _native(tail: bytes = bytes(64), **overrides: int) -> bytes:
    made = a_panoramic(**overrides, PixelData=b"")
    made.add_new(0x7FE00010, "OW", tail + b"\0" * (len(tail) % 2))
    return file_bytes(made)


def _file(kind: str, frames: list[bytes], table: list[int] | None = None, **overrides: int) -> bytes:
    bits = 16 if kind in (HTJ2KLossless, JPEG2000Lossless, JPEGLSLossless) else 8
    described = {"Rows": 64, "Columns": 64, "BitsAllocated": bits, "BitsStored": bits, "HighBit": bits - 1}
    made = a_panoramic(**{**described, **overrides, "PixelData": b""})
    pixels = encapsulate(frames, has_bot=False)
    if table:
        pixels = b"\xfe\xff\x00\xe0" + struct.pack(f"<I{len(table)}I", 4 * len(table), *table) + pixels[8:]
    made.PixelData = pixels
    made["PixelData"].VR = "OB"
    made["PixelData"].is_undefined_length = True
    return file_bytes(made, transfer_syntax=kind)


def _damaged(code: bytes, chance: Random, n: int) -> bytes:
    """Bits turned, pieces cut out, doubled or made noise, now and then in the head."""
    found = bytearray(code)
    for _ in range(1 + n % 9):
        at = chance.randrange(len(found) if n % 3 else min(len(found), 80))
        match n % 5:
            case 0:
                found[at] ^= 1 << chance.randrange(8)
            case 1:
                del found[at : at + chance.randrange(1, 40)]
            case 2:
                found[at:at] = found[at : at + chance.randrange(1, 200)]
            case 3:
                found[at : at + 4] = chance.randbytes(4)
            case _:
                found[at:] = b"\xff" * (len(found) - at)
        found = found or bytearray(b"\0\0")
    return bytes(found)


def _resized(code: bytes, side: int) -> bytes:
    """A JPEG that calls itself so large."""
    start = next(
        code.index(b"\xff" + bytes([mark]))
        for mark in (0xF7, 0xC0, 0xC1, 0xC3)
        if b"\xff" + bytes([mark]) in code
    )
    return code[: start + 5] + struct.pack(">HH", side, side) + code[start + 9 :]


def _resized_2000(code: bytes, side: int) -> bytes:
    """A JPEG 2000 stream and its tile that call themselves so large."""
    return code[:8] + struct.pack(">6I", side, side, 0, 0, side, side) + code[32:]
