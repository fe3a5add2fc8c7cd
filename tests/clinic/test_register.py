from dataclasses import replace
from datetime import date, timedelta

from porion.clinic.register import MemoryRegister
from porion.clinic.shortlist import LARGEST_BLOCK
from tests.clinic.people import BORN, a_patient


def test_only_active_patients_are_counted_and_found() -> None:
    merged = a_patient("Weber", "Ben", n=2, merged_into="p1")
    register = MemoryRegister([a_patient(), merged])

    assert register.size() == 1
    assert register.find(["name:weber"]) == []
    assert register.frequency(["family:weber", "family:muller"]) == {"family:weber": 0, "family:muller": 1}


def test_a_patient_under_several_keys_is_found_once() -> None:
    anna = a_patient()

    assert MemoryRegister([anna]).find(["name:muller", "name:anna", "no such key"]) == [anna]


def test_a_key_that_too_many_share_is_skipped() -> None:
    crowd = [
        a_patient("Müller", "Anna", n=n, birth_date=BORN + timedelta(days=n))
        for n in range(LARGEST_BLOCK + 1)
    ]
    register = MemoryRegister(crowd)

    assert register.find(["name:muller"]) == []
    assert register.find(["name:muller", "number:105"]) == [crowd[5]]


def test_all_spellings_of_a_name_count_as_one() -> None:
    spelled = [a_patient(family, n=n) for n, family in enumerate(("Müller", "Mueller", "Muller"))]

    assert MemoryRegister(spelled).frequency(["family:muller"]) == {"family:muller": 3}


def test_a_later_row_replaces_an_earlier_one_of_the_same_id() -> None:
    corrected = replace(a_patient(), birth_date=date(2011, 1, 2), version=2)
    register = MemoryRegister([a_patient(), corrected])

    assert register.size() == 1
    assert register.find(["name:muller"]) == [corrected]
