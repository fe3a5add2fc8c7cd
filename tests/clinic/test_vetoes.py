from datetime import date

import pytest

from porion.clinic.comparison import completed, sketch
from porion.clinic.default_model import DEFAULT_MODEL
from porion.clinic.patient import Patient
from porion.clinic.profile import claim_profile
from porion.clinic.vetoes import VETOES, Case, vetoes
from porion.dicom.person import ClaimedIdentity, PersonName
from tests.clinic.people import a_patient, an_id, claim_of

ANNA = a_patient()
BY_NAME = {
    "given name differs": (claim_of(ANNA, name=PersonName("Müller", "Ben")), ANNA),
    "given name missing": (claim_of(ANNA, name=PersonName("Müller")), ANNA),
    "family name differs": (claim_of(ANNA, name=PersonName("Weber", "Anna"), identifiers=()), ANNA),
    "birth date differs": (claim_of(ANNA, birth_date=date(2009, 9, 9)), ANNA),
    "birth date missing": (claim_of(ANNA, birth_date=None), ANNA),
    "ID contradicts": (claim_of(ANNA, identifiers=(an_id("777777"),)), ANNA),
    "ID does not speak": (claim_of(ANNA, identifiers=()), ANNA),
    "further given names differ": (
        claim_of(ANNA, name=PersonName("Müller", "Kate", "Maria")),
        a_patient("Müller", "Katherine Berta"),
    ),
    "generation contradicts": (
        claim_of(ANNA, name=PersonName("Müller", "Anna", suffix="Jr")),
        a_patient("Müller Sr"),
    ),
    "other script contradicts": (
        claim_of(ANNA, ideographic=PersonName("山田", "太郎")),
        a_patient(aliases=(PersonName("鈴木", "花子"),)),
    ),
    "placeholder": (claim_of(ANNA, identifiers=(an_id("0"),)), ANNA),
    "merged": (claim_of(ANNA), a_patient(merged_into="p9")),
}


def case_of(
    claim: ClaimedIdentity,
    patient: Patient,
    *rivals: str,
    conflicting: bool = False,
    as_likely: tuple[str, ...] = (),
) -> Case:
    claimed = claim_profile(claim)
    drawn = sketch(claimed, patient, DEFAULT_MODEL)
    return Case(claimed, completed(claimed, drawn, DEFAULT_MODEL), rivals, conflicting, as_likely)


def holding(case: Case) -> set[str]:
    return {veto.name for veto in VETOES if veto.holds(case)}


def test_a_complete_agreement_has_no_veto() -> None:
    assert vetoes(case_of(claim_of(ANNA), ANNA)) == ()


@pytest.mark.parametrize("name", BY_NAME)
def test_every_veto_holds_alone_and_says_why_in_a_sentence(name: str) -> None:
    case = case_of(*BY_NAME[name])

    assert holding(case) == {name}
    assert all(sentence[0].isupper() and sentence.endswith(".") for sentence in vetoes(case))


def test_a_rival_and_a_conflict_within_the_study_are_vetoes() -> None:
    assert holding(case_of(claim_of(ANNA), ANNA, "p2")) == {"ambiguous"}
    assert "p2" in vetoes(case_of(claim_of(ANNA), ANNA, "p2"))[0]
    assert holding(case_of(claim_of(ANNA), ANNA, as_likely=("p3",))) == {"as likely"}
    assert holding(case_of(claim_of(ANNA), ANNA, conflicting=True)) == {"conflicting"}


def test_every_rule_of_the_table_is_tested_here() -> None:
    assert {veto.name for veto in VETOES} == {
        *BY_NAME,
        "ambiguous",
        "as likely",
        "step of another",
        "conflicting",
    }


def test_an_id_of_another_issuer_does_not_speak_and_its_level_is_told() -> None:
    (sentence,) = vetoes(case_of(claim_of(ANNA, identifiers=(an_id("000101", ""),)), ANNA))
    assert sentence.startswith("The ID is not the same from the same issuer (")


def test_who_is_spoken_for_otherwise_needs_no_id() -> None:
    case = case_of(claim_of(ANNA, identifiers=()), ANNA)
    assert holding(case._replace(spoken_for=True)) == set()


def test_the_step_of_another_is_a_veto() -> None:
    case = case_of(claim_of(ANNA), ANNA)._replace(step_of_another="p2")
    assert holding(case) == {"step of another"}
    assert vetoes(case) == ("The image answers a worklist step of patient p2.",)


def test_an_exact_id_supports_a_changed_family_name() -> None:
    assert holding(case_of(claim_of(ANNA, name=PersonName("Weber", "Anna")), ANNA)) == set()


def test_a_case_of_which_nothing_more_is_said_has_no_veto() -> None:
    claimed = claim_profile(claim_of(ANNA))
    drawn = completed(claimed, sketch(claimed, ANNA, DEFAULT_MODEL), DEFAULT_MODEL)
    assert vetoes(Case(claimed, drawn)) == ()
    silent = claim_profile(claim_of(ANNA, identifiers=()))
    assert (
        len(vetoes(Case(silent, completed(silent, sketch(silent, ANNA, DEFAULT_MODEL), DEFAULT_MODEL)))) == 1
    )
