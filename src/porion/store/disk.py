"""What durable files need: flush, rename, and the directory flushed as well."""

from __future__ import annotations

import errno
import mmap
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from porion.services.errors import OutOfSpace, StorageFailed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Unflushed(OSError):
    """A flush that the disk refused: what could not be written may be dropped, and the next flush lie."""


@contextmanager
def told_in_words(what: str) -> Iterator[None]:
    """Turn the system's refusals into Porion's errors."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise OutOfSpace(f"{what}: the disk is full; nothing was acknowledged. Make room.") from error
        raise StorageFailed(f"{what}: {error.strerror or error}. Nothing was acknowledged.") from error


def make_empty(directory: int, names: Iterable[str]) -> None:
    """Empty files in a directory that is open."""
    for name in names:
        os.close(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o666, dir_fd=directory))


def flush_file(path: Path) -> None:
    """Return when the file's bytes would survive a power cut; Unflushed when the disk refuses."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        raise Unflushed(error.errno, error.strerror) from error
    finally:
        os.close(handle)


def flush_directories(paths: Iterable[Path]) -> None:
    """Return when the directories' entries would survive a power cut."""
    for path in sorted(set(paths)):
        flush_file(path)


@contextmanager
def mapped(path: Path) -> Iterator[memoryview]:
    """A file's bytes, read from disk only as they are touched."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if not size:  # Nothing cannot be mapped.
            yield memoryview(b"")
            return
        with mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ) as pages, memoryview(pages) as view:
            yield view


def write_durably(path: Path, content: bytes) -> None:
    """A small file, written beside its place, flushed and renamed into it."""
    beside = path.with_name(path.name + ".new")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.rename(path)
    flush_directories([path.parent])
