"""The audit trail: every change and every showing of patient data is a link in a chain of hashes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from porion.clinic.permissions import Action, Actor
from porion.services.errors import must
from porion.services.records import AuditRow, Json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from porion.services.ports import Porion, Transaction


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
    links, last = tx.audit.end()
    row = AuditRow(
        number=links + 1,
        at=porion.now().isoformat(timespec="microseconds"),
        actor=actor,
        action=action,
        object_kind=on[0],
        object_id=on[1],
        detail=detail or {},
        previous=last,
        hash="",
    )
    tx.audit.append(replace(row, hash=link_hash(row)))


def link_hash(row: AuditRow) -> str:
    """SHA-256 over everything in the link but its own hash, as canonical JSON."""
    content = asdict(row)
    del content["hash"]
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def show(porion: Porion, actor: Actor, action: str, on: tuple[str, str], detail: Json | None = None) -> None:
    """Append a link about something shown; what cannot be audited is not shown."""
    with porion.store.write(actor.clinic_id) as tx:
        record(porion, tx, actor.name, action, on, detail)


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
