import pytest

from porion.clinic.comparison import Comparison, completed, sketch
from porion.clinic.default_model import DEFAULT_MODEL
from porion.clinic.levels import Level
from porion.clinic.patient import Patient
from porion.clinic.profile import claim_profile
from porion.clinic.readings import Way
from porion.dicom.person import ClaimedIdentity, PersonName
from tests.clinic.people import a_patient, claim_of

TARO = a_patient("Yamada", "Taro", aliases=(PersonName("山田", "太郎"),))


def compared(claim: ClaimedIdentity, patient: Patient) -> Comparison:
    claimed = claim_profile(claim)
    return completed(claimed, sketch(claimed, patient, DEFAULT_MODEL), DEFAULT_MODEL)


def test_the_stated_reading_wins_when_it_agrees() -> None:
    found = compared(claim_of(a_patient()), a_patient())

    assert (found.names.given, found.names.family, found.names.claimed.ways) == (Level.SAME, Level.SAME, ())
    assert found.same_person_by_name


def test_the_swapped_reading_wins_when_only_it_agrees() -> None:
    found = compared(claim_of(a_patient(), name=PersonName("Anna", "Müller")), a_patient())

    assert (found.names.given, found.names.family) == (Level.SAME, Level.SAME)
    assert found.names.claimed.ways == (Way.SWAPPED,)


def test_a_previous_name_counts_like_the_present_one() -> None:
    married = a_patient("Weber", aliases=(PersonName("Müller", "Anna"),))

    assert compared(claim_of(a_patient()), married).names.family is Level.SAME


def test_names_in_different_scripts_are_missing_not_different() -> None:
    found = compared(claim_of(TARO, name=PersonName("山田", "太郎")), a_patient("Yamada", "Taro"))

    assert (found.names.given, found.names.family) == (Level.MISSING, Level.MISSING)


def test_a_contradiction_in_another_script_is_seen() -> None:
    agreeing = claim_of(TARO, ideographic=PersonName("山田", "太郎"))
    contradicting = claim_of(TARO, ideographic=PersonName("山田", "花子"))

    assert compared(agreeing, TARO).other_script is Level.MISSING
    assert compared(contradicting, TARO).other_script is Level.OTHER
    assert not compared(contradicting, TARO).same_person_by_name


def test_a_given_name_that_is_only_similar_may_be_a_twins() -> None:
    assert not compared(claim_of(a_patient(given="Jana")), a_patient(given="Jan")).same_person_by_name


@pytest.mark.parametrize(("middle", "further"), [("Maria", Level.SAME), ("M", Level.INITIAL)])
def test_middle_names_alone_leave_the_first_one_open(middle: str, further: Level) -> None:
    anna = a_patient(name=PersonName("Müller", "Anna", "Maria"))
    found = compared(claim_of(anna, name=PersonName("Müller", "", middle)), anna)
    turned = compared(claim_of(anna), a_patient(name=PersonName("Müller", "", middle)))

    assert (found.names.given, found.names.middle) == (Level.MISSING, further)
    assert (turned.names.given, turned.names.middle) == (Level.MISSING, further)


def test_a_first_name_in_the_place_of_the_middle_one_is_found_there() -> None:
    found = compared(claim_of(a_patient(), name=PersonName("Müller", "", "Anna")), a_patient())

    assert found.names.given is Level.SAME


def test_a_middle_name_that_fits_no_given_name_speaks_against_the_patient() -> None:
    anna = a_patient(name=PersonName("Müller", "Anna", "Maria"))

    assert compared(claim_of(anna, name=PersonName("Müller", "", "B")), anna).names.given is Level.OTHER
