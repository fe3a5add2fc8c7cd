"""Pending items, candidates and decisions as the API gives and takes them."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from porion.clinic.matching import Candidate
from porion.dicom.person import ClaimedIdentity, Identifier
from porion.http.image_shapes import CategoryEvidence, ProblemNote, Source
from porion.http.patient_shapes import IdentifierParts, PatientAnswer, VetoAnswer, patient_answer
from porion.http.shapes import Id, Json, Page, Shape, State, Text
from porion.services.inbox import ItemView
from porion.services.records import DecisionRow


class ItemsWanted(Page):
    """Which items: those that wait, unless another state is named; ``all`` for every one."""

    status: State | Literal["all"] = "pending"


class MatchRequest(Shape):
    """Alone, a pending item asks for its candidates; with a patient and what was verified it is linked."""

    pending_id: Id
    patient_id: Id | None = None
    verified: list[Text] = Field(default_factory=list, max_length=20)
    snapshot: Text | None = None
    reason: Text | None = None


class CreatePatient(Shape):
    """What was verified before the claimed identity becomes a patient."""

    verified: list[Text] = Field(max_length=20)
    snapshot: Text | None = None
    reason: Text | None = None


class Reassignment(Shape):
    """Whose the images are instead, what was verified, and why the first patient was wrong."""

    patient_id: Id
    verified: list[Text] = Field(max_length=20)
    reason: Text
    snapshot: Text | None = None


class Rejection(Shape):
    """Why; with a patient, only that candidate is ruled out and the item goes on waiting."""

    reason: Text
    patient_id: Id | None = None


class SplitRequest(Shape):
    """The images that are to wait by themselves."""

    image_ids: list[Id] = Field(min_length=1, max_length=1000)


class ClaimAnswer(Shape):
    """The identity that a header claims; ``patientId`` and ``issuer`` are the first of ``identifiers``."""

    family: str
    given: str
    middle: str
    prefix: str
    suffix: str
    patient_id: str | None
    issuer: str | None
    birth_date: date | None
    sex: str
    identifiers: list[IdentifierParts]


class EvidenceLine(Shape):
    """What one field says: both values, the level in words, bits for or against, and why."""

    field: str
    claimed: str
    registered: str
    level: str
    bits: float
    reason: str


class CandidateAnswer(Shape):
    """A patient proposed for a claimed identity, best first by ``rank``."""

    patient_id: str
    rank: int
    grade: str
    bits: float
    odds: float
    gap: float
    vetoes: list[VetoAnswer]
    explanation: str
    patient: PatientAnswer
    evidence: list[EvidenceLine]


class RememberedAnswer(Shape):
    """What a person decided before for the same claim from the same source."""

    decision_id: str
    patient_id: str | None
    by: str
    made_at: datetime


class Candidates(Shape):
    """Whose a pending item may be; ``snapshot`` goes back with the decision."""

    pending_id: str
    snapshot: str
    model: str
    claimed_identity: ClaimAnswer
    candidates: list[CandidateAnswer]
    remembered: RememberedAnswer | None
    images: list[str]


class DecisionAnswer(Shape):
    """A decision as it stands in the history."""

    decision_id: str
    kind: str
    pending_id: str | None
    image_id: str | None
    patient_id: str | None
    by: str
    made_at: datetime
    undoes: str | None
    detail: Json


class Linked(Shape):
    """Images that now belong to a patient."""

    decision_id: str
    status: str
    patient_id: str
    image_ids: list[str]


class PendingImage(Shape):
    """As much of an image as its item's row in the inbox shows."""

    id: str
    file_type: str
    category: str | None
    category_confidence: float
    category_evidence: list[CategoryEvidence]
    needs_review: bool
    modality: str | None
    dicom_modality: str | None
    acquired_at: str | None
    received_at: datetime
    source: Source
    rows: int | None
    columns: int | None
    frames: int
    slices: int | None
    problems: list[ProblemNote]


class PendingItem(Shape):
    """A pending item with its images, candidates and decisions."""

    id: str
    status: str
    patient_id: str | None
    reason: str | None
    split_from: str | None
    created_at: datetime
    snapshot: str
    model: str
    claimed_identity: ClaimAnswer
    images: list[PendingImage]
    candidates: list[CandidateAnswer]
    remembered: RememberedAnswer | None
    decisions: list[DecisionAnswer]


class PendingItems(Shape):
    """A page of pending items, those that wait longest first."""

    items: list[PendingItem]
    next_cursor: str | None


def candidates_answer(view: ItemView) -> Candidates:
    """An item's candidates."""
    return Candidates(
        pending_id=view.item.id,
        images=[image.id for image in view.images],
        **_proposed(view),
    )


def pending_item(view: ItemView) -> PendingItem:
    """An item with everything about it."""
    item = view.item
    return PendingItem(
        id=item.id,
        status=item.state,
        patient_id=item.patient_id,
        reason=item.reason,
        split_from=item.split_from,
        created_at=item.created_at,
        images=[PendingImage.model_validate(image) for image in view.images],
        decisions=[decision_answer(row) for row in view.decisions],
        **_proposed(view),
    )


def _proposed(view: ItemView) -> dict[str, Any]:
    return {
        "snapshot": view.snapshot,
        "model": view.model,
        "claimed_identity": claim_answer(view.claim),
        "candidates": [_candidate(rank, found) for rank, found in enumerate(view.candidates, 1)],
        "remembered": _remembered(view.remembered) if view.remembered else None,
    }


def claim_answer(claim: ClaimedIdentity) -> ClaimAnswer:
    """A claimed identity."""
    name = claim.name
    first = next(iter(claim.identifiers), Identifier(""))
    return ClaimAnswer(
        family=name.family,
        given=name.given,
        middle=name.middle,
        prefix=name.prefix,
        suffix=name.suffix,
        patient_id=first.value or None,
        issuer=first.issuer or None,
        birth_date=claim.birth_date,
        sex=claim.sex,
        identifiers=[IdentifierParts.model_validate(identifier) for identifier in claim.identifiers],
    )


def _candidate(rank: int, found: Candidate) -> CandidateAnswer:
    return CandidateAnswer(
        patient_id=found.patient.id,
        rank=rank,
        grade=found.grade.value,
        bits=found.bits,
        odds=found.odds,
        gap=found.gap,
        vetoes=[VetoAnswer.model_validate(veto) for veto in found.vetoes],
        explanation=found.explanation,
        patient=patient_answer(found.patient),
        evidence=[EvidenceLine.model_validate(line) for line in found.evidence],
    )


def _remembered(row: DecisionRow) -> RememberedAnswer:
    return RememberedAnswer(decision_id=row.id, patient_id=row.patient_id, by=row.actor, made_at=row.made_at)


def decision_answer(row: DecisionRow) -> DecisionAnswer:
    """A decision."""
    return DecisionAnswer(
        decision_id=row.id,
        kind=row.kind,
        pending_id=row.item_id,
        image_id=row.image_id,
        patient_id=row.patient_id,
        by=row.actor,
        made_at=row.made_at,
        undoes=row.undoes,
        detail=row.detail,
    )
