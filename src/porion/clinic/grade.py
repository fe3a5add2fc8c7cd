"""How sure the matcher is of a candidate."""

from __future__ import annotations

from enum import StrEnum


class Grade(StrEnum):
    """FHIR's match-grade (R4 value set); only a person turns any of them into a link."""

    CERTAIN = "certain"
    PROBABLE = "probable"
    POSSIBLE = "possible"
    CERTAINLY_NOT = "certainly-not"


VERDICTS = {
    Grade.CERTAIN: "The ID from its issuer and name with birth date agree independently.",
    Grade.PROBABLE: "Nothing forbids it, but certain needs the very same birth date and a clear lead.",
    Grade.POSSIBLE: "Too little speaks for it.",
    Grade.CERTAINLY_NOT: "A person ruled this patient out.",
}
"""What a grade says when no veto does."""
