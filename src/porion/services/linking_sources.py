"""Which sources may link unattended: an administrator switches one on, the first error switches it off."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from porion.clinic.permissions import Action, Actor
from porion.services.errors import Invalid, NotFound, must
from porion.services.records import DecisionRow, LinkingSourceRow
from porion.services.trail import record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from porion.services.ports import Porion, Transaction

ONE_IN = 50
"""A person looks at one unattended link among so many, and at the first."""


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source of images, how many came from it, and what is set for it."""

    source_key: str
    images: int
    unattended: bool
    one_in: int
    linked: int
    stopped: str


def list_sources(porion: Porion, actor: Actor) -> Sequence[SourceView]:
    """Every source that images came from."""
    must(actor, Action.MANAGE_LINKING)
    with porion.store.read(actor.clinic_id) as tx:
        seen, known = tx.linking.seen(), {row.source_key: row for row in tx.linking.sources()}
    return [_view(key, seen.get(key, 0), known.get(key)) for key in sorted(seen.keys() | known.keys())]


def set_unattended(
    porion: Porion, actor: Actor, source_key: str, *, unattended: bool, one_in: int = ONE_IN
) -> SourceView:
    """Let a source link certain images by itself, or no more."""
    must(actor, Action.MANAGE_LINKING)
    if not 1 <= one_in <= ONE_IN:
        raise Invalid(f"A person looks at one link in 1 to {ONE_IN}.")
    with porion.store.write(actor.clinic_id) as tx:
        seen = tx.linking.seen()
        held = tx.linking.source(source_key)
        if source_key not in seen and held is None:
            raise NotFound(f"No image came from a source “{source_key}” yet.")
        row = LinkingSourceRow(
            source_key, unattended, one_in, held.linked if held else 0, actor.name, porion.now()
        )
        tx.linking.save(row)
        detail = {"unattended": unattended, "oneIn": one_in}
        record(porion, tx, actor.name, "unattended linking set", ("source", source_key), detail)
    return _view(source_key, seen.get(source_key, 0), row)


def _view(source_key: str, images: int, row: LinkingSourceRow | None) -> SourceView:
    if row is None:
        return SourceView(source_key, images, unattended=False, one_in=ONE_IN, linked=0, stopped="")
    return SourceView(source_key, images, row.unattended, row.one_in, row.linked, row.stopped)


def stop_after_error(porion: Porion, tx: Transaction, actor: Actor, decision: DecisionRow, why: str) -> None:
    """Switch a source off whose unattended link turned out wrong; other decisions stop nothing."""
    source_key = decision.detail.get("unattended")
    row = tx.linking.source(source_key) if source_key else None
    if row is None or not row.unattended:
        return
    stopped = f"{why} (decision {decision.id})"
    tx.linking.save(
        replace(row, unattended=False, changed_by=actor.name, changed_at=porion.now(), stopped=stopped)
    )
    record(porion, tx, actor.name, "unattended linking stopped", ("source", row.source_key), {"why": stopped})
