"""A candidate in one line of words."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from porion.clinic.levels import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from porion.clinic.evidence import FieldEvidence

LABELS = {
    "given": "given name",
    "middle": "further given names",
    "family": "family name",
    "birthDate": "birth date",
    "patientId": "ID",
    "sex": "sex",
    "suffix": "generation",
    "otherScript": "name in the other script",
    "reading": "name read with",
}


def odds_in_words(odds: float) -> str:
    """``about 5,200 to 1 for``, ``about even``, ``about 30 to 1 against``."""
    if not isfinite(odds) or odds > 1e9:
        return "more than a billion to 1 for"
    if odds < 1e-9:
        return "more than a billion to 1 against"
    if 2 / 3 < odds < 3 / 2:
        return "about even"
    return f"about {_rounded(odds)} to 1 for" if odds > 1 else f"about {_rounded(1 / odds)} to 1 against"


def gap_in_words(gap: float) -> str:
    """How far the candidate is ahead of, or behind, the next likely answer."""
    if abs(gap) < 0.5:
        return "level with the next likely answer"
    return f"{abs(gap):.0f} bits {'ahead of' if gap > 0 else 'behind'} the next likely answer"


def explain(
    evidence: Iterable[FieldEvidence], odds: float, gap: float, vetoes: Sequence[str], verdict: str
) -> str:
    """Odds, fields, distance to the runner-up, and vetoes or else the verdict as one line."""
    fields = ", ".join(
        [
            f"{LABELS[each.field]} {_level_words(each)}"
            for each in evidence
            if each.level != MISSING and each.field in LABELS
        ]
    )
    start = "By weight alone" if vetoes else "Odds"
    ending = " ".join(vetoes) or verdict
    return f"{start} {odds_in_words(odds)}: {fields or 'nothing to compare'}; {gap_in_words(gap)}. {ending}"


def _level_words(line: FieldEvidence) -> str:
    return f"{line.level} ({line.reason})" if line.reason else line.level


def _rounded(odds: float) -> str:
    return f"{float(f'{odds:.2g}'):,.0f}" if odds >= 10 else f"{odds:.2g}"
