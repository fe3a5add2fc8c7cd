"""No link across the people of a family: whoever is proposed wrongly is proposed with a veto."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest

from porion.clinic.grade import Grade
from porion.clinic.matching import Candidate, match
from porion.clinic.patient import Patient
from porion.clinic.register import MemoryRegister
from tests.clinic.families import a_clinic
from tests.clinic.households import KINDS, Household, Town, claims_of

HOUSEHOLDS = 60


def proposed(
    kind: str, seed: int, *, missing: bool
) -> Iterator[tuple[Patient, Household, tuple[Candidate, ...]]]:
    """Who is proposed for claims of a kind's people, half of whom the register may lack."""
    town, random = Town(seed), Random(seed)
    households = [town.household(kind) for _ in range(HOUSEHOLDS)]
    everybody = [one for household in households for one in household.people]
    known = [one for one in everybody if not missing or random.random() < 0.5]
    register = MemoryRegister([*known, *a_clinic(1500, seed)])
    for household in households:
        for person in household.people:
            for claim in claims_of(person, household, random):
                yield person, household, match(claim, register)


@pytest.mark.parametrize("missing", [False, True], ids=["all are registered", "half are missing"])
@pytest.mark.parametrize("kind", KINDS)
def test_nobody_is_proposed_as_a_relative_without_a_veto(kind: str, *, missing: bool) -> None:
    silent = [
        (person.name, candidate.patient.name, candidate.explanation)
        for person, _, candidates in proposed(kind, 1, missing=missing)
        for candidate in candidates
        if candidate.patient.id != person.id
        and candidate.grade in (Grade.CERTAIN, Grade.PROBABLE)
        and not candidate.vetoes
    ]
    assert silent == []


@pytest.mark.parametrize("kind", KINDS)
def test_who_says_everything_of_themselves_is_first(kind: str) -> None:
    town = Town(2)
    households = [town.household(kind) for _ in range(HOUSEHOLDS)]
    register = MemoryRegister([one for household in households for one in household.people])
    random = Random(2)
    for household in households:
        for person in household.people:
            assert match(claims_of(person, household, random)[0], register)[0].patient.id == person.id
