"""Storage commitment (PS3.4 annex J): a promise is given only after the files were read again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from porion.clinic.permissions import Action, Actor
from porion.dicom.elements import UnreadableDicom
from porion.dicom.header import data_set_offset
from porion.services.errors import Conflict, NotFound, PorionError, must
from porion.services.records import CommitmentRow, InstanceRow, Json
from porion.services.trail import record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from porion.services.ports import Porion

MOST_REFERENCES = 10_000
# An acknowledged instance may wait in the spool: what is not indexed after this was never received.
INDEXED_WITHIN = timedelta(minutes=10)
LOOKED_AT_AGAIN = timedelta(seconds=2)
# Bytes: no file that is archived has a longer preamble and file meta group.
_HEAD = 1 << 20
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
GIVEN_UP_AFTER = timedelta(days=3)


class State(StrEnum):
    """Where a request stands."""

    WAITING = "waiting"
    READY = "ready"
    DELIVERED = "delivered"
    GIVEN_UP = "given up"


class Reason(IntEnum):
    """Failure Reason (0008,1197), PS3.3 section C.14.1.1."""

    PROCESSING_FAILURE = 0x0110
    NO_SUCH_INSTANCE = 0x0112
    CLASS_INSTANCE_CONFLICT = 0x0119


@dataclass(frozen=True, slots=True)
class Reference:
    """A SOP class and a SOP instance."""

    sop_class_uid: str
    sop_instance_uid: str


def request_commitment(
    porion: Porion,
    clinic_id: str,
    device_id: str,
    transaction_uid: str,
    references: Sequence[Reference],
    peer: Json,
) -> None:
    """Keep a request: durable when this returns. Who asks again is answered again, and at once.

    ``peer`` is where the answer goes: ``address``, ``calling`` and ``called`` AE titles, ``tls``.
    """
    asked = [[one.sop_class_uid, one.sop_instance_uid] for one in references]
    with porion.store.write(clinic_id) as tx:
        before = tx.commitments.asked_for(device_id, transaction_uid)
        if before is None:
            number = porion.new_id()
            now = porion.now()
            tx.commitments.add(
                CommitmentRow(number, device_id, transaction_uid, peer, asked, State.WAITING, now, now)
            )
        elif before.asked == asked:
            number = before.id
            tx.commitments.update(number, _asked_again(before, peer, porion.now()))
        else:
            raise Conflict(f"Transaction UID {transaction_uid} stands for other instances already.")
        about = ("commitment", number)
        record(porion, tx, peer["calling"], "commitment asked for", about, {"of": len(asked)})


def _asked_again(before: CommitmentRow, peer: Json, now: datetime) -> Json:
    changes: Json = {"peer": peer, "next_attempt_at": now}
    if before.next_attempt_at is None:  # It was over: what was true then is looked at anew.
        changes |= {"state": State.WAITING, "requested_at": now, "attempts": 0, "failed": []}
    return changes


def settle(porion: Porion, clinic_id: str) -> list[CommitmentRow]:
    """Decide what waits, and answer what is to be delivered now."""
    with porion.store.read(clinic_id) as tx:
        due = tx.commitments.due(porion.now())
    for row in due:
        if row.state == State.WAITING:
            _settle(porion, clinic_id, row)
    with porion.store.read(clinic_id) as tx:
        return [row for row in tx.commitments.due(porion.now()) if row.state == State.READY]


def clinics_with_due(porion: Porion) -> Sequence[str]:
    """The clinics where something is to be decided or delivered."""
    with porion.store.read("") as tx:
        return tx.commitments.clinics_with_due(porion.now())


def _settle(porion: Porion, clinic_id: str, row: CommitmentRow) -> None:
    uids = {instance for _, instance in row.asked}
    with porion.store.read(clinic_id) as tx:
        held = tx.imaging.instances_by_uid(uids)
    now = porion.now()
    if uids - set(held) and now - row.requested_at < INDEXED_WITHIN:
        changes: Json = {"next_attempt_at": now + LOOKED_AT_AGAIN}
    else:
        failed = [
            [*pair, int(reason)]
            for pair in row.asked
            if (reason := _why_not(porion, clinic_id, pair[0], held.get(pair[1], ()))) is not None
        ]
        changes = {"state": State.READY, "failed": failed, "next_attempt_at": now}
    with porion.store.write(clinic_id) as tx:
        tx.commitments.update(row.id, changes)


def _why_not(porion: Porion, clinic_id: str, sop_class: str, held: Sequence[InstanceRow]) -> Reason | None:
    """Why an instance cannot be committed to, or None.

    Of a conflict we hold several data sets under one UID and cannot know which one the device means:
    it is committed to when one of them has the class that was named and all of them are whole.
    """
    if not held:
        return Reason.NO_SUCH_INSTANCE
    if all(one.sop_class_uid != sop_class for one in held):
        return Reason.CLASS_INSTANCE_CONFLICT
    whole = all(is_whole(porion, clinic_id, one.digest) for one in held)
    return None if whole else Reason.PROCESSING_FAILURE


def is_whole(porion: Porion, clinic_id: str, digest: str) -> bool:
    """Whether the archived file, read again, still holds the data set of that digest.

    Read, not mapped: a sector that cannot be read is an error here, and would end the process there.
    """
    try:
        with porion.archive.open(clinic_id, digest) as file:
            file.seek(data_set_offset(file.read(_HEAD)))
            found = hashlib.sha256()
            while piece := file.read(_HEAD):
                found.update(piece)
    except (UnreadableDicom, PorionError, OSError):
        return False
    return found.hexdigest() == digest


def begin_attempt(porion: Porion, clinic_id: str, row: CommitmentRow) -> bool:
    """Whether this process is to deliver an answer now; no other one will before the next attempt is due.

    The next attempt is set first, so that an answer that nobody can deliver never holds others up.
    """
    pause = min(FIRST_PAUSE * 2 ** min(row.attempts, 10), LONGEST_PAUSE)
    changes: Json = {"attempts": row.attempts + 1, "next_attempt_at": porion.now() + pause}
    with porion.store.write(clinic_id) as tx:
        return tx.commitments.claim(row, changes)


def note_delivered(porion: Porion, clinic_id: str, row: CommitmentRow) -> None:
    """The device has its answer."""
    changes: Json = {"state": State.DELIVERED, "next_attempt_at": None, "last_error": None}
    with porion.store.write(clinic_id) as tx:
        tx.commitments.update(row.id, changes)
        detail = {"of": len(row.asked), "failed": len(row.failed)}
        record(porion, tx, "porion", "commitment answered", ("commitment", row.id), detail)


def note_undelivered(porion: Porion, clinic_id: str, row: CommitmentRow, why: str) -> None:
    """The device could not be reached: tried again, at longer and longer intervals, for three days."""
    now = porion.now()
    changes: Json = {"last_error": why}
    if now - row.requested_at > GIVEN_UP_AFTER:
        changes |= {"state": State.GIVEN_UP, "next_attempt_at": None}
    with porion.store.write(clinic_id) as tx:
        tx.commitments.update(row.id, changes)
        sentence = f"Its storage commitment could not be answered: {why}"
        tx.devices.update(row.device_id, {"last_error": sentence, "last_error_at": now})


def answering_port(porion: Porion, clinic_id: str, device_id: str) -> int:
    """Where the device listens; NotFound, with what to do, when nobody has said so."""
    with porion.store.read(clinic_id) as tx:
        device = tx.devices.get(device_id)
    if device is None or device.port is None:
        raise NotFound("Nobody told where the device listens: `porion device edit AET --port PORT`.")
    return device.port


def list_commitments(
    porion: Porion, actor: Actor, *, after: str | None = None, limit: int = 100
) -> Sequence[CommitmentRow]:
    """What devices asked us to commit to, newest first."""
    must(actor, Action.SEE_DEVICES)
    with porion.store.read(actor.clinic_id) as tx:
        return tx.commitments.list(after, limit)
