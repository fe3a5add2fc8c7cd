from datetime import date

import pytest

from porion.clinic.comparison import completed, sketch
from porion.clinic.default_model import DEFAULT_MODEL
from porion.clinic.patient import Patient
from porion.clinic.profile import claim_profile
from porion.clinic.vetoes import VETOES, Case, named, vetoes
from porion.dicom.person import ClaimedIdentity, PersonName
from tests.clinic.people import a_patient, an_id, claim_of

ANNA = a_patient()
BY_RULE = {
    "given-name-differs": (claim_of(ANNA, name=PersonName("Müller", "Ben")), ANNA),
    "given-name-not-the-same": (claim_of(ANNA, name=PersonName("Müller", "Jan")), a_patient(given="Jana")),
    "given-name-missing": (claim_of(ANNA, name=PersonName("Müller")), ANNA),
    "family-name-differs": (claim_of(ANNA, name=PersonName("Weber", "Anna"), identifiers=()), ANNA),
    "birth-date-differs": (claim_of(ANNA, birth_date=date(2009, 9, 9)), ANNA),
    "birth-date-missing": (claim_of(ANNA, birth_date=None), ANNA),
    "id-contradicts": (claim_of(ANNA, identifiers=(an_id("777777"),)), ANNA),
    "id-missing": (claim_of(ANNA, identifiers=()), ANNA),
    "id-not-the-same": (claim_of(ANNA, identifiers=(an_id("000101", ""),)), ANNA),
    "further-given-names-differ": (
        claim_of(ANNA, name=PersonName("Müller", "Kate", "Maria")),
        a_patient("Müller", "Katherine Berta"),
    ),
    "generation-contradicts": (
        claim_of(ANNA, name=PersonName("Müller", "Anna", suffix="Jr")),
        a_patient("Müller Sr"),
    ),
    "other-script-contradicts": (
        claim_of(ANNA, ideographic=PersonName("山田", "太郎")),
        a_patient(aliases=(PersonName("鈴木", "花子"),)),
    ),
    "placeholder": (claim_of(ANNA, identifiers=(an_id("0"),)), ANNA),
    "merged": (claim_of(ANNA), a_patient(merged_into="p9")),
}


def case_of(
    claim: ClaimedIdentity,
    patient: Patient,
    *rivals: Patient,
    conflicting: bool = False,
    as_likely: tuple[Patient, ...] = (),
) -> Case:
    claimed = claim_profile(claim)
    drawn = sketch(claimed, patient, DEFAULT_MODEL)
    return Case(claimed, completed(claimed, drawn, DEFAULT_MODEL), rivals, conflicting, as_likely)


def holding(case: Case) -> set[str]:
    return {veto.rule for veto in VETOES if veto.holds(case)}


def test_a_complete_agreement_has_no_veto() -> None:
    assert vetoes(case_of(claim_of(ANNA), ANNA)) == ()


@pytest.mark.parametrize("rule", BY_RULE)
def test_every_veto_holds_alone_and_says_why_in_a_sentence(rule: str) -> None:
    (told,) = vetoes(case_of(*BY_RULE[rule]))
    assert told.rule == rule
    assert told.sentence[0].isupper()
    assert told.sentence.endswith(".")
    assert all(value in told.sentence for value in told.values)


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        ("given-name-differs", ("Ben", "Anna")),
        ("given-name-not-the-same", ("Jan", "Jana", "nearly the same")),
        ("given-name-missing", ()),
        ("family-name-differs", ("Weber", "Müller")),
        ("birth-date-differs", ("2009-09-09", "2012-04-03")),
        ("id-contradicts", ("CLINIC",)),
        ("id-not-the-same", ("same, issuer not stated",)),
        ("further-given-names-differ", ("Kate Maria", "Katherine Berta")),
        ("generation-contradicts", ("Jr", "Sr")),
        ("placeholder", ("0",)),
    ],
)
def test_a_veto_gives_the_values_that_it_names(rule: str, values: tuple[str, ...]) -> None:
    (told,) = vetoes(case_of(*BY_RULE[rule]))
    assert told.values == values


@pytest.mark.parametrize(
    ("patient", "told"),
    [
        (ANNA, "Müller, Anna (2012-04-03, #000101)"),
        (
            a_patient(birth_date=None, name=PersonName("Müller", "Anna", "Maria")),
            "Müller, Anna Maria (#000101)",
        ),
        (
            a_patient(identifiers=(an_id("7"), an_id("8")), name=PersonName("Müller")),
            "Müller (2012-04-03, #7)",
        ),
        (a_patient(identifiers=(), birth_date=None), "Müller, Anna"),
        (a_patient(identifiers=(), name=PersonName()), "(2012-04-03)"),
        (Patient("p7", PersonName()), "p7"),
    ],
)
def test_a_patient_is_named_as_people_tell_one_from_another(patient: Patient, told: str) -> None:
    assert named(patient) == told


def test_a_rival_and_a_conflict_within_the_study_are_vetoes() -> None:
    twin = a_patient(n=2)
    (told,) = vetoes(case_of(claim_of(ANNA), ANNA, twin))
    assert (told.rule, told.values) == ("ambiguous", ("Müller, Anna (2012-04-03, #000102)",))
    (told,) = vetoes(case_of(claim_of(ANNA), ANNA, as_likely=(twin,)))
    assert (told.rule, told.values) == ("as-likely", ("Müller, Anna (2012-04-03, #000102)",))
    assert holding(case_of(claim_of(ANNA), ANNA, conflicting=True)) == {"conflicting"}


def test_every_rule_of_the_table_is_tested_here() -> None:
    assert {veto.rule for veto in VETOES} == {
        *BY_RULE,
        "ambiguous",
        "as-likely",
        "step-of-another",
        "conflicting",
    }


def test_who_is_spoken_for_otherwise_needs_no_id() -> None:
    case = case_of(claim_of(ANNA, identifiers=()), ANNA)
    assert holding(case._replace(spoken_for=True)) == set()


def test_the_step_of_another_is_a_veto() -> None:
    case = case_of(claim_of(ANNA), ANNA)._replace(step_of_another=a_patient(given="Ben", n=2))
    (told,) = vetoes(case)
    assert (told.rule, told.values) == ("step-of-another", ("Müller, Ben (2012-04-03, #000102)",))


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
