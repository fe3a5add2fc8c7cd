"""What a header claims about whose image it is."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.dicom.header import read_header
from porion.dicom.identity import claim_key, claimed_identity, person_name
from porion.dicom.person import ClaimedIdentity, Identifier, PersonName
from tests.builders import a_panoramic, data_set, file_bytes


def claimed(**overrides: Any) -> ClaimedIdentity:
    return claimed_identity(read_header(file_bytes(a_panoramic(**overrides))))


def test_a_claim_is_read_from_the_header() -> None:
    assert claimed() == ClaimedIdentity(
        name=PersonName("Beispiel", "Anna"),
        identifiers=(Identifier("P-1", "CLINIC"),),
        birth_date=date(2012, 4, 3),
        sex="F",
    )


def test_all_three_component_groups_are_read() -> None:
    claim = claimed(PatientName="Yamada^Tarou=山田^太郎=やまだ^たろう")
    assert claim.name == PersonName("Yamada", "Tarou")
    assert claim.ideographic == PersonName("山田", "太郎")
    assert claim.phonetic == PersonName("やまだ", "たろう")


@pytest.mark.parametrize("written", ["==Family^Given", "=Family^Given", "^^=  =Family^Given"])
def test_a_name_in_a_later_group_is_the_name(written: str) -> None:
    assert claimed(PatientName=written).name == PersonName("Family", "Given")


def test_five_components_are_kept_and_trimmed() -> None:
    assert person_name(" A ^ B^C^Dr.^MSc^odd") == PersonName("A", "B", "C", "Dr.", "MSc")


def test_other_identifiers_follow_the_patient_id_each_once() -> None:
    others = [
        data_set(PatientID="X-9", IssuerOfPatientID="HOSPITAL"),
        data_set(PatientID="P-1", IssuerOfPatientID="CLINIC"),
    ]
    claim = claimed(OtherPatientIDsSequence=others, OtherPatientIDs=["guid", "", "guid"])
    assert claim.identifiers == (
        Identifier("P-1", "CLINIC"),
        Identifier("X-9", "HOSPITAL"),
        Identifier("guid"),
    )


def test_an_empty_patient_id_identifies_nobody() -> None:
    assert claimed(PatientID="", IssuerOfPatientID="CLINIC").identifiers == ()


@pytest.mark.parametrize("written", ["18991230", "19000101", "18000101", "00010101", "20121399", ""])
def test_a_placeholder_or_broken_birth_date_is_none(written: str) -> None:
    made = a_panoramic()
    made.add_new(0x00100030, "LO", written)
    assert claimed_identity(read_header(file_bytes(made))).birth_date is None


@pytest.mark.parametrize(
    ("written", "sex"), [("F", "F"), ("m", "M"), ("Female", "F"), ("W", "F"), ("D", "O"), ("?", ""), ("", "")]
)
def test_sex_is_f_m_o_or_empty(written: str, sex: str) -> None:
    made = a_panoramic()
    made.add_new(0x00100040, "LO", written)
    assert claimed_identity(read_header(file_bytes(made))).sex == sex


def test_the_key_is_blind_to_case_width_and_white_space() -> None:
    assert claim_key(claimed(PatientName="BEISPIEL^ anna")) == claim_key(claimed())
    assert claim_key(claimed(PatientID="\N{FULLWIDTH LATIN CAPITAL LETTER P}-1")) == claim_key(claimed())
    assert len(claim_key(claimed())) == 64


words = st.text("abcäöüßščžñé", min_size=1, max_size=8)


@given(words, words)
def test_the_key_changes_with_every_field(one: str, other: str) -> None:
    keys = {
        claim_key(ClaimedIdentity()),
        claim_key(ClaimedIdentity(name=PersonName(one))),
        claim_key(ClaimedIdentity(name=PersonName("", one))),
        claim_key(ClaimedIdentity(ideographic=PersonName(one))),
        claim_key(ClaimedIdentity(identifiers=(Identifier(one, other),))),
        claim_key(ClaimedIdentity(identifiers=(Identifier(one + other),))),
        claim_key(ClaimedIdentity(identifiers=(Identifier(one), Identifier(other)))),
        claim_key(ClaimedIdentity(birth_date=date(2012, 4, 3))),
        claim_key(ClaimedIdentity(sex="F")),
    }
    assert len(keys) == 9
