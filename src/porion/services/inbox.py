"""The inbox: what waits, whose it may be, and what was decided about it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from porion.clinic.matching import Candidate, match
from porion.clinic.permissions import Action, Actor
from porion.clinic.profile import says_who
from porion.services.claims import claim_of
from porion.services.errors import NotFound, must
from porion.services.patients import staying
from porion.services.step_evidence import whose_step
from porion.services.trail import show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from porion.clinic.model import Model
    from porion.clinic.patient import Patient
    from porion.dicom.person import ClaimedIdentity
    from porion.services.ports import Porion, Transaction
    from porion.services.records import DecisionRow, ImageRow, ItemRow, Json


@dataclass(frozen=True, slots=True)
class ItemView:
    """A pending item as a person needs to see it.

    ``snapshot`` names the state of item and candidates; a decision carries it back, and is refused
    when something has changed in between. ``remembered`` is the decision that somebody made for the
    same claim from the same source, as long as that patient's name, birth date and sex have stayed as
    they were; ``ruled_out`` are the patients whom this claim is certainly not.
    """

    item: ItemRow
    claim: ClaimedIdentity
    images: Sequence[ImageRow]
    candidates: tuple[Candidate, ...]
    snapshot: str
    remembered: DecisionRow | None
    decisions: Sequence[DecisionRow]
    ruled_out: frozenset[str]
    model: str

    def candidate(self, patient_id: str) -> Candidate | None:
        """The candidate who is that patient."""
        return next((found for found in self.candidates if found.patient.id == patient_id), None)


def view_item(tx: Transaction, item: ItemRow, model: Model) -> ItemView:
    """Everything about an item, its candidates computed now with that model."""
    claim = claim_of(item.claim)
    images = tx.imaging.images_of([item.id])[item.id]
    ruled_out = frozenset(staying(tx, patient) for patient in tx.inbox.ruled_out(subject_of(item)))
    remembered = _remembered(tx, item, images)
    candidates = match(
        claim,
        tx.patients,
        rejected=ruled_out,
        model=model,
        conflicting=_is_contradicted(tx, item),
        verified_before=remembered.patient_id if remembered else None,
        step_of=whose_step(tx, item),
    )
    return ItemView(
        item=item,
        claim=claim,
        images=images,
        candidates=candidates,
        snapshot=_snapshot(item, images, candidates),
        remembered=remembered,
        decisions=tx.inbox.decisions_of(item.id),
        ruled_out=ruled_out,
        model=model.version,
    )


def subject_of(item: ItemRow) -> str:
    """What a decision about an item speaks of: its claim, or the item alone when that names nobody."""
    return item.claim_key if says_who(claim_of(item.claim)) else f"item|{item.id}"


def _remembered(tx: Transaction, item: ItemRow, images: Sequence[ImageRow]) -> DecisionRow | None:
    decision = tx.inbox.remembered(subject_of(item), {image.source_key for image in images})
    if decision is None or decision.patient_id is None:
        return None
    patient = tx.patients.get(decision.patient_id)
    if patient is None or decision.detail.get("identity") != identity_of(patient):
        return None
    return replace(decision, patient_id=staying(tx, decision.patient_id))


def identity_of(patient: Patient) -> Json:
    """What a person sees of somebody's identity when they verify it; a decision keeps it."""
    return {
        "family": patient.name.family,
        "given": patient.name.given,
        "birthDate": patient.birth_date.isoformat() if patient.birth_date else None,
        "sex": patient.sex,
    }


def _is_contradicted(tx: Transaction, item: ItemRow) -> bool:
    """Whether images of the same study claim somebody else."""
    others = tx.inbox.items_of_study(item.study_id)
    return any(other.claim_key != item.claim_key for other in others if other.state != "quarantined")


def _snapshot(item: ItemRow, images: Sequence[ImageRow], candidates: Sequence[Candidate]) -> str:
    shown = [[c.patient.id, c.patient.version, c.grade] for c in candidates]
    seen = [item.id, item.version, [image.id for image in images], shown]
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:32]


def find_item(tx: Transaction, item_id: str) -> ItemRow:
    """The item, or NotFound."""
    item = tx.inbox.items([item_id]).get(item_id)
    if item is None:
        raise NotFound(f"There is no pending item {item_id} in this clinic.")
    return item


def see_item(porion: Porion, actor: Actor, item_id: str) -> ItemView:
    """One item with its images, candidates and decisions."""
    must(actor, Action.SEE_INBOX)
    with porion.store.read(actor.clinic_id) as tx:
        view = view_item(tx, find_item(tx, item_id), porion.model)
    shown = [candidate.patient.id for candidate in view.candidates]
    show(porion, actor, "candidates shown", ("item", item_id), {"patients": shown})
    return view


def list_inbox(
    porion: Porion, actor: Actor, *, state: str | None = "pending", after: str | None = None, limit: int = 50
) -> Sequence[ItemView]:
    """What waits, oldest first, each with its candidates."""
    must(actor, Action.SEE_INBOX)
    # Matching takes its time: those who write need not wait for it, only for the link about it.
    with porion.store.read(actor.clinic_id) as tx:
        views = [view_item(tx, item, porion.model) for item in tx.inbox.list_items(state, after, limit)]
    shown = {view.item.id: [candidate.patient.id for candidate in view.candidates] for view in views}
    show(porion, actor, "inbox shown", ("clinic", actor.clinic_id), {"items": shown})
    return views
