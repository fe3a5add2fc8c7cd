"""Take a decision back. History stays: an undo is a decision of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from porion.clinic.permissions import Action, Actor
from porion.services.errors import Conflict, NotFound, Stale, must
from porion.services.inbox import find_item
from porion.services.linking_sources import stop_after_error
from porion.services.records import DecisionRow, ItemRow
from porion.services.trail import record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from porion.services.ports import Porion, Transaction

# Decisions that no later one builds on.
_STANDS_ALONE = ("undo", "rule-out")


def undo(porion: Porion, actor: Actor, decision_id: str) -> DecisionRow:
    """Take back the latest standing decision about an item, or about an image's category or scale."""
    must(actor, Action.DECIDE)
    with porion.store.write(actor.clinic_id) as tx:
        decision = tx.inbox.decision(decision_id)
        if decision is not None and decision.kind == "merge":
            raise Conflict(f"Patients are taken apart by name: unmerge patient {decision.subject}.")
        if decision is None or decision.kind not in _REVERSALS:
            raise NotFound(f"There is no decision {decision_id} that can be undone.")
        return undo_within(porion, tx, actor, decision)


def undo_within(porion: Porion, tx: Transaction, actor: Actor, decision: DecisionRow) -> DecisionRow:
    """Take a decision back within a transaction."""
    _must_be_latest(tx, decision)
    _REVERSALS[decision.kind](tx, decision)
    undoing = DecisionRow(
        id=porion.new_id(),
        kind="undo",
        item_id=decision.item_id,
        image_id=decision.image_id,
        patient_id=decision.patient_id,
        actor=actor.name,
        made_at=porion.now(),
        subject=decision.subject,
        detail={"kind": decision.kind},
        undoes=decision.id,
    )
    tx.inbox.add_decision(undoing)
    stop_after_error(porion, tx, actor, decision, f"{actor.name} took an unattended link back")
    on = ("item", decision.item_id) if decision.item_id else ("image", str(decision.image_id))
    detail = {"decision": decision.id, "patient": decision.patient_id}
    record(porion, tx, actor.name, f"undone: {decision.kind}", on, detail)
    return undoing


def _must_be_latest(tx: Transaction, decision: DecisionRow) -> None:
    if decision.item_id:
        history = tx.inbox.decisions_of(decision.item_id)
    else:
        # What an image shows and how large it is are apart: none of the two builds on the other.
        on_image = tx.inbox.decisions_on_image(str(decision.image_id))
        history = [row for row in on_image if row.kind == decision.kind]
    if tx.inbox.undone([decision.id]):
        raise Conflict("This decision was undone already.")
    standing = standing_decisions(tx, history)
    if decision.kind not in _STANDS_ALONE and standing[-1].id != decision.id:
        raise Conflict(f"A later decision ({standing[-1].kind}) stands on this one: undo that first.")


def standing_decisions(tx: Transaction, history: Sequence[DecisionRow]) -> list[DecisionRow]:
    """The decisions of a history that later ones build on and nobody took back, oldest first."""
    undone = tx.inbox.undone([row.id for row in history])
    return [row for row in history if row.kind not in _STANDS_ALONE and row.id not in undone]


def _reopen(tx: Transaction, decision: DecisionRow) -> None:
    item = find_item(tx, str(decision.item_id))
    tx.inbox.forget(decision.id)
    _change(tx, item, {"state": "pending", "patient_id": None, "reason": None})


def _rejoin(tx: Transaction, decision: DecisionRow) -> None:
    apart = find_item(tx, decision.detail["item"])
    standing = standing_decisions(tx, tx.inbox.decisions_of(apart.id))
    if standing:
        raise Conflict(
            f"A decision ({standing[-1].kind}) stands on the part that was split off: undo it first."
        )
    images = tx.imaging.images_of([apart.id])[apart.id]
    for image in images:
        tx.imaging.update_image(image.id, {"item_id": decision.item_id})
    _change(tx, apart, {"state": "quarantined", "reason": "Rejoined with the item it was split from."})
    _change(tx, find_item(tx, str(decision.item_id)), {})


def _restore_image(tx: Transaction, decision: DecisionRow) -> None:
    tx.imaging.update_image(str(decision.image_id), decision.detail["before"])


def _nothing(_tx: Transaction, _decision: DecisionRow) -> None:
    """A ruled-out candidate counts again as soon as the undo is on record."""


def _change(tx: Transaction, item: ItemRow, changes: dict[str, object]) -> None:
    if not tx.inbox.update_item(item.id, item.version, changes):
        raise Stale("Somebody else decided about this item just now: look again.")


_REVERSALS: Mapping[str, Callable[[Transaction, DecisionRow], None]] = {
    "link": _reopen,
    "create": _reopen,
    "reject": _reopen,
    "rule-out": _nothing,
    "split": _rejoin,
    "category": _restore_image,
    "calibration": _restore_image,
}
