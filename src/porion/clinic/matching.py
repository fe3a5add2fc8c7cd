"""Whose image may this be: candidates from the register for a claimed identity, graded and explained."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum, log2
from typing import TYPE_CHECKING

from porion.clinic.blocks import block_keys, lookup_keys, terms
from porion.clinic.default_model import DEFAULT_MODEL
from porion.clinic.evidence import Context, FieldEvidence, evidence
from porion.clinic.explanation import explain
from porion.clinic.grade import VERDICTS, Grade
from porion.clinic.levels import Level
from porion.clinic.model import Model
from porion.clinic.profile import Profile, claim_profile
from porion.clinic.search import Register, Scored, search
from porion.clinic.vetoes import Case, Objection, vetoes

if TYPE_CHECKING:
    from collections.abc import Collection

    from porion.clinic.patient import Patient
    from porion.dicom.person import ClaimedIdentity

__all__ = [
    "DEFAULT_MODEL",
    "Candidate",
    "FieldEvidence",
    "Grade",
    "Model",
    "Register",
    "block_keys",
    "lookup_keys",
    "match",
    "terms",
]


VERIFIED_BEFORE = FieldEvidence(
    "remembered", "", "", "verified before", 0.0, "a person linked the same claim from the same source before"
)
STEP_ANSWERED = FieldEvidence(
    "worklist", "", "", "step answered", 0.0, "the image answers a step that was scheduled for this patient"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A patient proposed for a claimed identity.

    ``bits`` are log2 odds with the prior; ``odds`` are open-set, shared with the other candidates and
    with nobody; ``gap`` is bits ahead of the best other answer, "not in the register" (0 bits) included,
    and negative behind it. The bits of ``evidence`` add up to ``bits``. ``vetoes`` forbid "certain".
    """

    patient: Patient
    grade: Grade
    bits: float
    odds: float
    gap: float
    vetoes: tuple[Objection, ...]
    evidence: tuple[FieldEvidence, ...]
    explanation: str


@dataclass(frozen=True, slots=True)
class _Field:
    """All candidates of one claim together: what each must be weighed against."""

    claimed: Profile
    context: Context
    open: tuple[Scored, ...]
    agreeing: frozenset[str]
    conflicting: bool
    verified_before: str | None
    step_of: Patient | None

    def answers_a_step(self, one: Scored) -> bool:
        """Whether the image answers this patient's step, and name and birth date agree with that."""
        return self.step_of is not None and one.id == self.step_of.id and one.comparison.same_person_exactly

    def beyond(self, one: Scored) -> tuple[FieldEvidence, ...]:
        """What speaks for a candidate beside the score, the strongest first."""
        said = ((STEP_ANSWERED, self.answers_a_step(one)), (VERIFIED_BEFORE, one.id == self.verified_before))
        return tuple(line for line, holds in said if holds)

    def standing(self, one: Scored) -> tuple[float, float]:
        """Open-set odds and gap of one candidate against the other open ones."""
        others = [other.bits for other in self.open if other.id != one.id]
        odds = 2.0**one.bits / (1.0 + fsum([2.0**bits for bits in others]))
        return odds, one.bits - max([0.0, *others])

    def vetoes(self, one: Scored, beyond: tuple[FieldEvidence, ...]) -> tuple[Objection, ...]:
        """What is to be said against one candidate; all that agree on name and birth date are its rivals."""
        others = [other for other in self.open if other.id != one.id]
        agreeing = self.agreeing if one.id in self.agreeing else frozenset()
        near = [other for other in others if abs(other.bits - one.bits) < self.context.model.level_bits]
        stepped = self.step_of
        return vetoes(
            Case(
                self.claimed,
                one.comparison,
                rivals=tuple([other.comparison.patient for other in others if other.id in agreeing]),
                conflicting=self.conflicting,
                as_likely=tuple([each.comparison.patient for each in near if each.id not in agreeing]),
                spoken_for=bool(beyond),
                step_of_another=stepped if stepped and stepped.id != one.id else None,
            )
        )


def match(
    claim: ClaimedIdentity,
    register: Register,
    *,
    rejected: Collection[str] = (),
    model: Model = DEFAULT_MODEL,
    limit: int = 5,
    conflicting: bool = False,
    verified_before: str | None = None,
    step_of: Patient | None = None,
) -> tuple[Candidate, ...]:
    """At most ``limit`` candidates for a claim, best first, those that a person ruled out last.

    ``rejected`` are the ids of patients ruled out for this claim; they no longer count as rivals.
    ``conflicting`` says that the series of the study disagree on the patient. ``verified_before`` is the
    patient whom a person found behind the same claim from the same source, nothing having changed since;
    ``step_of`` the one for whom the step was scheduled that the image answers, which counts when name and
    birth date agree: as the best candidate either is certain, unless a veto holds.
    """
    claimed = claim_profile(claim)
    context, scored = search(claimed, register, model, limit + len(rejected))
    standing = tuple(each for each in scored if each.id not in rejected)
    ruled_out = tuple(each for each in scored if each.id in rejected)
    agreeing = frozenset(each.id for each in standing if each.comparison.same_person_by_name)
    field = _Field(claimed, context, standing, agreeing, conflicting, verified_before, step_of)
    chosen = (*standing, *ruled_out)[: max(limit, 0)]
    return tuple(_candidate(each, field, rejected=each.id in rejected) for each in chosen)


def _candidate(one: Scored, field: _Field, *, rejected: bool) -> Candidate:
    odds, gap = field.standing(one)
    spoken = field.beyond(one)
    forbidden = field.vetoes(one, spoken)
    beyond = () if rejected else spoken
    lines = (*evidence(field.claimed, one.comparison, field.context, one.weighed), *beyond)
    grade = Grade.CERTAINLY_NOT if rejected else _grade(one, odds, gap, forbidden, field.context.model)
    verdict = VERDICTS[grade]
    if beyond and gap > 0 and not forbidden:
        reason = beyond[0].reason
        grade, verdict = Grade.CERTAIN, f"{reason[0].upper()}{reason[1:]}."
    words = explain(lines, odds, gap, [each.sentence for each in forbidden], verdict)
    if rejected:
        words = f"{VERDICTS[grade]} {words}"
    return Candidate(one.comparison.patient, grade, one.bits, odds, gap, forbidden, lines, words)


def _grade(one: Scored, odds: float, gap: float, forbidden: Collection[Objection], model: Model) -> Grade:
    """Certain needs two independent kinds of evidence: the exact ID within its issuer, and name with date."""
    two_kinds = one.comparison.same_person_exactly and one.comparison.patient_id.level is Level.SAME
    clear = log2(odds) >= model.certain_bits and gap >= model.certain_gap
    if two_kinds and clear and not forbidden:
        return Grade.CERTAIN
    return Grade.PROBABLE if one.bits >= model.probable_bits else Grade.POSSIBLE
