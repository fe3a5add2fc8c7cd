"""Make in the background what viewers will ask for: copies of volumes' frames, thumbnails of everything.

Instances are taken in the order in which they came, when they have settled; a mark remembers how far
it went. What is there is not made again, so that a cut-off round can simply be begun anew.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from porion.services.errors import NotFound, Unshowable
from porion.services.front import front_of
from porion.services.pixel_ports import Held

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from porion.services.ports import Porion, Transaction
    from porion.services.records import InstanceRow

# While a volume arrives, its slices are left alone.
SETTLES = timedelta(seconds=30)
# Instances of one round: the mark moves on behind them, and whoever wants to stop is heard.
_ROUND = 40


class Derived(NamedTuple):
    """What a round did: how many instances it looked at, and which could not be shown."""

    instances: int
    unshowable: Sequence[str]


class _Task(NamedTuple):
    held: Held
    frames: bool
    thumbnail: bool


def derive_round(porion: Porion) -> Derived:
    """One round for every clinic."""
    with porion.store.read("") as tx:
        clinics = [clinic_id for clinic_id, _ in tx.accounts.clinics()]
    rounds = [derive_some(porion, clinic_id) for clinic_id in clinics]
    return Derived(sum(one.instances for one in rounds), [name for one in rounds for name in one.unshowable])


def derive_some(porion: Porion, clinic_id: str) -> Derived:
    """The next settled instances of a clinic; OutOfSpace before the disk is short."""
    due = _due(porion, clinic_id)
    if not due:
        return Derived(0, ())
    with porion.store.read(clinic_id) as tx:
        tasks = list(_tasks(tx, clinic_id, due))
    unshowable = [task.held.digest for task in tasks if not _done(porion, task)]
    porion.pixels.note_progress(clinic_id, due[-1].id)
    return Derived(len(due), unshowable)


def _due(porion: Porion, clinic_id: str) -> Sequence[InstanceRow]:
    with porion.store.read(clinic_id) as tx:
        fresh = tx.imaging.instances_after(porion.pixels.progress(clinic_id), _ROUND)
    settled = porion.now() - SETTLES
    return list(takewhile(lambda row: row.received_at <= settled, fresh))


def _tasks(tx: Transaction, clinic_id: str, due: Sequence[InstanceRow]) -> Iterator[_Task]:
    for image_id in dict.fromkeys(row.image_id for row in due if row.image_id):
        image = tx.imaging.image(image_id)
        if image is None or image.category is None:
            continue
        if image.volume is not None:
            for row in due:
                if row.image_id == image_id:
                    yield _Task(Held(clinic_id, row.digest), frames=True, thumbnail=False)
        # The middle may be a slice that came in an earlier round, when it was not the middle yet.
        front = front_of(tx, image)
        if front is not None:
            yield _Task(Held(clinic_id, front.digest), frames=False, thumbnail=True)


def _done(porion: Porion, task: _Task) -> bool:
    try:
        if porion.pixels.prepare(task.held, frames=task.frames, thumbnail=task.thumbnail):
            porion.checkpoint("derived")
    except (Unshowable, NotFound):
        return False
    return True
