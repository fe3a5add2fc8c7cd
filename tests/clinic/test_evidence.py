import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.dicom.person import ClaimedIdentity, PersonName
from tests.clinic.people import BORN, a_patient, an_id, claim_of, matched

ANNA = a_patient()


def reason(claim: ClaimedIdentity, field: str) -> str:
    return next(line.reason for line in matched(claim, ANNA)[0].evidence if line.field == field)


@given(
    st.sampled_from(["Müller", "Mueller", "Anna", "Weber", "MÃ¼ller", ""]),
    st.sampled_from(["Anna", "Müller", "A", "Ben", ""]),
    st.sampled_from([BORN, BORN.replace(year=2013), None]),
    st.sampled_from(["000101", "101", "7", ""]),
)
def test_the_bits_of_the_fields_add_up_to_those_of_the_candidate(
    family: str, given_name: str, born: object, number: str
) -> None:
    claim = claim_of(ANNA, name=PersonName(family, given_name), birth_date=born, identifiers=(an_id(number),))

    for found in matched(claim, ANNA, a_patient("Weber", n=2)):
        assert sum(line.bits for line in found.evidence) == pytest.approx(found.bits)


def test_both_raw_values_are_shown() -> None:
    lines = matched(claim_of(ANNA, name=PersonName("MUELLER", "Anna")), ANNA)[0].evidence
    values = {line.field: (line.claimed, line.registered) for line in lines}

    assert values["family"] == ("MUELLER", "Müller")
    assert values["birthDate"] == ("2012-04-03", "2012-04-03")
    assert values["patientId"] == ("000101", "000101")


def test_the_commonness_of_a_value_is_told() -> None:
    lines = matched(claim_of(ANNA), ANNA, a_patient(given="Berta", n=2), a_patient("Mueller", "Carl", n=3))
    reasons = {line.field: line.reason for line in lines[0].evidence}

    assert reasons["family"] == "shared by 3 patients"
    assert reasons["given"] == "carried by this patient only"


@pytest.mark.parametrize(
    ("family", "words"),
    [("Mueller", "written differently"), ("M?ller", "lost letter"), ("山田", "different scripts")],
)
def test_why_differently_written_names_are_treated_so_is_told(family: str, words: str) -> None:
    assert words in reason(
        claim_of(ANNA, name=PersonName(family, "Anna" if family != "山田" else "太郎")), "family"
    )


def test_a_cut_off_name_is_told() -> None:
    long = "Leutheusser-Schnarrenberger-Hohenlohe-Langenburg-Waldeck-Pyrmont"
    patient = a_patient(long)

    found = matched(claim_of(patient, name=PersonName(long[:61])), patient)[0]

    assert "cut off" in next(line.reason for line in found.evidence if line.field == "family")


def test_a_repaired_name_says_so() -> None:
    lines = matched(claim_of(ANNA, name=PersonName("MÃ¼ller", "Anna")), ANNA)[0].evidence

    assert [line.level for line in lines if line.field == "reading"] == [
        "wrongly decoded characters repaired"
    ]


def test_the_issuer_of_the_same_id_is_told() -> None:
    assert reason(claim_of(ANNA), "patientId") == "within issuer “CLINIC”"
