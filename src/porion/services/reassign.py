"""Give images that were linked to the wrong patient to the right one, in one decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from porion.clinic.permissions import Action, Actor
from porion.services.decide import LinkRequest, link_within, must_be_fresh
from porion.services.errors import Conflict, Invalid, must
from porion.services.inbox import find_item, view_item
from porion.services.undo import standing_decisions, undo_within

if TYPE_CHECKING:
    from porion.services.ports import Porion
    from porion.services.records import DecisionRow

_LINKING = ("link", "create")
_LOOKS = 2


def reassign(porion: Porion, actor: Actor, request: LinkRequest) -> DecisionRow:
    """Take an item's link back and link it to another patient; nobody sees it unlinked in between.

    It takes two looks, however certain the other patient is, and the reason why the first was wrong.
    """
    must(actor, Action.DECIDE)
    if request.patient_id is None or not (request.reason or "").strip():
        raise Invalid("Name the patient whose images these are, and the reason why the first one was wrong.")
    if len(set(request.verified)) < _LOOKS:
        raise Invalid("Somebody was wrong before: verify two things, such as name and birthDate.")
    with porion.store.write(actor.clinic_id) as tx:
        item = find_item(tx, request.item_id)
        if item.state != "linked":
            raise Conflict(f"The item is {item.state}, not linked: link it instead.")
        if item.patient_id == request.patient_id:
            raise Conflict("The item is linked to this patient already.")
        must_be_fresh(view_item(tx, item, porion.model), request.snapshot)
        standing = standing_decisions(tx, tx.inbox.decisions_of(item.id))
        latest = next(row for row in reversed(standing) if row.kind in _LINKING)
        undo_within(porion, tx, actor, latest)
        return link_within(porion, tx, actor, view_item(tx, find_item(tx, item.id), porion.model), request)
