"""Bring files in: whatever a door found goes through the spool, in batches, and is accounted for."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from porion.clinic.permissions import Action, Actor
from porion.services.errors import OutOfSpace, SourceFailed, StorageFailed, must
from porion.services.incoming import Found, Incoming
from porion.services.receive import Outcome, Result, index
from porion.services.records import Origin
from porion.services.trail import show

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from porion.services.arrival import Arrival, Unreadable
    from porion.services.ports import Porion, SpoolBatch, Spooled

# A batch shares one flush and one commit; a small one is acknowledged sooner.
BATCH_FILES = 256
BATCH_BYTES = 256 << 20


def import_found(porion: Porion, actor: Actor, door: str, found: Iterable[Found]) -> Iterator[Outcome]:
    """Receive what a door found; an outcome is given only when its file is safe.

    A file that cannot be read where it lies is an outcome like any other and stops nothing. Raises
    OutOfSpace or StorageFailed when nothing more can be kept: outcomes given before still hold.
    """
    must(actor, Action.IMPORT)
    return _import(porion, actor, door, found)


def _import(porion: Porion, actor: Actor, door: str, found: Iterable[Found]) -> Iterator[Outcome]:
    show(porion, actor, "import started", ("clinic", actor.clinic_id), {"door": door})
    origin = Origin(door=door, actor=actor.name)
    with porion.spool.batch(actor.clinic_id, origin) as batch:
        yield from _Inflow(porion, batch).run(found)


class _Inflow:
    """What has been spooled and not yet received."""

    def __init__(self, porion: Porion, batch: SpoolBatch) -> None:
        self._porion = porion
        self._batch = batch
        self._waiting: list[Spooled] = []
        self._bytes = 0
        self._read: Callable[[], list[Outcome]] = list

    def run(self, found: Iterable[Found]) -> Iterator[Outcome]:
        try:
            yield from self._all(found)
        except (OutOfSpace, StorageFailed):
            # What was flushed before is safe: its senders hear so, and the error after them.
            yield from self._read()
            raise

    def _all(self, found: Iterable[Found]) -> Iterator[Outcome]:
        for one in found:
            if isinstance(one, Incoming):
                yield from self._take(one)
            else:
                yield Outcome(one.path, Result.SKIPPED, one.reason)
            if len(self._waiting) >= BATCH_FILES or self._bytes >= BATCH_BYTES:
                yield from self._next()
        yield from self._next()
        yield from self._next()

    def _take(self, one: Incoming) -> Iterator[Outcome]:
        try:
            with one.open() as opened:
                self._waiting.append(self._batch.put(opened, one.path))
                self._bytes += one.size or 0
        except (OSError, SourceFailed) as error:
            yield Outcome(one.path, Result.SKIPPED, f"Cannot be read: {error}")

    def _next(self) -> list[Outcome]:
        """Start to read what waits, and meanwhile index what was read before."""
        waiting, self._waiting, self._bytes = self._waiting, [], 0
        before = self._read
        if waiting:
            self._batch.flush(waiting)
            self._read = partial(self._index, waiting, self._porion.examine(waiting))
        else:
            self._read = list
        return before()

    def _index(
        self, entries: list[Spooled], examined: Callable[[], Sequence[Arrival | Unreadable]]
    ) -> list[Outcome]:
        outcomes = index(self._porion, entries, examined())
        self._batch.release(entries)
        return outcomes
