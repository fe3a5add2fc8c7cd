"""Patient IDs within their issuers: what counts as the same number, and what it may say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz.distance import OSA

from porion.clinic.levels import MISSING, OTHER, SAME, Level

if TYPE_CHECKING:
    from collections.abc import Iterable

    from porion.dicom.person import Identifier

SHORTEST_DIGITS = 3
"""Fewer digits agree by accident when the letters around them differ."""

SHORTEST_EDITED = 5
"""In shorter IDs a neighbour's number is one digit away."""

_SEPARATORS = re.compile(r"[\W_]+")
_NO_DIGITS = re.compile(r"[^0-9]+")


PLACEHOLDER_IDS = frozenset(
    {"unknown", "unk", "none", "null", "na", "anon", "anonymous", "test", "noid", "nopid", "tbd", "xxx"}
)
"""IDs, stripped and in lower case, that nobody was given; so is any ID of zeros or of nines only."""


class FoldedId(NamedTuple):
    """An ID as written, without separators and leading zeros, and its digits alone.

    ``issuer`` is folded for comparison, ``issued_by`` as written; a ``placeholder`` is what consoles write
    when they know no ID.
    """

    raw: str
    issuer: str
    issued_by: str
    stripped: str
    digits: str
    placeholder: bool


class IdComparison(NamedTuple):
    """The best level among all pairs of IDs, the pair, and the issuers within which IDs contradict."""

    level: Level
    claimed: str = ""
    registered: str = ""
    issuer: str = ""
    contradicted: tuple[str, ...] = ()


RANKED = (
    Level.SAME,
    Level.SAME_DIGITS,
    Level.ONE_EDIT,
    Level.SAME_UNISSUED,
    Level.SAME_DIGITS_UNISSUED,
    Level.OTHER,
    Level.OTHER_UNISSUED,
    Level.FOREIGN,
    Level.MISSING,
)
"""Agreement first, then contradiction, then what says nothing: the first level found decides."""

RANKS = {level: rank for rank, level in enumerate(RANKED)}

UNISSUED = {
    Level.SAME: Level.SAME_UNISSUED,
    Level.SAME_DIGITS: Level.SAME_DIGITS_UNISSUED,
}
"""What a level is worth when one side does not say who issued the ID."""


def fold_id(identifier: Identifier) -> FoldedId:
    """The comparable forms of an ID; issuers are compared without case and outer spaces."""
    raw = identifier.value.strip()
    stripped = (raw if raw.isalnum() else _SEPARATORS.sub("", raw)).casefold().lstrip("0")
    issuer = identifier.issuer.strip()
    digits = _NO_DIGITS.sub("", stripped).lstrip("0")
    nobodys = is_placeholder_id(stripped, digits)
    return FoldedId(raw, issuer.casefold(), issuer, stripped, digits, nobodys)


def usable_ids(folded: Iterable[FoldedId]) -> tuple[FoldedId, ...]:
    """The IDs that may identify somebody, in the given order."""
    return tuple([each for each in folded if each.raw and not each.placeholder])


def compare_ids(claimed: tuple[FoldedId, ...], registered: tuple[FoldedId, ...]) -> IdComparison:
    """The IDs of a claim against those of a patient."""
    if not claimed or not registered:
        return IdComparison(
            MISSING, claimed[0].raw if claimed else "", registered[0].raw if registered else ""
        )
    pairs = [(id_level(one, other), one, other) for one in claimed for other in registered]
    level, one, other = min(pairs, key=lambda pair: RANKS[pair[0]])
    return IdComparison(level, one.raw, other.raw, other.issued_by, _contradicted(pairs))


def _contradicted(pairs: list[tuple[Level, FoldedId, FoldedId]]) -> tuple[str, ...]:
    contradicted = {other.issued_by for level, one, other in pairs if _contradicts(level, one, other)}
    if not contradicted:
        return ()
    agreeing = {
        other.issued_by for level, one, other in pairs if one.issuer == other.issuer and level is not OTHER
    }
    return tuple(sorted(contradicted - agreeing))


def _contradicts(level: Level, one: FoldedId, other: FoldedId) -> bool:
    return level is OTHER and bool(one.issuer) and one.issuer == other.issuer


def id_level(one: FoldedId, other: FoldedId) -> Level:
    """The level of two IDs: exact only when the raw values and the stated issuers are the same."""
    if one.issuer and other.issuer and one.issuer != other.issuer:
        return Level.FOREIGN
    level = _value_level(one, other)
    if one.issuer and other.issuer:
        return level
    return UNISSUED.get(level, Level.OTHER_UNISSUED)


def _value_level(one: FoldedId, other: FoldedId) -> Level:
    if one.raw == other.raw:
        return SAME
    same_digits = one.digits == other.digits and len(one.digits) >= SHORTEST_DIGITS
    if one.stripped == other.stripped or same_digits:
        return Level.SAME_DIGITS
    shortest = min(len(one.stripped), len(other.stripped))
    if shortest >= SHORTEST_EDITED and OSA.distance(one.stripped, other.stripped, score_cutoff=1) == 1:
        return Level.ONE_EDIT
    return OTHER


def is_placeholder_id(stripped: str, digits: str) -> bool:
    """Whether an ID, stripped of separators and leading zeros, is nobody's."""
    nines = len(digits) >= 4 and stripped == digits and not digits.strip("9")
    return not stripped or nines or stripped in PLACEHOLDER_IDS
