from __future__ import annotations

from porion.dicom.person import ClaimedIdentity, PersonName
from porion.services.search_rows import Person, person_of
from tests.services.scenes import ANNA


def test_a_patient_is_told_as_the_register_has_them() -> None:
    assert person_of(ANNA) == Person(("Beispiel^Anna", "", ""), "P-1", "CLINIC", "20120403", "F")


def test_a_claim_is_told_in_all_its_groups_and_may_say_nothing() -> None:
    claim = ClaimedIdentity(PersonName("Yamada"), ideographic=PersonName("山田"))
    assert person_of(claim) == Person(("Yamada", "山田", ""))
