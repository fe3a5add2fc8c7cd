"""What came over the network is indexed from the spool, as many instances as wait at a time."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from porion.services.arrival import Arrival, Unreadable
from porion.services.errors import PorionError
from porion.services.receive import index

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from porion.services.ports import Porion, Queue, Spooled

# A batch shares one transaction; a small one is found sooner.
BATCH_FILES = 256
BATCH_BYTES = 256 << 20


def index_queue(porion: Porion, queue: Queue) -> Counter[str]:
    """Index until the queue is empty; answers how many instances had which outcome.

    When the disk or the database refuses, what was taken goes back into the queue and the error is raised:
    nothing of it is lost.
    """
    outcomes: Counter[str] = Counter()
    begun = _begin(porion, queue)
    while begun is not None:
        entries, examined = begun
        ahead = None
        try:
            # Headers alone are read when it is their turn: by then more instances may have come.
            if _are_read_whole(entries):
                ahead = _begin(porion, queue)
            outcomes.update(_finish(porion, queue, entries, examined()))
        except PorionError:
            queue.give_back([*entries, *(ahead[0] if ahead else ())])
            raise
        begun = ahead or _begin(porion, queue)
    return outcomes


def _are_read_whole(entries: Sequence[Spooled]) -> bool:
    """Whether digests are still to be taken, which other processes do while one batch is indexed."""
    return any(entry.digest is None for entry in entries)


Begun = tuple["Sequence[Spooled]", "Callable[[], Sequence[Arrival | Unreadable]]"]


def _begin(porion: Porion, queue: Queue) -> Begun | None:
    entries = queue.take(BATCH_FILES, BATCH_BYTES)
    return (entries, porion.examine(entries)) if entries else None


def _finish(
    porion: Porion, queue: Queue, entries: Sequence[Spooled], examined: Sequence[Arrival | Unreadable]
) -> list[str]:
    checked = [_held_to_its_seal(entry, found) for entry, found in zip(entries, examined, strict=True)]
    outcomes = index(porion, entries, checked)
    queue.release(entries)
    return [outcome.outcome.value for outcome in outcomes]


def _held_to_its_seal(entry: Spooled, found: Arrival | Unreadable) -> Arrival | Unreadable:
    """What a power cut damaged is kept aside: it is not what the sender was told is safe."""
    if entry.sealed is None or isinstance(found, Unreadable) or found.digest == entry.sealed:
        return found
    reason = "Its bytes are not those that came (an interrupted transfer, a failing disk): send it again."
    return Unreadable(found.digest, found.size, reason)
