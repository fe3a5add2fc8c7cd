"""How far two written names agree: one ladder for given names, one for family names."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from nicknames import NickNamer
from rapidfuzz.distance import JaroWinkler

from porion.clinic.folding import Folded
from porion.clinic.levels import MISSING, OTHER, Level

CLOSE = 0.92
SIMILAR = 0.80
"""Jaro-Winkler similarities of the levels "nearly the same" and "similar" (docs/decisions/0006)."""

PARTICLES = frozenset(
    {
        "van",
        "von",
        "der",
        "den",
        "del",
        "della",
        "des",
        "das",
        "dos",
        "ter",
        "ten",
        "vom",
        "zum",
        "zur",
        "bin",
        "ibn",
        "abu",
        "abd",
        "bint",
        "the",
        "san",
    }
)
"""Words of three letters or more that many families share."""

SHORTEST_PART = 3
"""Letters that a shared part of a family name must have."""

# Most names have nothing in common and climb to the end: a rule asks first for what is cheap to know.
Rule = Callable[[Folded, Folded], bool]


@lru_cache(maxsize=131_072)
def given_level(claimed: Folded, registered: Folded) -> Level:
    """The level of two lists of given names, middle names included."""
    return _climb(GIVEN_LADDER, claimed, registered)


@lru_cache(maxsize=131_072)
def family_level(claimed: Folded, registered: Folded) -> Level:
    """The level of two family names."""
    return _climb(FAMILY_LADDER, claimed, registered)


def _climb(ladder: tuple[tuple[Level, Rule], ...], claimed: Folded, registered: Folded) -> Level:
    if not claimed.plain or not registered.plain:
        return MISSING
    for level, holds in ladder:
        if holds(claimed, registered):
            return level
    return OTHER


def _same(one: Folded, other: Folded) -> bool:
    return not one.wholes.isdisjoint(other.wholes)


def _umlaut(one: Folded, other: Folded) -> bool:
    return one.bare_whole == other.bare_whole


def _shorter(one: Folded, other: Folded) -> bool:
    """Whether one list of names is the other with names left out or cut to initials."""
    for a in one.words:
        for b in other.words:
            if a[0] == b[0] and (_left_out(a, b) or _left_out(b, a)):
                return True
    return False


def _left_out(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    if short[0] != long[0] or len(short) > len(long) or len(short[0]) == 1:
        return False
    return all(any(_or_initial(name, full) for full in long[1:]) for name in short[1:])


def _or_initial(one: str, other: str) -> bool:
    return one == other or (1 in (len(one), len(other)) and one[0] == other[0])


def _first_only(one: Folded, other: Folded) -> bool:
    """Whether both go on differently after the same first name, as siblings' names may."""
    if one.bare[0] != other.bare[0] or len(one.plain) == 1 or len(other.plain) == 1:
        return False
    return _alike("".join(one.plain[1:]), "".join(other.plain[1:])) < CLOSE


def _nickname(one: Folded, other: Folded) -> bool:
    first, second = one.plain[0], other.plain[0]
    return second in short_forms(first) or first in short_forms(second)


def _close_given(one: Folded, other: Folded) -> bool:
    return _in_other_order(one, other) or _similarity(one, other) >= CLOSE


def _in_other_order(one: Folded, other: Folded) -> bool:
    return len(one.plain) == len(other.plain) > 1 and sorted(one.plain) == sorted(other.plain)


def _close_family(one: Folded, other: Folded) -> bool:
    """Nearly the same without the particles, which make van der Berg look like van der Meer."""
    return _damaged(one, other) or _alike(_core(one), _core(other)) >= CLOSE


@lru_cache(maxsize=16_384)
def _core(name: Folded) -> str:
    return "".join([word for word in name.plain if word not in PARTICLES]) or name.whole


def _damaged(one: Folded, other: Folded) -> bool:
    """Whether one name is the other with letters lost on the way or its end cut off."""
    if not (one.lost or one.cut or other.lost or other.cut):
        return False
    return any(_lost_letters(*pair) or _cut_off(*pair) for pair in ((one, other), (other, one)))


def _lost_letters(damaged: Folded, other: Folded) -> bool:
    pattern = damaged.lost
    return pattern is not None and any(map(pattern.fullmatch, other.wholes))


def _cut_off(short: Folded, long: Folded) -> bool:
    return short.cut and len(short.whole) > 1 and long.whole.startswith(short.whole)


def _one_of(one: Folded, other: Folded) -> bool:
    return _is_among(one.plain, other.plain) or _is_among(other.plain, one.plain)


def _is_among(single: tuple[str, ...], several: tuple[str, ...]) -> bool:
    return len(single) == 1 < len(several) and len(single[0]) > 1 and single[0] in several


def _initial(one: Folded, other: Folded) -> bool:
    first, second = one.plain[0], other.plain[0]
    return first[0] == second[0] and 1 in (len(first), len(second))


def _similar(one: Folded, other: Folded) -> bool:
    return _similarity(one, other) >= SIMILAR


def _similar_family(one: Folded, other: Folded) -> bool:
    return _alike(_core(one), _core(other)) >= SIMILAR


def _shared_part(one: Folded, other: Folded) -> bool:
    if len(one.bare) == len(other.bare) == 1:
        return False  # it would be the same name
    shared = {*one.plain} & {*other.plain} | {*one.spelled} & {*other.spelled}
    return any(len(part) >= SHORTEST_PART and part not in PARTICLES for part in shared)


def _similarity(one: Folded, other: Folded) -> float:
    """Jaro-Winkler of the whole names, or of the first words when one side has only one."""
    whole = _alike(one.whole, other.whole)
    if (len(one.plain) == 1) == (len(other.plain) == 1):
        return whole
    return max(whole, _alike(one.plain[0], other.plain[0]))


def _alike(one: str, other: str) -> float:
    return JaroWinkler.similarity(one, other, score_cutoff=SIMILAR)


GIVEN_LADDER: tuple[tuple[Level, Rule], ...] = (
    (Level.SAME, _same),
    (Level.UMLAUT, _umlaut),
    (Level.SHORTER, _shorter),
    (Level.CLOSE, _damaged),
    (Level.FIRST_ONLY, _first_only),
    (Level.NICKNAME, _nickname),
    (Level.CLOSE, _close_given),
    (Level.ONE_OF, _one_of),
    (Level.INITIAL, _initial),
    (Level.SIMILAR, _similar),
)
"""The first rule that holds gives the level of two given names."""

FAMILY_LADDER: tuple[tuple[Level, Rule], ...] = (
    (Level.SAME, _same),
    (Level.UMLAUT, _umlaut),
    (Level.CLOSE, _close_family),
    (Level.SHARED_PART, _shared_part),
    (Level.SIMILAR, _similar_family),
)
"""The first rule that holds gives the level of two family names."""


@lru_cache(maxsize=1)
def _nicknamer() -> NickNamer:
    return NickNamer()


@lru_cache(maxsize=16_384)
def short_forms(name: str) -> frozenset[str]:
    """The short forms of a folded given name (package nicknames: English names only)."""
    return frozenset(_nicknamer().nicknames_of(name))
