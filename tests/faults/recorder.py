"""What processes do to a directory, written down as they do it (disk_recorder.c), and operations that fail.

The C library is compiled when it is first needed. It is loaded into every process that gets
:meth:`Recorder.environment`, and into those that they start.
"""

from __future__ import annotations

import errno
import hashlib
import mmap
import os
import shutil
import struct
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, IntFlag
from pathlib import Path

import pytest

_SOURCE = Path(__file__).with_name("disk_recorder.c")
_RECORD = struct.Struct("<IIQQQQQIIII")
_CONTROL = struct.Struct("<QQQQQQ256s")


class Kind(IntEnum):
    """The kinds of records, in the order of disk_recorder.c."""

    CREATE = 1
    MAKE_DIRECTORY = 2
    WRITE = 3
    TRUNCATE = 4
    EXTEND = 5
    RENAME = 6
    LINK = 7
    REMOVE = 8
    SYNC_BEGIN = 9
    SYNC_END = 10
    ACKNOWLEDGE = 11
    UNRECORDABLE = 12


class Refuse(IntFlag):
    """Operations that can be made to fail: growing files, making names, flushing."""

    WRITES = 1
    NAMES = 2
    SYNCS = 4


@dataclass(frozen=True, slots=True)
class Record:
    """One operation; ``node`` and the directories are inode numbers.

    A sync's ``name`` is its file's path below the root, its ``other_name`` fsync or fdatasync.
    """

    kind: Kind
    process: int
    node: int
    directory: int
    other_directory: int
    offset: int
    length: int
    name: str
    other_name: str
    data: bytes


@dataclass(frozen=True)
class Recorder:
    """One recording: of what happens below ``root``, which must exist and be empty."""

    root: Path
    notes: Path

    @property
    def ledger(self) -> Path:
        """Whoever appends to this file tells what was acknowledged."""
        return self.notes / "ledger"

    def environment(self, *, output_tells: bool = False) -> dict[str, str]:
        """What a process needs to be recorded; ``output_tells`` takes its output for acknowledgements."""
        told = {"RECORDER_OUTPUT": "1"} if output_tells else {}
        return {
            **os.environ,
            **told,
            "LD_PRELOAD": str(library()),
            "RECORDER_ROOT": str(self.root.resolve()),
            "RECORDER_LOG": str(self.notes / "log"),
            "RECORDER_LEDGER": str(self.ledger),
            "RECORDER_CONTROL": str(self._page()),
        }

    def records(self) -> Iterator[Record]:
        """What was recorded, in its order."""
        with (self.notes / "log").open("rb") as log:
            while head := log.read(_RECORD.size):
                kind, process, *numbers, name, other_name, data, _ = _RECORD.unpack(head)
                texts = [log.read(length).decode() for length in (name, other_name)]
                yield Record(Kind(kind), process, *numbers, *texts, log.read(data))

    def refuse(
        self,
        operations: Refuse,
        *,
        error: int = errno.ENOSPC,
        first: int = 1,
        count: int = 1 << 60,
        pattern: str = "*",
    ) -> None:
        """From now on ``count`` such operations fail, from the ``first`` on, on paths of that pattern."""
        self._write(operations, first, count, error, pattern)

    def permit(self) -> None:
        """From now on nothing fails."""
        self._write(Refuse(0), 1, 0, 0, "*")

    def counts(self) -> tuple[int, int]:
        """How many operations of the refused kinds came by, and how many of them failed."""
        seen, failed = _CONTROL.unpack(self._page().read_bytes()[: _CONTROL.size])[4:6]
        return seen, failed

    def _write(self, operations: Refuse, first: int, count: int, error: int, pattern: str) -> None:
        rule = _CONTROL.pack(operations, first, count, error, 0, 0, pattern.encode())
        with self._page().open("r+b") as file, mmap.mmap(file.fileno(), 0) as page:
            page[: len(rule)] = rule

    def _page(self) -> Path:
        page = self.notes / "control"
        if not page.exists():
            page.write_bytes(bytes(4096))
        return page


def recorder(folder: Path) -> Recorder:
    """A recorder that keeps its root and its notes in a folder."""
    made = Recorder(folder / "disk", folder / "notes")
    made.root.mkdir(parents=True)
    made.notes.mkdir()
    return made


def library() -> Path:
    """The compiled library; without a compiler a test is skipped, and fails where CI is set."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        reason = "the compiler gcc is not installed"
        if os.environ.get("CI"):
            pytest.fail(f"{reason}, and CI must have it", pytrace=False)
        pytest.skip(reason)
    mark = hashlib.sha256(_SOURCE.read_bytes()).hexdigest()[:16]
    target = Path(tempfile.gettempdir()) / f"porion-disk-recorder-{os.getuid()}-{mark}.so"
    if not target.exists():
        with tempfile.TemporaryDirectory() as folder:
            made = Path(folder) / target.name
            command = [compiler, "-shared", "-fPIC", "-O2", "-o", str(made), str(_SOURCE), "-pthread"]
            subprocess.run(command, check=True, capture_output=True)
            # Several test processes may compile at once: the last rename wins, and all are the same.
            beside = target.with_suffix(f".{os.getpid()}")
            shutil.copy(made, beside)
            beside.rename(target)
    return target
