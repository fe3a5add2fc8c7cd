"""Whom a claimed identity may mean, asked by another system that has no image of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from porion.clinic.matching import match
from porion.clinic.permissions import Action, Actor
from porion.services.errors import must
from porion.services.trail import show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from porion.clinic.matching import Candidate
    from porion.dicom.person import ClaimedIdentity
    from porion.services.ports import Porion


def match_claim(porion: Porion, actor: Actor, claim: ClaimedIdentity, limit: int) -> Sequence[Candidate]:
    """At most ``limit`` patients whom the claim may mean, best first; the trail keeps who was shown."""
    must(actor, Action.DECIDE)
    with porion.store.read(actor.clinic_id) as tx:
        found = match(claim, tx.patients, limit=limit, model=porion.model)
    shown = [one.patient.id for one in found]
    show(porion, actor, "candidates shown", ("clinic", actor.clinic_id), {"patients": shown})
    return found
