"""Families in which people are mistaken for one another, and what devices make of their identities."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count
from random import Random

from porion.clinic.patient import Patient
from porion.dicom.person import ClaimedIdentity, Identifier, PersonName
from tests.clinic.families import BOYS, FAMILIES, GIRLS, noisy

ALIKE = [
    ("Jan", "Jana"),
    ("Lena", "Lea"),
    ("Paul", "Paula"),
    ("Mia", "Maya"),
    ("Emil", "Emilia"),
    ("Ben", "Bea"),
]


@dataclass(frozen=True)
class Household:
    """People who share a family name and more; ``kind`` says what makes them hard to tell apart."""

    kind: str
    people: tuple[Patient, ...]


class Town:
    """Draws households; every person has an ID of their own."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self._numbers = count(1)

    def person(self, family: str, given: str, born: date, sex: str = "", **more: str) -> Patient:
        """A person with the next free ID."""
        number = f"{next(self._numbers) * 7919 % 1_000_003:06}"
        return Patient(
            f"p{number}", PersonName(family, given, **more), born, sex, (Identifier(number, "CLINIC"),)
        )

    def household(self, kind: str) -> Household:
        """One household of a kind of :data:`KINDS`."""
        family, born = self.random.choice(FAMILIES), date(2004, 1, 1) + timedelta(self.random.randrange(5000))
        return Household(kind, tuple(KINDS[kind](self, family, born)))


def _twins(town: Town, family: str, born: date) -> list[Patient]:
    one, other = town.random.sample(GIRLS, 2)
    return [town.person(family, one, born, "F"), town.person(family, other, born, "F")]


def _alike(town: Town, family: str, born: date) -> list[Patient]:
    one, other = town.random.choice(ALIKE)
    return [town.person(family, one, born), town.person(family, other, born)]


def _middles(town: Town, family: str, born: date) -> list[Patient]:
    first, one, other = town.random.sample(GIRLS, 3)
    return [town.person(family, first, born, "F", middle=each) for each in (one, other)]


def _cousins(town: Town, family: str, born: date) -> list[Patient]:
    given = town.random.choice(BOYS)
    later = born + timedelta(town.random.randrange(20, 900))
    return [town.person(family, given, born, "M"), town.person(family, given, later, "M")]


def _namesakes(town: Town, family: str, born: date) -> list[Patient]:
    given = town.random.choice(GIRLS)
    return [town.person(family, given, born, "F"), town.person(family, given, born, "F")]


def _generations(town: Town, family: str, born: date) -> list[Patient]:
    given = town.random.choice(BOYS)
    father = born.replace(year=born.year - town.random.randrange(24, 36), day=min(born.day, 28))
    return [
        town.person(family, given, father, "M", suffix="Sr"),
        town.person(family, given, born, "M", suffix="Jr"),
    ]


def _parent_under_the_childs_date(town: Town, family: str, born: date) -> list[Patient]:
    child, parent = town.random.sample(GIRLS, 2)
    return [town.person(family, child, born, "F"), town.person(family, parent, born, "F")]


def _siblings(town: Town, family: str, born: date) -> list[Patient]:
    names = town.random.sample(BOYS, 3)
    return [town.person(family, name, born + timedelta(500 * n), "M") for n, name in enumerate(names)]


KINDS = {
    "twins": _twins,
    "twins whose names differ in a letter or two": _alike,
    "twins whose further names differ": _middles,
    "cousins of the same name": _cousins,
    "strangers of the same name and date": _namesakes,
    "father and son of the same name": _generations,
    "a parent registered under the child's date": _parent_under_the_childs_date,
    "brothers": _siblings,
}


def claims_of(person: Patient, household: Household, random: Random) -> list[ClaimedIdentity]:
    """What devices may say: all, without ID, with a relative's ID, without date, without both, mistyped."""
    full = ClaimedIdentity(
        person.name, identifiers=person.identifiers, birth_date=person.birth_date, sex=person.sex
    )
    others = [one for one in household.people if one is not person]
    if household.kind == "strangers of the same name and date":
        # Strangers do not use one another's card; who did would be told apart by nothing that is claimed.
        others = [person]
    relative = random.choice(others)
    plain = replace(person.name, middle="", suffix="")
    return [
        full,
        replace(full, identifiers=()),
        replace(full, identifiers=relative.identifiers),
        replace(full, birth_date=None),
        replace(full, birth_date=None, identifiers=()),
        replace(full, name=plain, identifiers=()),
        replace(full, name=plain, sex=""),
        noisy(person, others, random),
    ]
