"""From flushed files in the spool to rows and archived data sets: the way in that every door shares.

The order is the promise: the archive holds a file before a row names it, the row is committed before
the spool forgets the file, and only then does anybody hear an outcome. Doing it twice changes nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from porion.services.arrival import Arrival, Unreadable
from porion.services.indexing import Indexing
from porion.services.performed_dose import attach_dose_of
from porion.services.quirks import count_quirks
from porion.services.records import Origin, QuarantineRow
from porion.services.step_images import Came, note_images
from porion.services.trail import record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from porion.services.ports import Porion, Spooled, Transaction


class Result(StrEnum):
    """What became of a file."""

    LINKED = "linked"
    PENDING = "pending"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    QUARANTINED = "quarantined"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file, and why if that needs a reason."""

    path: str
    outcome: Result
    reason: str | None = None
    sop_instance_uid: str | None = None
    image_id: str | None = None
    category: str | None = None


def receive(porion: Porion, entries: Sequence[Spooled]) -> list[Outcome]:
    """Read and index flushed entries of one clinic; see :func:`index`."""
    return index(porion, entries, porion.examine(entries)()) if entries else []


def index(
    porion: Porion, entries: Sequence[Spooled], examined: Sequence[Arrival | Unreadable]
) -> list[Outcome]:
    """Archive and index entries of one clinic in one transaction; the caller releases them afterwards."""
    porion.checkpoint("receive.examined")
    _archive(porion, entries, examined)
    clinic_id = entries[0].clinic_id
    with porion.store.write(clinic_id) as tx:
        outcomes = _index(porion, tx, list(zip(entries, examined, strict=True)))
        count_quirks(tx, entries, examined)
        counts = Counter(outcome.outcome.value for outcome in outcomes)
        who = _who(entries[0].origin)
        record(porion, tx, who, "files received", ("batch", entries[0].batch), dict(counts))
    porion.checkpoint("receive.indexed")
    return outcomes


def _who(origin: Origin) -> str:
    return origin.actor or origin.ae_title or origin.door


def _archive(porion: Porion, entries: Sequence[Spooled], examined: Sequence[Arrival | Unreadable]) -> None:
    for entry, found in zip(entries, examined, strict=True):
        if isinstance(found, Unreadable):
            porion.archive.quarantine(entry, found.digest)
        else:
            porion.archive.keep(entry, found.digest, prefix=found.prefix, offset=found.offset)
    porion.archive.sync()


def _index(
    porion: Porion, tx: Transaction, found: Sequence[tuple[Spooled, Arrival | Unreadable]]
) -> list[Outcome]:
    arrivals = [(entry, arrival) for entry, arrival in found if isinstance(arrival, Arrival)]
    broken = [(entry, bad) for entry, bad in found if isinstance(bad, Unreadable)]
    indexing = Indexing(porion, tx, arrivals)
    outcomes: Mapping[int, Outcome] = {
        **{entry.number: _arrived(indexing, entry, arrival) for entry, arrival in arrivals},
        **_quarantine(porion, tx, broken),
    }
    indexing.write()
    _report(porion, tx, arrivals, outcomes)
    return [outcomes[entry.number] for entry, _ in found]


def _report(
    porion: Porion,
    tx: Transaction,
    arrivals: Sequence[tuple[Spooled, Arrival]],
    outcomes: Mapping[int, Outcome],
) -> None:
    """Tell the worklist what came, and bring what devices reported of it before."""
    fresh = [
        (entry, one.header, str(outcomes[entry.number].image_id))
        for entry, one in arrivals
        if outcomes[entry.number].outcome not in (Result.DUPLICATE, Result.CONFLICT)
    ]
    if not fresh:
        return
    came = [
        Came(image_id, said.study_instance_uid, said.accession_number, said.step_ids)
        for _, said, image_id in fresh
    ]
    entry = fresh[0][0]
    note_images(porion, tx, entry.clinic_id, _who(entry.origin), came)
    attach_dose_of(tx, {said.sop_instance_uid for _, said, _ in fresh})


def _arrived(indexing: Indexing, entry: Spooled, arrival: Arrival) -> Outcome:
    placed = indexing.place(entry, arrival)
    return Outcome(
        path=entry.origin.label,
        outcome=Result(placed.result),
        reason=placed.reason,
        sop_instance_uid=arrival.header.sop_instance_uid,
        image_id=placed.image_id,
        category=placed.category or arrival.image.verdict.category,
    )


def _quarantine(
    porion: Porion, tx: Transaction, broken: Sequence[tuple[Spooled, Unreadable]]
) -> dict[int, Outcome]:
    known = set(tx.imaging.quarantined_digests([bad.digest for _, bad in broken]))
    rows, outcomes = [], {}
    for entry, bad in broken:
        outcomes[entry.number] = Outcome(entry.origin.label, Result.QUARANTINED, bad.reason)
        if bad.digest not in known:
            known.add(bad.digest)
            rows.append(_quarantine_row(porion, entry, bad))
    tx.imaging.add_quarantine(rows)
    return outcomes


def _quarantine_row(porion: Porion, entry: Spooled, bad: Unreadable) -> QuarantineRow:
    origin = entry.origin
    return QuarantineRow(
        id=porion.new_id(),
        digest=bad.digest,
        size=bad.size,
        reason=bad.reason,
        path=origin.label,
        source={"door": origin.door, "aeTitle": origin.ae_title, "actor": origin.actor},
        received_at=porion.now(),
    )
