"""The worker's end of the network's spool: finds what is sealed, and clears away what never was."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from porion.dicom.file_meta import LONGEST_PREFIX, Seal, read_seal
from porion.services.ports import Spooled
from porion.store.about import read_about
from porion.store.bell import BELL, Listener
from porion.store.disk import flush_file, told_in_words
from porion.store.rooms import held, remove_if_without, sweep_hidden

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from porion.store.about import About
    from porion.store.spool import DirectorySpool

_TURN = ".worker"


class DirectoryQueue:
    """See :class:`porion.services.ports.Queue`. Only one process on a machine has its turn at it."""

    def __init__(self, spool: DirectorySpool) -> None:
        self._spool = spool
        self._taken: set[tuple[str, int]] = set()
        self._batches: dict[str, About | None] = {}
        self._listener = Listener(spool.root / BELL)
        self._turn = os.open(spool.root / _TURN, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        # What an earlier life received may have been cut off together with the power: its seals are checked.
        self._earlier: set[tuple[str, int]] | None = None

    def await_turn(self) -> None:
        """Return when no other worker serves this spool."""
        fcntl.flock(self._turn, fcntl.LOCK_EX)
        self._earlier = {_key(entry) for entry, _ in self._sealed()}

    def wait(self, seconds: float) -> bool:
        """Return when something was sealed, or after so many seconds; whether something was."""
        return self._listener.wait(seconds)

    def take(self, most: int, most_bytes: int) -> Sequence[Spooled]:
        """Entries of one clinic that nobody took yet; none when the queue is empty."""
        with told_in_words("The spool cannot be read"), self._spool.space.flushing():
            found = self._ready(most, most_bytes)
            # Sealed is not flushed yet: the receiver may still be at it, and its sender heard nothing.
            # All at once: flushes that wait together cost little more than one.
            shares = self._spool.in_shares(self._flushed, found)
        there = {_key(entry) for share in shares for entry in share}
        self._taken |= there
        return [entry for entry in found if _key(entry) in there]

    def _ready(self, most: int, most_bytes: int) -> list[Spooled]:
        ready: list[Spooled] = []
        size = 0
        for entry, seal in self._sealed():
            if ready and entry.clinic_id != ready[0].clinic_id:
                continue
            ready.append(entry)
            size += seal.size
            if len(ready) == most or size >= most_bytes:
                break
        return ready

    def _flushed(self, entries: Sequence[Spooled]) -> list[Spooled]:
        """Flush entries; those are left out that their receiver took back, because its own flush failed."""
        there = []
        for entry in entries:
            with suppress(FileNotFoundError):
                flush_file(self._spool.path(entry))
                there.append(entry)
        return there

    def give_back(self, entries: Sequence[Spooled]) -> None:
        """Entries that could not be indexed now; they are taken again later."""
        self._taken.difference_update(map(_key, entries))

    def release(self, entries: Sequence[Spooled]) -> None:
        """Forget entries that are indexed and archived."""
        self._spool.release(entries)
        self.give_back(entries)

    def tidy(self) -> None:
        """Clear away what aborted and ended associations left: empty slots, unsealed files, empty batches."""
        sweep_hidden(self._spool.root)
        for directory in self._queues():
            with suppress(FileNotFoundError, BlockingIOError), held(directory):
                for path in directory.glob("*.dcm"):
                    if _seal(path) is None:
                        path.unlink()
                remove_if_without(directory, "*.dcm")
        self._batches = {name: about for name, about in self._batches.items() if self._exists(name)}

    def close(self) -> None:
        """Let another worker have its turn."""
        self._listener.close()
        os.close(self._turn)

    def _exists(self, name: str) -> bool:
        return (self._spool.root / name).exists()

    def _queues(self) -> Iterator[Path]:
        for directory in sorted(path for path in self._spool.root.glob("[!.]*") if path.is_dir()):
            if self._about(directory) is not None:
                yield directory

    def _about(self, directory: Path) -> About | None:
        """Clinic and sender of a batch; None for one that is no queue."""
        if directory.name not in self._batches:
            about = read_about(directory)
            self._batches[directory.name] = about if about and about.queue else None
        return self._batches[directory.name]

    def _sealed(self) -> Iterator[tuple[Spooled, Seal]]:
        for directory in self._queues():
            about = self._about(directory)
            if about is None:
                continue
            for path in _filled(directory):
                key = (directory.name, int(path.stem))
                seal = None if key in self._taken else _seal(path)
                if seal is not None:
                    yield self._entry(key, about, seal), seal

    def _entry(self, key: tuple[str, int], about: About, seal: Seal) -> Spooled:
        if self._earlier is None or key in self._earlier:
            return Spooled(*key, about.clinic_id, about.origin, sealed=seal.digest)
        return Spooled(*key, about.clinic_id, about.origin, digest=seal.digest)


def _key(entry: Spooled) -> tuple[str, int]:
    return entry.batch, entry.number


def _filled(directory: Path) -> list[Path]:
    """The batch's files that are not empty slots, in their order."""
    with suppress(FileNotFoundError), os.scandir(directory) as found:
        names = [one.name for one in found if one.name.endswith(".dcm") and one.stat().st_size]
        return [directory / name for name in sorted(names)]
    return []


def _seal(path: Path) -> Seal | None:
    with suppress(FileNotFoundError), path.open("rb", buffering=0) as file:
        begin, seal = read_seal(file.read(LONGEST_PREFIX))
        if seal is not None and os.fstat(file.fileno()).st_size == begin + seal.size:
            return seal
    return None
