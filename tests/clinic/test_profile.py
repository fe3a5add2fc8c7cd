from datetime import date

from porion.clinic.profile import claim_profile, patient_profile
from porion.dicom.person import ClaimedIdentity, PersonName
from tests.clinic.people import BORN, a_patient, an_id


def test_previous_names_are_among_the_readings() -> None:
    profile = patient_profile(a_patient(aliases=(PersonName("Weber", "Anna"),)))

    assert [each.family.raw for each in profile.readings] == ["Müller", "Weber"]


def test_all_three_groups_of_a_claimed_name_are_read() -> None:
    claim = ClaimedIdentity(
        PersonName("Yamada", "Taro"), PersonName("山田", "太郎"), PersonName("やまだ", "たろう")
    )

    assert claim_profile(claim).scripts == {"alphabetic", "ideographic", "phonetic"}


def test_placeholders_are_left_out_and_named() -> None:
    claim = ClaimedIdentity(PersonName("Doe", "John"), identifiers=(an_id("0"),), birth_date=date(1900, 1, 1))

    profile = claim_profile(claim)

    assert (profile.ids, profile.birth_date, profile.birth_date_term) == ((), None, "")
    assert profile.placeholders == ("John Doe", "0", "1900-01-01")


def test_a_complete_patient_has_no_placeholders() -> None:
    profile = patient_profile(a_patient())

    assert profile.placeholders == ()
    assert (profile.birth_date, profile.birth_date_term) == (BORN, "birthDate:2012-04-03")
