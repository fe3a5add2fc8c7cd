"""What a written person name may mean: the readings of one PN group."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from porion.clinic.folding import Folded, Script, fold, repaired, script_of
from porion.dicom.person import PersonName

if TYPE_CHECKING:
    from collections.abc import Iterator


class Way(StrEnum):
    """How a reading departs from what the header states."""

    SWAPPED = "family and given name swapped"
    COMMA = "one component split at its comma"
    SPLIT = "one component split between two words"
    REPAIRED = "wrongly decoded characters repaired"


class Reading(NamedTuple):
    """One way to read a name; ``given`` holds the middle names too, ``suffix`` is the generation.

    ``further_only`` says that the first given name is not stated: middle names stand alone. ``script`` is
    that of the whole name: the family name decides unless it is empty. ``given_term`` (``given:anna``) is
    the frequency term of the first given name and ``family_term`` (``family:muller``) that of the family
    name as one word, umlauts bare; they are empty where the name is.
    """

    family: Folded
    given: Folded
    suffix: str
    ways: tuple[Way, ...]
    further_only: bool
    script: Script
    given_term: str
    family_term: str

    @property
    def further(self) -> tuple[str, ...]:
        """The given names after the first, umlauts bare."""
        return self.given.bare if self.further_only else self.given.bare[1:]


def read_as(
    family: Folded,
    given: Folded,
    suffix: str = "",
    ways: tuple[Way, ...] = (),
    *,
    further_only: bool = False,
) -> Reading:
    """A reading with what every comparison asks of it."""
    return Reading(
        family,
        given,
        suffix,
        ways,
        further_only,
        family.script if family.plain else given.script,
        f"given:{given.bare[0]}" if given.plain else "",
        f"family:{family.bare_whole}" if family.plain else "",
    )


GENERATIONS = MappingProxyType(
    {
        "jr": "Jr",
        "jnr": "Jr",
        "junior": "Jr",
        "sr": "Sr",
        "snr": "Sr",
        "senior": "Sr",
        "ii": "II",
        "2nd": "II",
        "iii": "III",
        "3rd": "III",
        "iv": "IV",
        "4th": "IV",
    }
)
"""Suffixes that tell a person from a relative of the same name; others (PhD, MBA) tell nothing."""

TITLES = frozenset(
    {
        "dr",
        "prof",
        "med",
        "dent",
        "mr",
        "mrs",
        "ms",
        "miss",
        "herr",
        "frau",
        "hr",
        "fr",
        "mme",
        "mlle",
        "sig",
        "sra",
    }
)
"""Words before a name that are no part of it."""

FULL_FIELDS = MappingProxyType({16: "SH, PS3.5 section 6.2", 48: "PID-5 of HL7 2.2 to 2.3.1"})
"""Lengths of fields that cut names off, with the field; so does every length from NEARLY_FULL on."""

NEARLY_FULL = 60
"""LO and each group of PN end at 64 characters (PS3.5 section 6.2); encoders cut a little earlier."""

MOST_WORDS = 5
"""A single component of more words is split after its first and before its last word only."""


def readings(name: PersonName) -> tuple[Reading, ...]:
    """The readings of a name as registered: as it stands, split when all is in one component, repaired.

    Each is there once.
    """
    found = list(_readings(name))
    parts = (name.family, name.given, name.middle, name.prefix, name.suffix)
    mended = name if "".join(parts).isascii() else PersonName(*map(repaired, parts))
    if mended != name:
        found += [each._replace(ways=(Way.REPAIRED, *each.ways)) for each in _readings(mended)]
    return tuple(dict.fromkeys(found)) if len(found) > 1 else tuple(found)


@lru_cache(maxsize=4_096)
def claimed_readings(name: PersonName) -> tuple[Reading, ...]:
    """The readings of a claimed name: the same, and each complete one with its components swapped."""
    stated = readings(name)
    swapped = tuple(
        read_as(each.given, each.family, each.suffix, (*each.ways, Way.SWAPPED))
        for each in stated
        if each.family and each.given and not {Way.SPLIT, Way.COMMA} & set(each.ways)
    )
    return stated + swapped


def _readings(name: PersonName) -> Iterator[Reading]:
    cut = _may_be_cut(name)
    given_text = f"{name.given} {name.middle}".strip()
    family, family_suffix = _stripped(name.family)
    given, given_suffix = _stripped(given_text)
    suffix = _generation(name.suffix) or family_suffix or given_suffix
    names = fold(family, cut=cut and not given), fold(given, cut=cut and bool(given))
    whole = read_as(*names, suffix, further_only=bool(given) and not name.given.strip())
    one_sided = bool(whole.family) != bool(whole.given)
    if not one_sided:
        if whole.family:
            yield whole
        return
    splits = list(_split(name.family if whole.family else given_text, suffix))
    if not any(Way.COMMA in each.ways for each in splits):
        yield whole
    yield from splits


def _split(text: str, suffix: str) -> Iterator[Reading]:
    """The readings of a single component that may hold a whole name."""
    before, comma, after = text.partition(",")
    if comma:
        family, early = _stripped(before)
        given, late = _stripped(after)
        yield from _complete(family, given, early or late or suffix, Way.COMMA)
        return
    text, found = _stripped(text)
    for left, right in _pairs(text):
        yield from _complete(left, right, found or suffix, Way.SPLIT)
        if script_of(text) is Script.ALPHABETIC:
            yield from _complete(right, left, found or suffix, Way.SPLIT)


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    words = text.split()
    joint = " "
    if len(words) == 1 and script_of(text) is not Script.ALPHABETIC:
        words, joint = list(text)[:MOST_WORDS], ""
    at = range(1, len(words)) if len(words) <= MOST_WORDS else (1, len(words) - 1)
    for cut in at:
        yield joint.join(words[:cut]), joint.join(words[cut:])


def _complete(family: str, given: str, suffix: str, way: Way) -> Iterator[Reading]:
    reading = read_as(fold(family), fold(given), suffix, (way,))
    if reading.family and reading.given:
        yield reading


def _stripped(text: str) -> tuple[str, str]:
    """The component without titles before and a generation after it, and that generation."""
    words, suffix = text.split(), ""
    while len(words) > 1 and _generation(words[-1]):
        suffix = _generation(words.pop())
    while len(words) > 1 and words[0].strip(".,").casefold() in TITLES:
        words.pop(0)
    return " ".join(words), suffix


def _generation(text: str) -> str:
    for word in text.split():
        if found := GENERATIONS.get(word.strip(".,").casefold()):
            return found
    return ""


def _may_be_cut(name: PersonName) -> bool:
    if name.prefix or name.suffix:
        return False
    text = f"{name.family}^{name.given}^{name.middle}".rstrip("^")
    if text.isascii():
        return _is_full(len(text))
    return _is_full(len(text)) or _is_full(len(text.encode("utf-8", "replace")))


def _is_full(length: int) -> bool:
    return length >= NEARLY_FULL or length in FULL_FIELDS
