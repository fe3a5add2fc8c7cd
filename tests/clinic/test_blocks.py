from dataclasses import replace
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from porion.clinic.blocks import block_keys, fallback_keys, lookup_keys, precise_keys, terms
from porion.clinic.folding import fold
from porion.clinic.matching import match
from porion.clinic.patient import Patient
from porion.clinic.profile import claim_profile
from porion.clinic.register import MemoryRegister
from porion.dicom.person import ClaimedIdentity, PersonName
from tests.clinic.families import a_clinic
from tests.clinic.people import a_patient, an_id, claim_of

ANNA = a_patient()


@pytest.mark.parametrize(
    "claim",
    [
        claim_of(ANNA, name=PersonName("Anna", "Müller"), identifiers=()),
        claim_of(ANNA, name=PersonName("Mueller", "Anna"), birth_date=None, identifiers=()),
        claim_of(ANNA, name=PersonName("Anna Muller"), birth_date=None, identifiers=()),
        claim_of(ANNA, name=PersonName("Weber", "Anna"), identifiers=(), birth_date=date(2012, 3, 4)),
        claim_of(ANNA, name=PersonName("Müller", "Xaver"), identifiers=(), birth_date=date(2012, 9, 9)),
        ClaimedIdentity(identifiers=(an_id("MUC-101", "ELSEWHERE"),)),
        ClaimedIdentity(PersonName("Müller")),
    ],
)
def test_a_damaged_claim_still_shares_a_key(claim: ClaimedIdentity) -> None:
    assert block_keys(ANNA) & set(lookup_keys(claim))


def test_the_exact_id_is_looked_up_first() -> None:
    assert lookup_keys(claim_of(ANNA))[0] == "id:clinic|000101"


def test_precise_and_fallback_keys_are_all_among_the_lookup_keys() -> None:
    profile = claim_profile(claim_of(ANNA, birth_date=None))

    assert {*precise_keys(profile), *fallback_keys(profile)} <= set(lookup_keys(claim_of(ANNA)))
    assert set(fallback_keys(claim_profile(claim_of(ANNA)))) <= set(lookup_keys(claim_of(ANNA)))


def test_single_words_are_looked_up_only_when_the_claim_lacks_something() -> None:
    def words(claim: ClaimedIdentity) -> list[str]:
        return [key for key in fallback_keys(claim_profile(claim)) if key.startswith("name:")]

    assert words(claim_of(ANNA)) == []
    assert words(claim_of(ANNA, birth_date=None)) == ["name:muller"]
    assert words(claim_of(ANNA, name=PersonName("", "Anna"))) == ["name:anna"]


def test_only_patients_without_a_birth_date_lie_under_the_words_of_a_dated_claim() -> None:
    dated = claim_of(ANNA, name=PersonName("Muler", "Xaver"), identifiers=())
    undated = {key for key in fallback_keys(claim_profile(dated)) if key.startswith("undated:")}

    assert undated & block_keys(replace(ANNA, birth_date=None))
    assert not undated & block_keys(ANNA)
    assert not any(
        key.startswith("undated:") for key in fallback_keys(claim_profile(ClaimedIdentity(ANNA.name)))
    )


@pytest.mark.parametrize(
    "registered",
    [PersonName("Lindenbrunner", "Katharina"), PersonName("Lindenbrunner"), PersonName("", "Katharina")],
)
def test_a_patient_whose_birth_date_nobody_entered_is_found_by_a_mistyped_name(
    registered: PersonName,
) -> None:
    anna = replace(a_patient(), name=registered, birth_date=None, identifiers=())
    crowd = MemoryRegister([anna, *a_clinic(3000)])

    found = match(
        ClaimedIdentity(PersonName("Lindembrunner", "Katarina"), birth_date=date(2012, 4, 3)), crowd
    )

    assert anna in [one.patient for one in found]


def test_strangers_share_no_key() -> None:
    stranger = a_patient("Weber", "Ben", n=2, birth_date=date(2009, 11, 27))

    assert not block_keys(ANNA) & set(lookup_keys(claim_of(stranger)))


def test_every_alias_is_an_index_row_and_a_term() -> None:
    married = replace(ANNA, aliases=(PersonName("Øster", "Anna"),))

    assert "name:oster" in block_keys(married)
    assert terms(married) == {"family:muller", "family:oster", "given:anna", "birthDate:2012-04-03"}


def test_a_patient_without_data_has_neither_keys_nor_terms() -> None:
    assert block_keys(Patient("p", PersonName())) == terms(Patient("p", PersonName())) == frozenset()


TEXT = st.text(max_size=12)
NAMES = st.builds(PersonName, TEXT, TEXT, TEXT)
PATIENTS = st.builds(
    Patient,
    st.just("p"),
    NAMES,
    st.none() | st.dates(),
    identifiers=st.lists(st.builds(an_id, TEXT, TEXT), max_size=2).map(tuple),
    aliases=st.lists(NAMES, max_size=1).map(tuple),
).filter(lambda patient: lookup_keys(ClaimedIdentity(patient.name)) or not patient.aliases)
"""The register takes nobody without a name; whoever has another name has a name."""


@given(PATIENTS)
def test_a_patients_own_data_share_a_key_whenever_they_say_anything(patient: Patient) -> None:
    keys = lookup_keys(claim_of(patient))

    assert block_keys(patient) & set(keys) or not keys
    assert set(keys) <= block_keys(patient) | set(lookup_keys(ClaimedIdentity(patient.name)))


@given(NAMES.filter(lambda name: any(map(str.isalpha, name.family + name.given))), st.dates())
def test_a_name_with_a_letter_always_has_a_key(name: PersonName, born: date) -> None:
    assert lookup_keys(ClaimedIdentity(name, birth_date=born))


LETTERS = st.text("abcdeilmnorstu", min_size=5, max_size=14)


@given(LETTERS, LETTERS, st.data())
def test_both_names_may_be_mistyped_at_once_without_a_date(
    family: str, given: str, data: st.DataObject
) -> None:
    def slipped(name: str) -> str:
        at = data.draw(st.integers(1, len(name) - 1))
        letter = data.draw(st.sampled_from("aeinrs"))
        left, right = name[:at], name[at:]
        return data.draw(
            st.sampled_from([left + letter + right, left + letter + right[1:], left + right[1:]])
        )

    patient = a_patient(family, given)
    claim = ClaimedIdentity(PersonName(slipped(family), slipped(given)))
    # A slip beside what may be an umlaut written as two letters (aa, ae) can cost two letters.
    written = (family, given, claim.name.family, claim.name.given)
    assume(all(fold(one).whole == fold(one).bare_whole for one in written))

    assert block_keys(patient) & set(fallback_keys(claim_profile(claim)))


def test_two_mistyped_names_find_the_patient_among_many() -> None:
    anna = a_patient("Lindenbrunner", "Katharina")
    crowd = MemoryRegister([anna, *a_clinic(3000)])

    found = match(ClaimedIdentity(PersonName("Lindembrunner", "Katarhina")), crowd)

    assert found[0].patient == anna
