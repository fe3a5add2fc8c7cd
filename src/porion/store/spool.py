"""The spool: the queue of what has come in and is not yet indexed, visible with ``ls``.

A batch is a directory, locked by the process that fills it. ``00000001.part`` is being written,
``00000001.dcm`` is flushed. What a process that died leaves behind is unlocked, and found at the next
start. Batches of the network door are queues: see :mod:`porion.store.inlet`.
"""

from __future__ import annotations

import json
import os
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from porion.services.errors import SourceFailed
from porion.services.ports import Spooled
from porion.store.about import ABOUT, About, read_about
from porion.store.bell import BELL, Bell
from porion.store.disk import flush_directories, told_in_words
from porion.store.inlet import DirectoryInlet
from porion.store.queue import DirectoryQueue
from porion.store.rooms import held, make_room, remove_if_without
from porion.store.slots import SlotRooms
from porion.store.space import Space
from porion.store.waiting import waiting_uids

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from porion.services.records import Origin

T = TypeVar("T")
R = TypeVar("R")

_CHUNK = 1 << 20
_NAMES = "names.jsonl"
_PREAMBLE = 128
# A batch of such files waits in memory at the worst.
_SMALL = 2 << 20
# Threads that flush.
_AT_A_TIME = 8


class DirectorySpool:
    """See :class:`porion.services.ports.Spool`."""

    def __init__(
        self,
        root: Path,
        new_id: Callable[[], str],
        checkpoint: Callable[[str], None] = lambda _step: None,
        space: Space | None = None,
    ) -> None:
        self.root = root
        self.new_id = new_id
        self.checkpoint = checkpoint
        self.space = space or Space(root)
        self.slots = SlotRooms(root, new_id)
        self._bell = Bell(root / BELL)
        # A journalling file system commits once for all the flushes that wait together.
        self.flushers = ThreadPoolExecutor(_AT_A_TIME, thread_name_prefix="flush")

    def close(self) -> None:
        """Nobody writes any more: what is sealed stays in the queue."""
        self.slots.close()

    def in_shares(self, flush: Callable[[Sequence[T]], R], everything: Sequence[T]) -> Sequence[R]:
        """Flush many things at once; what each share of them came to.

        In a few long tasks, because handing one thing to a thread costs as much as flushing it.
        """
        shares = [everything[n::_AT_A_TIME] for n in range(min(_AT_A_TIME, len(everything)))]
        return list(self.flushers.map(flush, shares)) if len(shares) > 1 else list(map(flush, shares))

    @contextmanager
    def batch(self, clinic_id: str, origin: Origin) -> Iterator[DirectoryBatch]:
        """Open a batch that no other process takes for a leftover while it is open."""
        name = self.new_id()
        directory = self.root / name
        with told_in_words("The spool cannot open a batch"):
            lock = make_room(directory, {ABOUT: About(clinic_id, origin).written()})
        opened = DirectoryBatch(self, directory, clinic_id, origin)
        try:
            yield opened
        finally:
            opened.settle()
            remove_if_without(directory, "*.dcm")
            os.close(lock)

    def inlet(self, clinic_id: str, origin: Origin) -> DirectoryInlet:
        """A way in for instances that arrive one after the other, each ready as soon as it is sealed."""
        return DirectoryInlet(self, clinic_id, origin)

    def queue(self) -> DirectoryQueue:
        """The worker's end of what inlets sealed."""
        return DirectoryQueue(self)

    def waiting(self, clinic_id: str) -> frozenset[str]:
        """The SOP Instance UIDs of what came over the network for a clinic and is not yet indexed."""
        with told_in_words("The spool cannot be read"):
            return frozenset(waiting_uids(self.root, clinic_id))

    def must_be_trusted(self) -> None:
        """See :meth:`porion.store.space.Space.must_be_trusted`."""
        self.space.must_be_trusted()

    def trust_again(self) -> None:
        """See :meth:`porion.store.space.Space.trust_again`."""
        self.space.trust_again()

    def wake(self) -> None:
        """Tell the worker that something is ready."""
        self._bell.ring()

    def path(self, entry: Spooled) -> Path:
        """Where a flushed entry lies."""
        return self.root / entry.batch / f"{entry.number:08d}.dcm"

    def release(self, entries: Sequence[Spooled]) -> None:
        """Forget entries that are indexed and archived."""
        for entry in entries:
            self.path(entry).unlink(missing_ok=True)
        self.checkpoint("spool.released")

    def leftovers(self) -> Iterator[Sequence[Spooled]]:
        """Batches that a process which ended left behind, each locked while the caller looks at it."""
        for directory in sorted(path for path in self.root.glob("[!.]*") if path.is_dir()):
            with suppress(FileNotFoundError, BlockingIOError), held(directory):
                yield _entries(directory)
                remove_if_without(directory, "*.dcm")


