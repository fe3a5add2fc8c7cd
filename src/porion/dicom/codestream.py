"""What a compressed frame says of its own size: held against the header before anything decodes it."""

from __future__ import annotations

import struct
from typing import NamedTuple

# ISO/IEC 10918-1 table B.1 and 14495-1 C.1.1: start of frame, but for DHT (C4), JPG (C8) and DAC (CC).
_FRAME_STARTS = frozenset((*range(0xC0, 0xD0), 0xF7)) - {0xC4, 0xC8, 0xCC}
# Markers that stand alone: TEM, RST0 to RST7, SOI.
_ALONE = frozenset((0x01, *range(0xD0, 0xD9)))
_JP2 = b"\x00\x00\x00\x0cjP  "
_SIZ = b"\xff\x4f\xff\x51"
# Beyond this no writer puts a header.
_SEARCHED = 1 << 20


class CodedSize(NamedTuple):
    """Rows, columns and components of a compressed frame."""

    rows: int
    columns: int
    components: int


def coded_size(frame: bytes) -> CodedSize | None:
    """The size in the header of a JPEG, JPEG-LS, JPEG 2000 or HTJ2K stream; None when it states none."""
    try:
        return _jpeg_2000(frame) if frame[:2] != b"\xff\xd8" else _jpeg(frame)
    except struct.error:
        return None


def _jpeg(frame: bytes) -> CodedSize | None:
    at = 2
    while at < _SEARCHED:
        mark, marker = struct.unpack_from(">BB", frame, at)
        if mark != 0xFF:
            return None
        if marker == 0xFF or marker in _ALONE:
            at += 1 if marker == 0xFF else 2
            continue
        if marker in _FRAME_STARTS:
            rows, columns, components = struct.unpack_from(">HHB", frame, at + 5)
            return CodedSize(rows, columns, components)
        at += 2 + struct.unpack_from(">H", frame, at + 2)[0]
    return None


def unwrapped(frame: bytes) -> bytes:
    """The stream in a JP2 file, which pixel data must not have around it (PS3.5 A.4.4), and has."""
    if frame[:8] != _JP2:
        return frame
    at = frame.find(_SIZ, 0, _SEARCHED)
    return frame[at:] if at > 0 else b""


def _jpeg_2000(frame: bytes) -> CodedSize | None:
    """ISO/IEC 15444-1 A.5.1."""
    if frame[:4] != _SIZ:
        return None
    width, height, left, top = struct.unpack_from(">4I", frame, 8)
    components = struct.unpack_from(">H", frame, 40)[0]
    return CodedSize(height - top, width - left, components)
