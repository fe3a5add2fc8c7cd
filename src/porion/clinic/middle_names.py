"""What the names after the first given name say: they tell twins and cousins apart."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rapidfuzz.distance import JaroWinkler

from porion.clinic.levels import MISSING, OTHER, SAME, Level

if TYPE_CHECKING:
    from porion.clinic.folding import Folded

CLOSE = 0.92
"""Jaro-Winkler similarity from which two names are one with a slip of the pen."""


@lru_cache(maxsize=65_536)
def middle_level(claimed: Folded, registered: Folded) -> Level:
    """The level of two lists of given names without the first of each; MISSING when either has one only."""
    one, other = claimed.bare[1:], registered.bare[1:]
    level = further_level(one, other)
    if level is OTHER and (claimed.bare[0] in other or registered.bare[0] in one):
        return MISSING
    return level


def further_level(one: tuple[str, ...], other: tuple[str, ...]) -> Level:
    """The level of two lists of further given names, word by word; MISSING when either is empty."""
    if not one or not other:
        return MISSING
    if one == other and len(one[0]) > 1:
        return SAME
    # Lists of different length: what both state has to agree.
    pairs = list(zip(one, other, strict=False))
    if all(a[0] == b[0] and 1 in (len(a), len(b)) for a, b in pairs):
        return Level.INITIAL
    return Level.CLOSE if all(_one_name(a, b) for a, b in pairs) else OTHER


def _one_name(one: str, other: str) -> bool:
    if 1 in (len(one), len(other)):
        return one[0] == other[0]
    return JaroWinkler.similarity(one, other) >= CLOSE
