"""Decisions about what waits: link, create, reject, rule out, split. Appended, never changed."""

from __future__ import annotations

import re
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from porion.clinic.grade import Grade
from porion.clinic.patient import Patient
from porion.clinic.permissions import Action, Actor
from porion.clinic.verification import Verified, what_is_lacking
from porion.services.errors import Conflict, Invalid, NotFound, Stale, must
from porion.services.inbox import ItemView, find_item, identity_of, subject_of, view_item
from porion.services.patients import insert_patient
from porion.services.records import DecisionRow, ItemRow, Json
from porion.services.step_closing import close_answered
from porion.services.trail import record

if TYPE_CHECKING:
    from collections.abc import Collection

    from porion.dicom.person import ClaimedIdentity
    from porion.services.ports import Porion, Transaction


@dataclass(frozen=True, slots=True)
class LinkRequest:
    """To whom an item is to be linked, what was verified, and the snapshot that was looked at.

    Without a ``patient_id`` the patient is created from the claimed identity.
    """

    item_id: str
    patient_id: str | None
    verified: tuple[str, ...]
    snapshot: str | None = None
    reason: str | None = None


def link(porion: Porion, actor: Actor, request: LinkRequest) -> DecisionRow:
    """Link an item's images to a patient after a person verified who it is."""
    must(actor, Action.DECIDE)
    with porion.store.write(actor.clinic_id) as tx:
        view = view_item(tx, _pending(tx, request.item_id), porion.model)
        must_be_fresh(view, request.snapshot)
        if request.patient_id is None:
            return _create(porion, tx, actor, view, request)
        return link_within(porion, tx, actor, view, request)


def must_be_fresh(view: ItemView, snapshot: str | None) -> None:
    """Stale when the snapshot that somebody looked at is not of what the item is now."""
    if snapshot is not None and snapshot != view.snapshot:
        raise Stale("The item or its candidates changed since you looked: look again, then decide.")


def _pending(tx: Transaction, item_id: str) -> ItemRow:
    item = find_item(tx, item_id)
    if item.state != "pending":
        raise Conflict(f"The item is {item.state}, not pending: undo that decision first.")
    return item


def link_within(
    porion: Porion, tx: Transaction, actor: Actor, view: ItemView, request: LinkRequest
) -> DecisionRow:
    """Link within a transaction, to an active patient of the register."""
    patient = tx.patients.get(str(request.patient_id))
    if patient is None or patient.merged_into is not None:
        raise NotFound(f"There is no active patient {request.patient_id} in this clinic.")
    lacking = what_is_lacking(_grade(view, patient), _kinds(request.verified), request.reason)
    if lacking:
        raise Invalid(lacking)
    detail = _evidence_of(tx, view, patient) | {"verified": list(request.verified), "reason": request.reason}
    return _linked(porion, tx, actor, view, patient, detail)


def link_unattended(
    porion: Porion, tx: Transaction, actor: Actor, view: ItemView, patient: Patient, source_key: str
) -> DecisionRow:
    """Link to the certain candidate within a transaction, nobody having looked; the decision says so."""
    detail = _evidence_of(tx, view, patient) | {"verified": [], "reason": None, "unattended": source_key}
    return _linked(porion, tx, actor, view, patient, detail)


def _linked(
    porion: Porion, tx: Transaction, actor: Actor, view: ItemView, patient: Patient, detail: Json
) -> DecisionRow:
    decision = _decision(porion, actor, "link", view.item, patient_id=patient.id, detail=detail)
    _settle(porion, tx, actor, view, decision, {"state": "linked", "patient_id": patient.id})
    return decision


def _evidence_of(tx: Transaction, view: ItemView, patient: Patient) -> Json:
    """What was there to be seen of a patient when a decision was made."""
    candidate = view.candidate(patient.id)
    return {
        "snapshot": view.snapshot,
        "model": view.model,
        "registerSize": tx.patients.size(),
        "patientVersion": patient.version,
        "identity": identity_of(patient),
        "grade": _grade(view, patient),
        "bits": candidate.bits if candidate else None,
        "vetoes": [veto.sentence for veto in candidate.vetoes] if candidate else [],
        "evidence": [line._asdict() for line in candidate.evidence] if candidate else [],
    }


def _grade(view: ItemView, patient: Patient) -> Grade | None:
    if patient.id in view.ruled_out:
        return Grade.CERTAINLY_NOT
    candidate = view.candidate(patient.id)
    return candidate.grade if candidate else None


def _create(
    porion: Porion, tx: Transaction, actor: Actor, view: ItemView, request: LinkRequest
) -> DecisionRow:
    must(actor, Action.EDIT_PATIENTS)
    claim = view.claim
    if not (claim.name.family or claim.name.given):
        raise Invalid("The image claims no name: link it to a patient of the register instead.")
    _must_be_legible(claim)
    lacking = what_is_lacking(None, _kinds(request.verified), None)
    if lacking:
        raise Invalid(lacking)
    _must_be_new(view, request.reason)
    person = Patient("", claim.name, claim.birth_date, claim.sex, claim.identifiers)
    patient = insert_patient(porion, tx, actor, person)
    detail: Json = {
        "verified": list(request.verified),
        "snapshot": view.snapshot,
        "model": view.model,
        "reason": request.reason,
        "identity": identity_of(patient),
    }
    decision = _decision(porion, actor, "create", view.item, patient_id=patient.id, detail=detail)
    _settle(porion, tx, actor, view, decision, {"state": "linked", "patient_id": patient.id})
    return decision


