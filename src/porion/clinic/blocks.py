"""Block keys, under which the register's index finds candidates, and frequency terms.

Keys read ``kind:value``; a patient owns a row for every reading, folding, alias and previous name.
"""

from __future__ import annotations

from itertools import chain, product
from typing import TYPE_CHECKING

from porion.clinic.phonetics import sounds
from porion.clinic.profile import Profile, claim_profile, patient_profile
from porion.clinic.readings import Way

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from porion.clinic.folding import Folded
    from porion.clinic.patient import Patient
    from porion.clinic.patient_ids import FoldedId
    from porion.dicom.person import ClaimedIdentity

SOUND_LETTERS = 3
"""Letters of a sound code that a month-and-day key holds, after the letter that names the code."""

PREFIX = 3
"""Letters of each name that the name-only key holds."""


EVERYBODY = ""
"""The term that every active patient carries."""

NEAR = 10
"""Letters of a name that the keys for mistyped names hold."""

SHORTEST_NEAR = 4
"""Letters from which a name with one of them left out still says something."""


def block_keys(patient: Patient) -> frozenset[str]:
    """The index rows of a patient of the register."""
    return frozenset(_keys(patient_profile(patient)))


def lookup_keys(claim: ClaimedIdentity) -> tuple[str, ...]:
    """All keys under which candidates for a claim may lie, the most selective first."""
    profile = claim_profile(claim)
    return tuple(dict.fromkeys(chain(precise_keys(profile), fallback_keys(profile), _keys(profile))))


def precise_keys(profile: Profile) -> tuple[str, ...]:
    """The keys to look under first: IDs, both names by sound, month and day or birth date with a name."""
    return tuple(dict.fromkeys(chain(_id_keys(profile.ids), _sound_pairs(profile), _day_keys(profile))))


def fallback_keys(profile: Profile) -> tuple[str, ...]:
    """The keys for when the precise ones find nobody likely: year with a name, and mistyped names alone.

    Single words select little: the family name alone is looked up for a claim without a birth date,
    any word for a claim without one of its names, and among patients without a birth date, who are few.
    """
    words = (f"name:{word}" for word in _last_words(profile))
    beside = _undated_keys(profile) if profile.birth_date else _near_keys(profile)
    return tuple(dict.fromkeys(chain(_letter_keys(profile), _year_keys(profile), beside, words)))


def terms(patient: Patient) -> frozenset[str]:
    """The terms whose commonness in the register decides what an agreement is worth."""
    profile = patient_profile(patient)
    names = {term for reading in profile.readings for term in (reading.given_term, reading.family_term)}
    return frozenset((names | {profile.birth_date_term}) - {""})


def _keys(profile: Profile) -> Iterator[str]:
    yield from precise_keys(profile)
    yield from chain(_letter_keys(profile), _year_keys(profile), _near_keys(profile))
    yield from (f"name:{word}" for word in _words(profile))
    if not profile.birth_date:
        yield from _undated_keys(profile)


def _id_keys(ids: tuple[FoldedId, ...]) -> Iterator[str]:
    yield from (f"id:{each.issuer}|{each.raw}" for each in ids)
    yield from (f"number:{form}" for each in ids for form in (each.stripped, each.digits) if form)


def _sound_pairs(profile: Profile) -> Iterator[str]:
    """Both names by sound in alphabetical order, so that a swap finds the same row."""
    for reading in profile.readings:
        if reading.given and reading.family:
            family = sounds(reading.family.bare_whole)
            for pair in product(sounds(reading.given.bare[0]), family):
                if pair[0][0] == pair[1][0]:
                    yield "pair:" + "|".join(sorted(pair))


def _day_keys(profile: Profile) -> Iterator[str]:
    """Month and day, the smaller first, so that a swap finds the same row."""
    born = profile.birth_date
    if born is None:
        return
    day = f"{min(born.month, born.day):02}{max(born.month, born.day):02}"
    words = _words(profile)
    yield from (f"monthDay:{day}|{code[: SOUND_LETTERS + 1]}" for word in words for code in sounds(word))
    yield from (f"born:{born.year}{day}|{initial}" for initial in sorted({word[0] for word in words} or {""}))


def _year_keys(profile: Profile) -> Iterator[str]:
    """Year of birth, one name by sound and the initial of another: for a damaged name and a wrong day."""
    if profile.birth_date:
        year, words = profile.birth_date.year, _words(profile)
        alone = _single_words(profile)
        for word in words:
            others = {other[0] for other in words if other != word} | ({""} if word in alone else set())
            yield from (f"year:{year}|{code}|{other}" for code in sounds(word) for other in sorted(others))


def _single_words(profile: Profile) -> set[str]:
    """Words that are a whole name by themselves: nobody can give the initial of another."""
    whole = ((*_with_whole(each.family), *_with_whole(each.given)) for each in profile.readings)
    return {words[0] for words in whole if len(set(words)) == 1}


def _last_words(profile: Profile) -> Iterable[str]:
    complete = [each for each in profile.readings if each.given and each.family]
    if not complete:
        return _words(profile)
    stated = (each.family for each in complete if Way.SWAPPED not in each.ways)
    return () if profile.birth_date else chain.from_iterable(map(_with_whole, stated))


def _letter_keys(profile: Profile) -> Iterator[str]:
    for reading in profile.readings:
        family, given = reading.family, reading.given
        if family and given:
            pair = sorted((family.bare_whole[:PREFIX], given.bare[0][:PREFIX]))
            yield f"letters:{pair[0]}|{pair[1]}"


def _near_keys(profile: Profile) -> Iterator[str]:
    """Each name with a letter left out, and the initial of the other one: two slips of the pen still meet.

    Names that differ in one letter share a form with one letter left out (as in SymSpell), so that both names
    may be mistyped at once, and no date is needed.
    """
    for reading in profile.readings:
        if reading.family and reading.given:
            family, given = reading.family.bare_whole, reading.given.bare[0]
            yield from (f"nearFamily:{given[0]}|{form}" for form in _one_left_out(family[:NEAR]))
            yield from (f"nearGiven:{family[0]}|{form}" for form in _one_left_out(given[:NEAR]))


def _undated_keys(profile: Profile) -> Iterator[str]:
    """Each word of the names, perhaps mistyped: the way to a patient whose birth date nobody entered."""
    yield from (f"undated:{form}" for word in _words(profile) for form in _one_left_out(word[:NEAR]))


def _one_left_out(name: str) -> Iterator[str]:
    yield name
    if len(name) >= SHORTEST_NEAR:
        yield from (name[:at] + name[at + 1 :] for at in range(len(name)))


def _words(profile: Profile) -> list[str]:
    """The words of all readings, umlauts bare, family names also as one word."""
    folded = chain.from_iterable((each.family, each.given) for each in profile.readings)
    return list(dict.fromkeys(chain.from_iterable(map(_with_whole, folded))))


def _with_whole(name: Folded) -> Iterable[str]:
    return (name.bare_whole, *name.bare) if len(name.bare) > 1 else name.bare
