"""How far two values agree: the levels in words, and the ladders for birth date, sex and generation."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

if TYPE_CHECKING:
    from datetime import date


class Level(StrEnum):
    """Degrees of agreement; which of them a field knows stands in the model's table."""

    SAME = "same"
    UMLAUT = "same but for how an umlaut is written"
    SHORTER = "same, with fewer names on one side"
    NICKNAME = "nickname"
    CLOSE = "nearly the same"
    ONE_OF = "one of several given names"
    SHARED_PART = "one part shared"
    INITIAL = "initial only"
    SIMILAR = "similar"
    FIRST_ONLY = "first name shared, others differ"
    SWAPPED = "month and day swapped"
    ONE_EDIT = "one digit or letter differs"
    OTHER_YEAR = "one digit of the year differs"
    TWO_EDITS = "two digits differ"
    SAME_YEAR = "same year only"
    SAME_DIGITS = "same digits"
    SAME_UNISSUED = "same, issuer not stated"
    SAME_DIGITS_UNISSUED = "same digits, issuer not stated"
    OTHER_UNISSUED = "different, issuer not stated"
    FOREIGN = "from another issuer, says nothing"
    OTHER = "different"
    MISSING = "missing"

    # Levels are looked up a hundred times per candidate, and an enum's own hash is Python code.
    __hash__ = str.__hash__


# Python 3.11 calls a function for every look at a member of an enum, and a match takes hundreds of them.
SAME, OTHER, MISSING = Level.SAME, Level.OTHER, Level.MISSING

Levels = tuple[tuple[str, Level], ...]
"""Fields with the level of each."""

DATE_EDITS = {1: Level.ONE_EDIT, 2: Level.TWO_EDITS}


@lru_cache(maxsize=65_536)
def birth_date_level(claimed: date | None, registered: date | None) -> Level:
    """How far two birth dates agree; profiles leave placeholders out.

    Month and day count as swapped only when both dates are valid, that is when both are at most 12.
    """
    if not claimed or not registered:
        return MISSING
    if claimed == registered:
        return SAME
    if claimed.year == registered.year and (claimed.month, claimed.day) == (registered.day, registered.month):
        return Level.SWAPPED
    if (claimed.month, claimed.day) == (registered.month, registered.day):
        # Many strangers share a birthday and differ in one digit of the year; few in one of the day.
        edits = OSA.distance(str(claimed.year), str(registered.year), score_cutoff=1)
        return Level.OTHER_YEAR if edits == 1 else OTHER
    edits = OSA.distance(claimed.isoformat(), registered.isoformat(), score_cutoff=2)
    return DATE_EDITS.get(edits) or (Level.SAME_YEAR if claimed.year == registered.year else OTHER)


def sex_level(claimed: str, registered: str) -> Level:
    """Whether two sexes agree; only F and M can differ, everything else is neutral."""
    if claimed not in ("F", "M") or registered not in ("F", "M"):
        return MISSING
    return SAME if claimed == registered else OTHER


def suffix_level(claimed: str, registered: str) -> Level:
    """Whether two generations (Jr, Sr, II) agree; one that is not stated is neutral."""
    if not claimed or not registered:
        return MISSING
    return SAME if claimed == registered else OTHER
