"""Names of many cultures, in every character set and as devices spoil them: whose they are is found."""

from __future__ import annotations

import os
from collections import Counter
from random import Random

import pytest

from porion.clinic.matching import match
from porion.clinic.register import MemoryRegister
from tests.clinic.cultures import CULTURES, Culture, claim_of, patients

CASES = int(os.environ.get("PORION_CULTURES", "400"))


@pytest.mark.parametrize("culture", CULTURES, ids=lambda culture: culture.name)
def test_the_right_patient_is_first_in_99_of_100_cases(culture: Culture) -> None:
    people, random = patients(culture, 400, seed=1), Random(2)
    register, missed = MemoryRegister(people), Counter[str]()
    examples = []
    for _ in range(CASES):
        person = random.choice(people)
        claim, kind = claim_of(person, culture, random)
        found = match(claim, register)
        if not found or found[0].patient.id != person.id:
            missed[kind] += 1
            examples.append((kind, person.name, claim.name, claim.birth_date, claim.identifiers))
    assert sum(missed.values()) <= CASES // 100, (missed, examples[:8])
