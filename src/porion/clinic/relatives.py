"""How many relatives a register holds: its twins tell, who share a family name and a day of birth."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from porion.clinic.levels import Level
from porion.clinic.profile import patient_profile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from porion.clinic.model import Model, Others
    from porion.clinic.patient import Patient

RELATIVES = "relatives"
"""The name of those among a model's others who are counted here."""


class NoRelatives(ValueError):
    """A model that weighs no relatives has none to be counted."""


class _Person(NamedTuple):
    family: str
    given: str
    birth_date: str


@dataclass(frozen=True, slots=True)
class Twins:
    """Pairs of the same family name and birth date, not of the same given name.

    ``by_chance`` are the pairs that would be found if names and birth dates had nothing to do with one
    another; ``people`` are those who state all three.
    """

    people: int
    pairs: int
    by_chance: float

    def relatives(self, others: Others) -> float:
        """The relatives expected of a claimed person, as the share of twins among relatives is ``others``'.

        ``others.expected`` counts as much as one pair of twins does, so that a register too small to hold
        any says little.
        """
        twins = others.shares[("family", Level.SAME)] * others.shares[("birthDate", Level.SAME)]
        as_expected = self.people / 2 * twins * others.expected
        return others.expected * (1 + max(0.0, self.pairs - self.by_chance)) / (1 + as_expected)


def twins(patients: Iterable[Patient]) -> Twins:
    """The twins among the active patients of a register."""
    people = [found for each in patients if each.merged_into is None for found in _person(each)]
    families, dates = Counter(each.family for each in people), Counter(each.birth_date for each in people)
    given: dict[tuple[str, str], list[str]] = {}
    for each in people:
        given.setdefault((each.family, each.birth_date), []).append(each.given)
    pairs = sum(one != other for names in given.values() for one, other in combinations(names, 2))
    all_pairs = len(people) * (len(people) - 1) / 2
    by_chance = _pairs(families) * _pairs(dates) / all_pairs if all_pairs else 0.0
    return Twins(len(people), pairs, by_chance)


def counted(model: Model, found: Twins, version: str) -> Model:
    """The model with as many relatives as a register's twins tell; NoRelatives if it weighs none."""
    if RELATIVES not in {each.name for each in model.others}:
        raise NoRelatives(f"the model {model.version} weighs no {RELATIVES}")
    source = f"counted by {found.pairs} pairs of twins among {found.people} patients (docs/decisions/0024)"
    others = tuple(
        each._replace(expected=float(f"{found.relatives(each):.3g}"), source=source)
        if each.name == RELATIVES
        else each
        for each in model.others
    )
    return replace(model, version=version, others=others)


def _person(patient: Patient) -> tuple[_Person, ...]:
    profile = patient_profile(patient)
    stated = profile.readings[0] if profile.readings else None
    if not (stated and stated.family_term and stated.given_term and profile.birth_date_term):
        return ()
    return (_Person(stated.family_term, stated.given_term, profile.birth_date_term),)


def _pairs(counts: Mapping[str, int]) -> float:
    return sum(count * (count - 1) / 2 for count in counts.values())
