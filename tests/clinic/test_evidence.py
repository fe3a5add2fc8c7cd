from dataclasses import replace
from datetime import date
from math import log2
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.clinic.comparison import Comparison, ceiling, completed, sketch
from porion.clinic.default_model import DEFAULT_MODEL
from porion.clinic.evidence import Context, counted_terms, rarity_terms, weighed
from porion.clinic.levels import Level
from porion.clinic.patient import Patient
from porion.clinic.profile import claim_profile
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


def test_a_middle_name_alone_is_shown_as_such() -> None:
    anna = a_patient(name=PersonName("Müller", "Anna", "Maria"))
    lines = matched(claim_of(anna, name=PersonName("Müller", "", "M")), anna)[0].evidence
    shown = {line.field: (line.claimed, line.registered, line.reason) for line in lines}

    assert shown["given"] == ("", "Anna Maria", "")
    assert shown["middle"] == ("m", "maria", "")


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


def compared(claim: ClaimedIdentity, patient: Patient = ANNA) -> Comparison:
    """The claim held against a patient."""
    claimed = claim_profile(claim)
    return completed(claimed, sketch(claimed, patient, DEFAULT_MODEL), DEFAULT_MODEL)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"identifiers": ()},
        {"birth_date": None, "identifiers": ()},
        {"name": PersonName("Anna", "Müller")},
        {"name": PersonName("Müller", "Ben"), "identifiers": ()},
        {"birth_date": BORN.replace(year=2013), "sex": "M"},
        {"name": PersonName("Muler", "Annna")},
        {"name": PersonName("Muler", "Ben")},
    ],
)
@pytest.mark.parametrize("borne", [0, 40])
def test_the_score_is_the_odds_against_strangers_relatives_and_namesakes_together(
    changes: dict[str, Any], borne: int
) -> None:
    comparison = compared(claim_of(ANNA, **changes))
    model, names = DEFAULT_MODEL, comparison.names
    carriers = dict.fromkeys(counted_terms(comparison), borne) | dict.fromkeys(rarity_terms(comparison), 40)
    slips = {
        field: model.slip_bits(field, level, alone=borne == 0, size=5_000)
        for field, level in (("given", names.given), ("family", names.family))
    }
    terms = (
        comparison.names.registered.given_term,
        comparison.names.registered.family_term,
        comparison.profile.birth_date_term,
    )
    shared = dict(zip(("given", "family", "birthDate"), terms, strict=True))
    against = [
        model.prior(5_000)
        + sum(
            model.bits_among(field, level, carriers.get(shared.get(field, ""), 0), 5_000, slips.get(field, 0))
            for field, level in comparison.levels
        )
    ]
    for others in model.others:
        bits = sum(model.bits_against(others, field, level) for field, level in comparison.levels)
        # Relatives bear the family name, namesakes both: their names are misspelled as one's own is.
        unlike = slips["given"] if others.name == "relatives" else 0
        against.append(model.prior_against(others) + bits + unlike)
    cost = model.cost(comparison.names.claimed.ways)
    expected = -log2(sum(2 ** (cost - bits) for bits in against))

    bits = weighed(comparison, Context(5_000, carriers, model)).bits
    assert bits == pytest.approx(expected)
    claimed = claim_profile(claim_of(ANNA, **changes))
    assert bits <= ceiling(sketch(claimed, ANNA, model), model)


def test_the_ceiling_has_room_for_a_slip_in_a_name_that_relatives_do_not_share() -> None:
    anna, model = replace(ANNA, name=PersonName("Müller", "Anna", suffix="Jr")), DEFAULT_MODEL
    claimed = claim_profile(claim_of(anna, name=PersonName("Müller", "Annna", suffix="Jr")))
    drawn = sketch(claimed, anna, model)
    comparison = completed(claimed, drawn, model)
    carriers = dict.fromkeys(counted_terms(comparison), 0)
    (relatives,) = (others for others in model.others if others.name == "relatives")
    agreeing = sum(model.bits_against(relatives, field, level) for field, level in comparison.levels)
    # Nobody else bears the name as claimed, however many there are.
    slip = model.slip_bits("given", Level.CLOSE, alone=True, size=10**15)

    most = ceiling(drawn, model)

    assert comparison.names.given is Level.CLOSE
    assert most == pytest.approx(model.prior_against(relatives) + agreeing + slip)
    assert weighed(comparison, Context(5_000, carriers, model)).bits <= most


@pytest.mark.parametrize(
    ("changes", "left_out"),
    [
        ({}, set()),
        ({"name": PersonName("Müller", "Ben")}, {"given"}),
        ({"name": PersonName("Müller")}, {"given"}),
        ({"name": PersonName("Weber", "Anna")}, {"family"}),
        ({"birth_date": None}, {"birthDate"}),
        ({"birth_date": date(2012, 4, 18)}, {"birthDate"}),
        ({"birth_date": date(2012, 11, 27)}, {"birthDate"}),
        ({"birth_date": date(1986, 11, 27)}, {"birthDate"}),
    ],
)
def test_the_commonness_of_what_does_not_agree_is_not_asked(
    changes: dict[str, Any], left_out: set[str]
) -> None:
    comparison = compared(claim_of(ANNA, **changes))
    names = comparison.names.registered
    terms = {
        "given": names.given_term,
        "family": names.family_term,
        "birthDate": comparison.profile.birth_date_term,
    }
    assert set(rarity_terms(comparison)) == {term for field, term in terms.items() if field not in left_out}