class DirectoryBatch:
    """See :class:`porion.services.ports.SpoolBatch`."""

    def __init__(self, spool: DirectorySpool, directory: Path, clinic_id: str, origin: Origin) -> None:
        self._spool = spool
        self._directory = directory
        self._clinic_id = clinic_id
        self._origin = origin
        self._count = 0
        self._writing: dict[int, Future[None] | None] = {}

    def put(self, stream: BinaryIO, label: str) -> Spooled:
        """Write a stream into the spool, an executable preamble zeroed on its way."""
        self._count += 1
        entry = Spooled(
            self._directory.name, self._count, self._clinic_id, replace(self._origin, label=label)
        )
        part = self._part(entry)
        self._spool.checkpoint("spool.opened")
        head = _head(stream, label)
        if len(head) < _SMALL:
            write = self._spool.flushers.submit(self._write, part, [head])
        else:
            # Too large to wait in memory: written here and now, as it is read.
            with told_in_words(f"{label} cannot be written to the spool"):
                self._write(part, chain([head], iter(partial(_read, stream, label), b"")))
            write = None
        self._writing[entry.number] = write
        return entry

    def _written(self, entry: Spooled) -> None:
        write = self._writing.pop(entry.number)
        if write is not None:
            with told_in_words(f"{entry.origin.label} cannot be written to the spool"):
                write.result()

    def _write(self, part: Path, pieces: Iterable[bytes]) -> None:
        """Write and flush a file; small ones in a thread, while the next one is read."""
        try:
            with part.open("xb") as file:
                file.writelines(pieces)
                file.flush()
                self._spool.checkpoint("spool.written")
                os.fsync(file.fileno())
        except (OSError, SourceFailed):
            part.unlink(missing_ok=True)
            raise

    def settle(self) -> None:
        """Wait for what is still being written; nobody will ask for it."""
        wait([write for write in self._writing.values() if write is not None])

    def flush(self, entries: Sequence[Spooled]) -> None:
        """Return when the entries, and the names they came under, would survive a power cut."""
        with told_in_words("The spool cannot be flushed to disk"):
            with (self._directory / _NAMES).open("a", encoding="utf-8") as names:
                for entry in entries:
                    names.write(json.dumps([entry.number, entry.origin.label]) + "\n")
                names.flush()
                os.fsync(names.fileno())
            for entry in entries:
                self._written(entry)
            self._spool.checkpoint("spool.flushed")
            for entry in entries:
                self._part(entry).rename(self._part(entry).with_suffix(".dcm"))
            flush_directories([self._directory])
        self._spool.checkpoint("spool.ready")

    def release(self, entries: Sequence[Spooled]) -> None:
        """Forget entries that are indexed and archived."""
        self._spool.release(entries)

    def _part(self, entry: Spooled) -> Path:
        return self._directory / f"{entry.number:08d}.part"


def _head(stream: BinaryIO, label: str) -> bytes:
    """The first bytes, all of a small file's, with an executable preamble zeroed."""
    head = _read(stream, label)
    while len(head) < _SMALL and (more := _read(stream, label)):
        head += more
    # PS3.10 section 7.1 leaves the preamble to applications; one that can be run is a way in.
    if head[_PREAMBLE : _PREAMBLE + 4] == b"DICM" and head[:_PREAMBLE].strip(b"\0"):
        return bytes(_PREAMBLE) + head[_PREAMBLE:]
    return head


def _read(stream: BinaryIO, label: str) -> bytes:
    try:
        return stream.read(_CHUNK)
    except OSError as error:
        raise SourceFailed(f"{label} cannot be read where it lies: {error.strerror or error}.") from error


def _entries(directory: Path) -> Sequence[Spooled]:
    about = read_about(directory)
    if about is None or about.queue:
        return []
    labels = dict(_names(directory / _NAMES))
    return [
        Spooled(
            directory.name,
            number,
            about.clinic_id,
            replace(about.origin, label=labels.get(number, about.origin.label)),
        )
        for number in sorted(int(path.stem) for path in directory.glob("*.dcm"))
    ]


def _names(path: Path) -> Iterator[tuple[int, str]]:
    """The names up to the first torn line: what follows it was never flushed, let alone acknowledged."""
    with suppress(FileNotFoundError, json.JSONDecodeError), path.open(encoding="utf-8") as lines:
        for line in lines:
            number, label = json.loads(line)
            yield int(number), str(label)
