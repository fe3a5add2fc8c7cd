"""A copy of an instance's frames in HTJ2K: one file, from which each frame is read by itself.

Magic, number of frames, least and greatest stored value, then where each frame begins and the last one ends.
It can be deleted at any time and is made again.
"""

from __future__ import annotations

import os
import struct
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_MAGIC = b"PORHTJ2K"
_HEAD = struct.Struct("<8sQqq")
_PLACE = struct.Struct("<Q")
_PAIR = struct.Struct("<QQ")


class BrokenCopy(Exception):
    """The file is no copy, or not all of one."""


class CopyHead(NamedTuple):
    """How many frames a copy holds, and the least and greatest stored value in them."""

    frames: int
    least: int
    most: int


def write_copy(into: Path, count: int, frames: Iterable[tuple[bytes, int, int]]) -> None:
    """Write ``count`` frames, each with its least and greatest value."""
    least, most, places = 0, 0, [_HEAD.size + _PLACE.size * (count + 1)]
    with into.open("wb") as file:
        file.write(bytes(places[0]))
        for number, (code, low, high) in enumerate(frames):
            least, most = (min(least, low), max(most, high)) if number else (low, high)
            file.write(code)
            places.append(places[-1] + len(code))
        file.seek(0)
        file.write(_HEAD.pack(_MAGIC, count, least, most))
        file.write(b"".join(map(_PLACE.pack, places)))


def read_head(path: Path) -> CopyHead:
    """What a copy says of itself; BrokenCopy when it is none."""
    with path.open("rb") as file:
        return _head(file)


def read_frame(path: Path, number: int, count: int) -> bytes:
    """A frame (from 1) of a copy that has to hold ``count``; BrokenCopy when it does not."""
    with path.open("rb") as file:
        if _head(file).frames != count:
            raise BrokenCopy
        file.seek(_HEAD.size + _PLACE.size * (number - 1))
        start, end = _unpacked(_PAIR, file)
        if not start <= end <= os.fstat(file.fileno()).st_size:
            raise BrokenCopy
        file.seek(start)
        return file.read(end - start)


def _head(file: BinaryIO) -> CopyHead:
    magic, frames, least, most = _unpacked(_HEAD, file)
    if magic != _MAGIC:
        raise BrokenCopy
    return CopyHead(frames, least, most)


def _unpacked(form: struct.Struct, file: BinaryIO) -> tuple[Any, ...]:
    try:
        return form.unpack(file.read(form.size))
    except struct.error:
        raise BrokenCopy from None
