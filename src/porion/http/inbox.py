"""The inbox: what waits, its candidates, and the decisions about it."""

from typing import Annotated

from fastapi import APIRouter, Query

from porion.clinic.permissions import Actor
from porion.http.access import GuardedRoute
from porion.http.inbox_shapes import (
    Candidates,
    CreatePatient,
    DecisionAnswer,
    ItemsWanted,
    Linked,
    MatchRequest,
    PendingItem,
    PendingItems,
    Reassignment,
    Rejection,
    SplitRequest,
    candidates_answer,
    decision_answer,
    pending_item,
)
from porion.http.params import PathId, TheDoor, Who
from porion.http.shapes import next_cursor
from porion.services.decide import LinkRequest, link, reject, rule_out, split
from porion.services.errors import Invalid
from porion.services.images import list_images
from porion.services.inbox import list_inbox, see_item
from porion.services.ports import Porion
from porion.services.reassign import reassign
from porion.services.records import DecisionRow, ImageFilter
from porion.services.undo import undo

router = APIRouter(prefix="/api/imaging", tags=["inbox"], route_class=GuardedRoute)

_ALL = 10_000


@router.post("/dicom/match")
def match(door: TheDoor, actor: Who, body: MatchRequest) -> Candidates | Linked:
    """Whose a pending item may be; with a patient and what was verified, link its images to them.

    The snapshot of the candidates that were looked at comes back with the decision, which is refused
    as stale when something has changed in between.
    """
    if body.patient_id is None:
        if body.verified:
            raise Invalid("Name the patientId that was verified: without one, only candidates are shown.")
        return candidates_answer(see_item(door.porion, actor, body.pending_id))
    wanted = LinkRequest(body.pending_id, body.patient_id, tuple(body.verified), body.snapshot, body.reason)
    return _linked(door.porion, actor, link(door.porion, actor, wanted))


@router.get("/pending")
def list_pending(door: TheDoor, actor: Who, wanted: Annotated[ItemsWanted, Query()]) -> PendingItems:
    """What waits, whoever waits longest first."""
    state = None if wanted.status == "all" else wanted.status
    views = list_inbox(door.porion, actor, state=state, after=wanted.cursor, limit=wanted.limit)
    cursor = next_cursor([view.item for view in views], wanted)
    return PendingItems(items=[pending_item(view) for view in views], next_cursor=cursor)


@router.get("/pending/{pending_id}")
def see_pending(door: TheDoor, actor: Who, pending_id: PathId) -> PendingItem:
    """One item with its images, candidates and decisions."""
    return pending_item(see_item(door.porion, actor, pending_id))


@router.post("/pending/{pending_id}/create-patient", status_code=201)
def create_patient(door: TheDoor, actor: Who, pending_id: PathId, body: CreatePatient) -> Linked:
    """Make a patient of the claimed identity and link the item's images to them."""
    wanted = LinkRequest(pending_id, None, tuple(body.verified), body.snapshot, body.reason)
    return _linked(door.porion, actor, link(door.porion, actor, wanted))


@router.post("/pending/{pending_id}/reject")
def reject_item(door: TheDoor, actor: Who, pending_id: PathId, body: Rejection) -> DecisionAnswer:
    """Put the item's images aside; with a patient, only rule that candidate out."""
    if body.patient_id is None:
        return decision_answer(reject(door.porion, actor, pending_id, body.reason))
    return decision_answer(rule_out(door.porion, actor, pending_id, body.patient_id, body.reason))


@router.post("/pending/{pending_id}/reassign")
def reassign_item(door: TheDoor, actor: Who, pending_id: PathId, body: Reassignment) -> Linked:
    """Take an item's link back and link it to another patient, in one decision."""
    wanted = LinkRequest(pending_id, body.patient_id, tuple(body.verified), body.snapshot, body.reason)
    return _linked(door.porion, actor, reassign(door.porion, actor, wanted))


@router.post("/pending/{pending_id}/split")
def split_item(door: TheDoor, actor: Who, pending_id: PathId, body: SplitRequest) -> DecisionAnswer:
    """Let some of the item's images wait by themselves; ``detail.item`` is the new item."""
    return decision_answer(split(door.porion, actor, pending_id, body.image_ids))


@router.post("/decisions/{decision_id}/undo")
def undo_decision(door: TheDoor, actor: Who, decision_id: PathId) -> DecisionAnswer:
    """Take the latest decision back; the history keeps both."""
    return decision_answer(undo(door.porion, actor, decision_id))


def _linked(porion: Porion, actor: Actor, decision: DecisionRow) -> Linked:
    views = list_images(porion, actor, ImageFilter(item_id=decision.item_id), limit=_ALL)
    return Linked(
        decision_id=decision.id,
        status="linked",
        patient_id=str(decision.patient_id),
        image_ids=[view.image.id for view in views],
    )
