"""The audit trail: every change and every showing of patient data is a link in a chain of hashes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from porion.clinic.permissions import Action, Actor
from porion.services.audit_records import AuditRow
from porion.services.errors import must

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from porion.services.ports import Porion, Transaction
    from porion.services.records import Json


@dataclass(frozen=True, slots=True)
class ChainVerdict:
    """Whether the chain is whole; ``broken_at`` is the number of the first link that does not fit."""

    links: int
    whole: bool
    broken_at: int | None = None


def record(
    porion: Porion,
    tx: Transaction,
    actor: str,
    action: str,
    on: tuple[str, str],
    detail: Json | None = None,
) -> None:
    """Append a link about ``on`` (kind and identifier); it commits or vanishes with what it tells of.

    Names of patients do not belong into ``detail``: the identifiers are enough to find them.
    """
    _append(tx, [_Told(porion.now, actor, action, on, detail or {})])


@dataclass(frozen=True, slots=True)
class _Told:
    """What a link is to say, before it has its place in the chain."""

    now: Callable[[], datetime]
    actor: str
    action: str
    on: tuple[str, str]
    detail: Json


def _append(tx: Transaction, told: Sequence[_Told]) -> None:
    links, last = tx.audit.end()
    rows: list[AuditRow] = []
    for number, one in enumerate(told, links + 1):
        row = _link(one, number, rows[-1].hash if rows else last)
        rows.append(replace(row, hash=link_hash(row)))
    tx.audit.append(*rows)


def _link(told: _Told, number: int, previous: str) -> AuditRow:
    return AuditRow(
        number=number,
        at=told.now().isoformat(timespec="microseconds"),
        actor=told.actor,
        action=told.action,
        object_kind=told.on[0],
        object_id=told.on[1],
        detail=told.detail,
        previous=previous,
        hash="",
    )


def link_hash(row: AuditRow) -> str:
    """SHA-256 over everything in the link but its own hash, as canonical JSON."""
    content = asdict(row)
    del content["hash"]
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def show(
    porion: Porion,
    actor: Actor,
    action: str,
    on: tuple[str, str],
    detail: Json | None = None,
    *,
    lasting: bool = False,
) -> None:
    """Append a link about something shown; what cannot be audited is not shown.

    Those who look at the same time share one commit. A ``lasting`` link stands for the same person's
    looks at the same thing in the next ten minutes too: a viewer asks for a volume frame by frame.
    """
    told = _Told(porion.now, actor.name, action, on, detail or {})
    porion.store.together(actor.clinic_id, told, _append, key=(actor.name, action, on) if lasting else None)


def read_trail(
    porion: Porion, actor: Actor, *, before: int | None, limit: int, object_id: str | None
) -> Sequence[AuditRow]:
    """Links of the clinic's chain, newest first."""
    must(actor, Action.SEE_AUDIT)
    with porion.store.read(actor.clinic_id) as tx:
        return tx.audit.list(before, limit, object_id)


def verify_trail(porion: Porion, actor: Actor) -> ChainVerdict:
    """Walk the whole chain, recompute every hash, and hold its end against what the clinic remembers."""
    must(actor, Action.SEE_AUDIT)
    count, previous = 0, ""
    with porion.store.read(actor.clinic_id) as tx:
        for row in tx.audit.all():
            count += 1
            if row.number != count or row.previous != previous or row.hash != link_hash(row):
                return ChainVerdict(count, whole=False, broken_at=count)
            previous = row.hash
        whole = tx.audit.end() == (count, previous)
    return ChainVerdict(count, whole, None if whole else count + 1)
