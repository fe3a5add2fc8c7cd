"""The audit trail: who did or saw what, and whether the chain is whole."""

from typing import Annotated

from fastapi import APIRouter, Query

from porion.http.access import GuardedRoute
from porion.http.account_shapes import AuditLink, ChainAnswer, Trail, TrailWanted
from porion.http.params import TheDoor, Who
from porion.services.trail import read_trail, verify_trail

router = APIRouter(prefix="/api/audit", tags=["audit"], route_class=GuardedRoute)


@router.get("")
def trail(door: TheDoor, actor: Who, wanted: Annotated[TrailWanted, Query()]) -> Trail:
    """Links of the chain, newest first; ``object`` is the identifier of what they are about."""
    rows = read_trail(door.porion, actor, before=wanted.before, limit=wanted.limit, object_id=wanted.object)
    before = rows[-1].number if len(rows) == wanted.limit else None
    return Trail(items=[AuditLink.model_validate(row) for row in rows], before=before)


@router.get("/verify")
def verify(door: TheDoor, actor: Who) -> ChainAnswer:
    """Walk the whole chain and recompute every hash."""
    return ChainAnswer.model_validate(verify_trail(door.porion, actor))
