"""Opening files that other people named: regular files only, never through a link."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from io import BufferedReader
    from pathlib import Path

# A FIFO opened without O_NONBLOCK would wait for its writer for ever. Windows has other flags than POSIX.
_FLAGS = os.O_RDONLY
for _name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY", "O_NOINHERIT"):
    _FLAGS |= getattr(os, _name, 0)

_SPECIAL = {
    stat.S_IFLNK: "a link",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFDIR: "a folder",
}


class NotRegularFile(OSError):
    """The path is a link, pipe, socket, device or folder; the message says which."""


def special_kind(mode: int) -> str | None:
    """What a file with these mode bits is in words, None for a regular file."""
    return _SPECIAL.get(stat.S_IFMT(mode))


def open_regular(path: Path) -> BufferedReader:
    """A stream over a regular file, checked after opening, so that nothing can be swapped in between.

    OSError when it cannot be opened, among them :class:`NotRegularFile`.
    """
    descriptor = os.open(path, _FLAGS)
    try:
        special = special_kind(os.fstat(descriptor).st_mode)
        if special:
            raise NotRegularFile(f"it is {special}, not a file")
        return os.fdopen(descriptor, "rb")
    except OSError:
        os.close(descriptor)
        raise
