"""Directories that belong to a process while it lives: a lock says so, and falls with the process."""

from __future__ import annotations

import fcntl
import os
import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from porion.store.disk import flush_directories, flush_file, make_empty, told_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path


def make_room(directory: Path, files: Mapping[str, bytes], empty: Sequence[str] = ()) -> int:
    """Make a directory with small and empty files; answers the lock that holds it until it is closed."""
    # Locked under a name that nobody looks for, then renamed: no moment without a lock, and nothing torn.
    hidden = directory.with_name(f".{directory.name}")
    hidden.mkdir(parents=True)
    lock = os.open(hidden, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for name, content in files.items():
            (hidden / name).write_bytes(content)
        make_empty(lock, empty)
        # At last, and together: a journalling file system commits once for all of it.
        for name in files:
            flush_file(hidden / name)
        if files or empty:
            flush_directories([hidden])
        hidden.rename(directory)
        flush_directories([directory.parent])
    except OSError:
        shutil.rmtree(hidden, ignore_errors=True)
        os.close(lock)
        raise
    return lock


@contextmanager
def held(directory: Path) -> Iterator[None]:
    """Hold a directory; BlockingIOError when somebody else does, FileNotFoundError when it has just ended."""
    lock = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(lock)


@contextmanager
def scratch_room(root: Path, name: str) -> Iterator[Path]:
    """A directory for files under way, gone afterwards; those that dead processes left are swept first."""
    with told_in_words("The scratch directory cannot be used"):
        for left in [path for path in root.iterdir() if path.is_dir()]:
            with suppress(FileNotFoundError, BlockingIOError), held(left):
                shutil.rmtree(left, ignore_errors=True)
        lock = make_room(root / name, {})
    try:
        yield root / name
    finally:
        shutil.rmtree(root / name, ignore_errors=True)
        os.close(lock)


def remove_if_without(directory: Path, pattern: str) -> None:
    """Remove a directory unless it holds files of that pattern."""
    if not any(directory.glob(pattern)):
        # What was taken out of it stays out, or a power cut could leave files that nothing describes.
        with suppress(OSError):
            flush_directories([directory])
        shutil.rmtree(directory, ignore_errors=True)


def sweep_hidden(root: Path) -> None:
    """Remove rooms that a process began to make and did not live to rename."""
    for hidden in [path for path in root.glob(".*") if path.is_dir()]:
        with suppress(FileNotFoundError, BlockingIOError), held(hidden):
            shutil.rmtree(hidden, ignore_errors=True)