def test_the_commonness_of_a_first_name_alone_is_not_asked() -> None:
    patient = a_patient("Müller", "Anna Berta")
    comparison = compared(claim_of(patient, name=PersonName("Müller", "Anna Maria")), patient)
    assert comparison.names.given is Level.FIRST_ONLY
    assert comparison.names.registered.given_term not in rarity_terms(comparison)


def values(claim: ClaimedIdentity, patient: Patient, field: str) -> tuple[str, str]:
    """What a line of the evidence shows of both sides."""
    (found,) = matched(claim, patient)
    return next((line.claimed, line.registered) for line in found.evidence if line.field == field)


def test_what_only_one_side_states_is_shown() -> None:
    assert values(claim_of(ANNA, birth_date=None), ANNA, "birthDate") == ("", "2012-04-03")
    assert values(claim_of(ANNA), a_patient(birth_date=None), "birthDate") == ("2012-04-03", "")
    assert "suffix" not in {line.field for line in matched(claim_of(ANNA), ANNA)[0].evidence}


def test_further_given_names_are_shown_where_they_say_something() -> None:
    patient = a_patient("Müller", "Katherine Berta Luise")
    claim = claim_of(patient, name=PersonName("Müller", "Kate", "Maria Luise"))
    assert values(claim, patient, "middle") == ("maria luise", "berta luise")
    assert "middle" not in {line.field for line in matched(claim_of(ANNA), ANNA)[0].evidence}


def test_names_in_another_script_are_shown_in_that_script() -> None:
    taro = a_patient("Yamada", "Taro", aliases=(PersonName("山田", "太郎"),))
    claim = claim_of(taro, ideographic=PersonName("山田", "多朗"))
    assert values(claim, taro, "otherScript") == ("山田, 多朗", "山田, 太郎")
    alone = claim_of(ANNA, ideographic=PersonName("山田", "多朗"))
    assert "otherScript" not in {line.field for line in matched(alone, ANNA)[0].evidence}


def test_a_given_name_written_differently_is_told() -> None:
    jose = a_patient("Müller", "José")
    (found,) = matched(claim_of(jose, name=PersonName("Müller", "Jose")), jose)
    assert "written differently" in next(line.reason for line in found.evidence if line.field == "given")


def test_two_who_share_a_name_are_told() -> None:
    lines = matched(claim_of(ANNA), ANNA, a_patient("Weber", "Anna", n=2))[0].evidence
    assert next(line.reason for line in lines if line.field == "given") == "shared by 2 patients"


def test_a_cut_off_name_of_somebody_else_is_no_reason() -> None:
    long = "Leutheusser-Schnarrenberger-Hohenlohe-Langenburg-Waldeck-Pyrmont"
    lines = matched(claim_of(ANNA, name=PersonName(long, "Anna")), ANNA)[0].evidence
    assert "cut off" not in next(line.reason for line in lines if line.field == "family")


def who_bears(claim: ClaimedIdentity, *others: Patient) -> tuple[float, str]:
    """Bits and reason of the given name, of Alisa held against the claim among these others."""
    alisa = a_patient(given="Alisa", n=9)
    (line,) = (
        line
        for found in matched(claim, alisa, *others)
        if found.patient == alisa
        for line in found.evidence
        if line.field == "given"
    )
    return line.bits, line.reason


def test_a_spelling_that_nobody_bears_is_a_slip_of_the_pen_and_one_that_others_bear_a_name() -> None:
    claim = claim_of(a_patient(given="Alisha"), identifiers=())
    # The name as registered is common either way, so that nothing else changes.
    alisas = [a_patient("Weber", "Alisa", n=n) for n in range(10, 30)]
    alisha, berta = a_patient("Weber", "Alisha", n=40), a_patient("Weber", "Berta", n=40)

    name, other_reason = who_bears(claim, *alisas, alisha)
    slip, reason = who_bears(claim, *alisas, berta)

    assert reason == "no patient bears the name as claimed"
    assert other_reason == "other patients bear either name"
    assert slip > name + 1


def test_a_spelling_that_only_the_register_has_is_a_slip_too() -> None:
    claim = claim_of(a_patient(given="Alisha"), identifiers=())
    alisha, alisa = a_patient("Weber", "Alisha", n=40), a_patient("Weber", "Alisa", n=41)

    assert who_bears(claim, alisha)[1] == "no other patient bears the name as registered"
    assert who_bears(claim, alisha, alisa)[1] == "other patients bear either name"
    assert who_bears(claim, alisha, alisa)[0] < who_bears(claim, alisha)[0]


def test_who_bears_a_name_is_asked_of_both_spellings_where_they_differ() -> None:
    comparison = compared(claim_of(ANNA, name=PersonName("Muler", "Ben")))

    assert set(counted_terms(comparison)) >= {
        "family:muler",
        "family:muller",
        "given:ben",
        "given:anna",
    }
    alike = compared(claim_of(ANNA))
    assert counted_terms(alike) == rarity_terms(alike)


def test_nothing_is_said_of_who_bears_a_nickname() -> None:
    patient = a_patient(given="Katherine")

    (found,) = matched(claim_of(patient, name=PersonName("Müller", "Kate")), patient)

    assert (
        next(line.reason for line in found.evidence if line.field == "given")
        == "carried by this patient only"
    )
