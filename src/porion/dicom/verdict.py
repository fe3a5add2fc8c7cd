"""What the evidence adds up to: a verdict, what contradicts it, and when a person has to look."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from porion.dicom.category import CLINIC_CODES, Category, Kind

# Below this a person looks; closer than the margin to the second a person looks too.
SURE = 0.7
MARGIN = 0.1
# A category that reaches this much could have been the verdict: it contradicts the first one.
POSSIBLE = 0.5
CONTRADICTION = 0.3

CAP_RULE = "G3"
"""The rule that speaks for no category but bounds them all."""

_CORRECTION_WEIGHT = 0.6
_CORRECTION_SOURCE = "a person corrected this device and protocol before"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A rule that fired: which category it speaks for, how strongly (0..1), and the values that fired it.

    ``category`` is None for a rule that speaks of the object and not of a category; the weight of
    G3 is the most that any category may reach.
    """

    rule: str
    category: Category | None
    weight: float
    values: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an object is. ``category``, ``modality`` (the clinic's code) are None when it is no image.

    ``confidence`` is in 0..1 and already lowered by a contradiction; ``ranking`` holds all candidates
    best first with what their own evidence adds up to.
    """

    kind: Kind
    category: Category | None
    confidence: float
    needs_review: bool
    evidence: tuple[Evidence, ...]
    modality: str | None
    ranking: tuple[tuple[Category, float], ...]


def propose(verdict: Verdict, correction: Category) -> Verdict:
    """Put a person's earlier correction first in a verdict; a person still looks.

    For callers that learn of the correction only after the header was read. An object that is no
    image stays as it is.
    """
    if verdict.category is None:
        return verdict
    evidence = Evidence("R1", correction, _CORRECTION_WEIGHT, (f"category={correction}",), _CORRECTION_SOURCE)
    return weighed(verdict.kind, (*verdict.evidence, evidence), correction)


def scores(evidence: tuple[Evidence, ...]) -> dict[Category, float]:
    """Add up the evidence for each category: 1 - product of (1 - weight), at most what G3 allows."""
    most = min((e.weight for e in evidence if e.rule == CAP_RULE), default=1.0)
    named = {e.category for e in evidence if e.category}
    return {
        category: min(most, round(1 - prod(1 - e.weight for e in evidence if e.category is category), 4))
        for category in named
    }


def weighed(kind: Kind, evidence: tuple[Evidence, ...], correction: Category | None = None) -> Verdict:
    """What the evidence for an image adds up to; a ``correction`` is ranked first whatever it reaches."""
    reached = scores(evidence) or {Category.OTHER: 0.0}
    ranking = tuple(sorted(reached.items(), key=lambda c: (c[0] is not correction, -c[1], c[0])))
    first, score = ranking[0]
    rival = max((other for _, other in ranking[1:]), default=0.0)
    category = first if score >= POSSIBLE else Category.OTHER
    own = score if category is first else reached.get(Category.OTHER, 0.0)
    confidence = round(max(0.0, own - (CONTRADICTION if rival >= POSSIBLE else 0.0)), 4)
    return Verdict(
        kind=kind,
        category=category,
        confidence=confidence,
        needs_review=confidence < SURE or score - rival < MARGIN or correction is not None,
        evidence=evidence,
        modality=CLINIC_CODES[category],
        ranking=ranking,
    )