# As bytes are shown that are no text in any character set, and as devices write a letter that they lost.
_ILLEGIBLE = re.compile(r"<[0-9A-F]{2}>|\?|\ufffd")


def _must_be_legible(claim: ClaimedIdentity) -> None:
    """What could not be decoded is never written into the register."""
    texts = (*astuple(claim.name), *(one.value for one in claim.identifiers))
    damaged = next((text for text in texts if _ILLEGIBLE.search(text)), None)
    if damaged is not None:
        raise Invalid(f"Letters of “{damaged}” are lost: add the patient by hand, then link to them.")


def _must_be_new(view: ItemView, reason: str | None) -> None:
    """A likely candidate is passed over only for a reason: a second entry of one person is a trap."""
    likely = [c.patient.id for c in view.candidates if c.grade in (Grade.CERTAIN, Grade.PROBABLE)]
    if likely and not (reason or "").strip():
        raise Conflict(
            f"Patient {likely[0]} may be the same person: link to them, or give the reason why not."
        )


def _kinds(words: Collection[str]) -> tuple[Verified, ...]:
    known = {kind.value: kind for kind in Verified}
    for word in words:
        if word not in known:
            raise Invalid(f"Nobody can verify “{word}”: choose among {', '.join(known)}.")
    return tuple(known[word] for word in words)


def reject(porion: Porion, actor: Actor, item_id: str, reason: str) -> DecisionRow:
    """Put an item's images aside: they are nobody's here. They stay stored, with the reason."""
    must(actor, Action.DECIDE)
    if not reason.strip():
        raise Invalid("Give the reason why these images are rejected.")
    with porion.store.write(actor.clinic_id) as tx:
        view = view_item(tx, _pending(tx, item_id), porion.model)
        decision = _decision(porion, actor, "reject", view.item, detail={"reason": reason})
        _settle(porion, tx, actor, view, decision, {"state": "quarantined", "reason": reason})
        return decision


def rule_out(porion: Porion, actor: Actor, item_id: str, patient_id: str, reason: str | None) -> DecisionRow:
    """Record that the claimed identity is certainly not this patient; it persists."""
    must(actor, Action.DECIDE)
    with porion.store.write(actor.clinic_id) as tx:
        item = _pending(tx, item_id)
        if tx.patients.get(patient_id) is None:
            raise NotFound(f"There is no patient {patient_id} in this clinic.")
        decision = _decision(
            porion, actor, "rule-out", item, patient_id=patient_id, detail={"reason": reason}
        )
        tx.inbox.add_decision(decision)
        record(porion, tx, actor.name, "candidate ruled out", ("item", item_id), {"patient": patient_id})
        return decision


def split(porion: Porion, actor: Actor, item_id: str, image_ids: Collection[str]) -> DecisionRow:
    """Move some of an item's images to an item of their own, which waits by itself."""
    must(actor, Action.DECIDE)
    with porion.store.write(actor.clinic_id) as tx:
        view = view_item(tx, _pending(tx, item_id), porion.model)
        own = {image.id for image in view.images}
        moving = set(image_ids)
        if not moving or not moving < own:
            raise Invalid(f"Choose some, not all, of the item's {len(own)} images.")
        apart = ItemRow(
            id=porion.new_id(),
            study_id=view.item.study_id,
            claim_key=view.item.claim_key,
            claim=view.item.claim,
            state="pending",
            created_at=porion.now(),
            split_from=view.item.id,
        )
        tx.inbox.add_items([apart])
        for image_id in sorted(moving):
            tx.imaging.update_image(image_id, {"item_id": apart.id})
        detail = {"images": sorted(moving), "item": apart.id}
        decision = _decision(porion, actor, "split", view.item, detail=detail)
        _settle(porion, tx, actor, view, decision, {})
        return decision


def _decision(
    porion: Porion,
    actor: Actor,
    kind: str,
    item: ItemRow,
    *,
    patient_id: str | None = None,
    detail: Json,
) -> DecisionRow:
    return DecisionRow(
        id=porion.new_id(),
        kind=kind,
        item_id=item.id,
        image_id=None,
        patient_id=patient_id,
        actor=actor.name,
        made_at=porion.now(),
        subject=subject_of(item),
        detail=detail,
    )


def _settle(
    porion: Porion, tx: Transaction, actor: Actor, view: ItemView, decision: DecisionRow, changes: Json
) -> None:
    """Write a decision and what follows from it."""
    tx.inbox.add_decision(decision)
    if not tx.inbox.update_item(view.item.id, view.item.version, changes):
        raise Stale("Somebody else decided about this item just now: look again.")
    # What nobody looked at is no evidence that somebody verified it.
    if changes.get("state") == "linked" and "unattended" not in decision.detail:
        tx.inbox.remember(subject_of(view.item), {image.source_key for image in view.images}, decision)
    if changes.get("state") == "linked":
        close_answered(porion, tx, actor, view.item, str(decision.patient_id))
    detail = {"decision": decision.id, "patient": decision.patient_id}
    record(porion, tx, actor.name, f"decision: {decision.kind}", ("item", view.item.id), detail)
