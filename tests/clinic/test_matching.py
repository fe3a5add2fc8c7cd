from dataclasses import replace
from datetime import date
from itertools import permutations
from math import log2
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from porion.clinic.default_model import DEFAULT_MODEL
from porion.clinic.grade import Grade
from porion.clinic.matching import match
from porion.clinic.patient import Patient
from porion.clinic.register import MemoryRegister
from porion.dicom.person import ClaimedIdentity, Identifier, PersonName
from tests.clinic.families import a_clinic, incoming, split_in_half
from tests.clinic.people import BORN, a_patient, an_id, claim_of, level, matched, sentences

ANNA = a_patient()
BEN = a_patient(given="Ben", n=2, sex="M")
STRANGER = a_patient("Weber", "Carl", n=3, birth_date=date(2009, 11, 27), sex="M")


@pytest.mark.parametrize("others", [(), (STRANGER,), (BEN, STRANGER)])
def test_name_date_and_id_together_are_certain_even_in_a_tiny_register(others: tuple[Patient, ...]) -> None:
    best = matched(claim_of(ANNA), ANNA, *others)[0]

    assert (best.patient, best.grade, best.vetoes) == (ANNA, Grade.CERTAIN, ())
    assert best.gap >= 7


def test_a_name_alone_is_never_certain() -> None:
    best = matched(ClaimedIdentity(ANNA.name), ANNA)[0]

    assert best.grade is Grade.PROBABLE
    assert sentences(best)[0] == "No birth date can be compared."


def test_name_and_date_without_an_id_are_probable_not_certain() -> None:
    best = matched(claim_of(ANNA, identifiers=()), ANNA)[0]

    assert best.grade is Grade.PROBABLE
    assert sentences(best) == ("No ID can be compared: somebody else may have the same name and birth date.",)


def test_an_id_alone_is_never_certain() -> None:
    best = matched(ClaimedIdentity(identifiers=ANNA.identifiers), ANNA)[0]

    assert best.grade is not Grade.CERTAIN
    assert level(best, "patientId") == "same"


def test_a_sibling_with_the_same_date_carrying_the_others_id_is_never_certain() -> None:
    best = matched(claim_of(BEN, identifiers=ANNA.identifiers, sex=""), ANNA)[0]

    assert best.patient == ANNA
    assert best.grade is not Grade.CERTAIN
    assert "The given names differ, “Ben” and “Anna”" in sentences(best)[0]


@pytest.mark.parametrize(
    ("claimed", "registered"), [("Jana", "Jan"), ("Christina", "Christian"), ("Maria", "Marie")]
)
def test_a_twin_with_a_similar_name_and_the_others_id_is_never_certain(claimed: str, registered: str) -> None:
    twin = a_patient(given=registered)

    best = matched(claim_of(twin, name=PersonName("Müller", claimed), sex=""), twin)[0]

    assert best.grade is Grade.PROBABLE
    assert "are not the same" in sentences(best)[0]


def test_twins_in_the_register_are_told_apart_by_their_given_names() -> None:
    first, second = matched(claim_of(BEN), ANNA, BEN)

    assert (first.patient, first.grade) == (BEN, Grade.CERTAIN)
    assert second.patient == ANNA
    assert second.gap < -20


def test_a_borrowed_id_of_a_stranger_is_never_certain() -> None:
    found = matched(claim_of(ANNA, identifiers=STRANGER.identifiers), ANNA, STRANGER)

    assert all(each.grade is not Grade.CERTAIN for each in found)
    assert found[0].patient == ANNA
    assert "The patient has another ID from the issuer “CLINIC”." in sentences(found[0])


NAMES_OF_ANNA = [
    PersonName("Anna", "Müller"),
    PersonName("Müller, Anna"),
    PersonName("Anna Müller"),
    PersonName("Müller Anna"),
    PersonName("Mueller", "Anna"),
    PersonName("Muller", "Anna"),
    PersonName("MÜLLER", "ANNA", "Maria"),
    PersonName("MÃ¼ller", "Anna"),
    PersonName("M?ller", "Anna"),
]


@pytest.mark.parametrize("name", NAMES_OF_ANNA, ids=lambda name: f"{name.family}^{name.given}")
def test_every_way_to_write_her_name_finds_her_and_is_certain_with_id_and_date(name: PersonName) -> None:
    best = matched(claim_of(ANNA, name=name), ANNA, BEN, STRANGER)[0]

    assert (best.patient, best.grade) == (ANNA, Grade.CERTAIN)


@pytest.mark.parametrize(("claimed", "registered"), list(permutations(["Müller", "Mueller", "Muller"], 2)))
def test_an_umlaut_in_any_spelling_meets_any_other(claimed: str, registered: str) -> None:
    patient = a_patient(registered)

    best = matched(claim_of(patient, name=PersonName(claimed, "Anna")), patient)[0]

    assert best.grade is Grade.CERTAIN
    assert level(best, "family").startswith("same")


@pytest.mark.parametrize(
    ("claimed", "registered"),
    [
        ("Joergensen", "Jørgensen"),
        ("Jorgensen", "Jørgensen"),
        ("Aagaard", "Ågaard"),
        ("Agard", "Ågård"),
        ("Baek", "Bæk"),
        ("Gross", "Groß"),
    ],
)
def test_nordic_and_german_letters_meet_their_spellings(claimed: str, registered: str) -> None:
    patient = a_patient(registered)

    assert level(matched(claim_of(patient, name=PersonName(claimed, "Anna")), patient)[0], "family") == "same"


def test_a_nickname_has_its_own_level() -> None:
    katherine = a_patient("Smith", "Katherine")

    best = matched(claim_of(katherine, name=PersonName("Smith", "Kate"), identifiers=()), katherine)[0]

    assert (level(best, "given"), best.grade) == ("nickname", Grade.PROBABLE)


def test_month_and_day_swapped_are_seen() -> None:
    best = matched(claim_of(ANNA, birth_date=date(2012, 3, 4), identifiers=()), ANNA)[0]

    assert level(best, "birthDate") == "month and day swapped"
    assert best.grade is Grade.PROBABLE


@pytest.mark.parametrize("mistyped", [date(2012, 3, 4), date(2012, 4, 8)])
def test_a_date_that_is_not_the_very_same_is_for_a_person_however_exact_the_rest(mistyped: date) -> None:
    best = matched(claim_of(ANNA, birth_date=mistyped), ANNA)[0]

    assert best.grade is Grade.PROBABLE


def test_a_placeholder_date_agrees_with_nothing_and_vetoes() -> None:
    nobody = date(1900, 1, 1)
    undated = replace(ANNA, birth_date=nobody)

    best = matched(claim_of(undated), undated)[0]

    assert "birthDate" not in {line.field for line in best.evidence}
    assert best.grade is not Grade.CERTAIN
    assert "A placeholder stands in place of a value: “1900-01-01”." in sentences(best)


@pytest.mark.parametrize("value", ["101", "MUC-000101", "000101-A"])
def test_an_id_without_its_zeros_or_with_a_site_prefix_supports_but_is_not_exact(value: str) -> None:
    best = matched(claim_of(ANNA, identifiers=(an_id(value),)), ANNA)[0]

    assert level(best, "patientId") == "same digits"
    assert best.grade is Grade.PROBABLE


def test_an_id_without_issuer_supports_less_than_one_with_it() -> None:
    stated = matched(claim_of(ANNA), ANNA)[0]
    silent = matched(claim_of(ANNA, identifiers=(an_id("000101", ""),)), ANNA)[0]

    assert level(silent, "patientId") == "same, issuer not stated"
    assert silent.grade is Grade.PROBABLE
    assert silent.bits < stated.bits


def test_the_same_number_from_another_issuer_says_nothing() -> None:
    without = matched(claim_of(ANNA, identifiers=()), ANNA)[0]
    colliding = matched(claim_of(ANNA, identifiers=(an_id("000101", "CENTRE"),)), ANNA)[0]

    assert level(colliding, "patientId") == "from another issuer, says nothing"
    assert colliding.bits == without.bits


def test_junior_is_not_senior() -> None:
    senior = a_patient("Smith", "John", name=PersonName("Smith", "John", suffix="Sr"))

    best = matched(claim_of(senior, name=PersonName("Smith", "John", suffix="Jr.")), senior)[0]

    assert best.grade is not Grade.CERTAIN
    assert sentences(best) == ("The generations differ: Jr and Sr.",)


TARO = a_patient("Yamada", "Taro", aliases=(PersonName("山田", "太郎"),))


def test_the_ideographic_group_matches_ideographs() -> None:
    best = matched(claim_of(TARO, name=PersonName("山田", "太郎")), TARO)[0]

    assert (best.grade, level(best, "given"), level(best, "family")) == (Grade.CERTAIN, "same", "same")


def test_ideographs_never_match_letters() -> None:
    latin = replace(TARO, aliases=())

    best = matched(claim_of(latin, name=PersonName("山田", "太郎")), latin)[0]

    assert level(best, "given") == level(best, "family") == "missing"
    assert best.grade is not Grade.CERTAIN


def test_a_homophone_with_other_ideographs_is_never_certain() -> None:
    best = matched(claim_of(TARO, ideographic=PersonName("山田", "多朗")), TARO)[0]

    assert level(best, "otherScript") == "different"
    assert best.grade is not Grade.CERTAIN


def test_a_name_cut_off_at_64_characters_is_still_found() -> None:
    long = a_patient("Leutheusser-Schnarrenberger-Hohenlohe-Langenburg", "Maximiliane-Henriette")
    whole = f"{long.name.family}^{long.name.given}"
    family, given_name = whole[:64].split("^")

    best = matched(claim_of(long, name=PersonName(family, given_name)), long)[0]

    assert (level(best, "given"), best.grade) == ("nearly the same", Grade.PROBABLE)


def test_same_named_twins_are_always_ambiguous() -> None:
    twin = a_patient(n=2)

    found = matched(claim_of(ANNA), ANNA, twin)

    assert [each.grade for each in found] == [Grade.PROBABLE, Grade.PROBABLE]
    assert all(any("Ambiguous" in sentence for sentence in sentences(each)) for each in found)


@pytest.mark.parametrize("change", [{"birth_date": None}, {"name": PersonName("Müller", "A")}])
def test_who_fits_as_well_is_told_though_name_and_date_do_not_both_agree(change: dict[str, object]) -> None:
    found = matched(claim_of(ANNA, identifiers=(), **change), ANNA, a_patient(n=2))

    assert [each.patient.id for each in found] == ["p1", "p2"]
    for each, other in zip(found, ("#000102", "#000101"), strict=True):
        told = f"Ambiguous: all in all, the claim fits as well: Müller, Anna (2012-04-03, {other})."
        assert told in sentences(each)


def test_twins_without_an_id_share_the_odds() -> None:
    found = matched(claim_of(ANNA, identifiers=()), ANNA, a_patient(n=2))

    assert [round(each.odds) for each in found] == [1, 1]


def test_who_was_ruled_out_stays_so_and_goes_last() -> None:
    found = matched(claim_of(ANNA), ANNA, BEN, rejected=["p1"])

    assert [(each.patient.id, each.grade) for each in found][-1] == ("p1", Grade.CERTAINLY_NOT)
    assert found[-1].explanation.startswith("A person ruled this patient out.")


def test_who_was_ruled_out_does_not_make_others_ambiguous() -> None:
    best, last = matched(claim_of(ANNA), ANNA, a_patient(n=2), rejected=["p2"])

    assert (best.grade, last.grade) == (Grade.CERTAIN, Grade.CERTAINLY_NOT)


def test_a_missing_birth_date_still_finds_by_name() -> None:
    found = matched(claim_of(ANNA, birth_date=None, identifiers=()), BEN, STRANGER, ANNA)

    assert found[0].patient == ANNA


def test_series_that_disagree_are_never_certain() -> None:
    best = matched(claim_of(ANNA), ANNA, conflicting=True)[0]

    assert best.grade is Grade.PROBABLE
    assert sentences(best) == ("The series of this study do not agree on whose they are.",)


class CarelessRegister(MemoryRegister):
    """A register that hands out patients who were merged into others."""

    def find(self, keys: object) -> list[Patient]:
        return [replace(ANNA, merged_into="p9")]


def test_a_merged_patient_is_never_certain() -> None:
    best = match(claim_of(ANNA), CarelessRegister([ANNA]))[0]

    assert best.grade is not Grade.CERTAIN
    assert sentences(best) == ("The patient was merged into another entry of the register.",)


def test_a_contradicting_sex_lowers_but_does_not_veto() -> None:
    neutral = matched(claim_of(ANNA, sex=""), ANNA)[0]
    contradicting = matched(claim_of(ANNA, sex="M"), ANNA)[0]

    assert contradicting.bits < neutral.bits
    assert contradicting.grade is Grade.CERTAIN


def test_a_common_name_is_worth_less_than_a_rare_one() -> None:
    crowd = [
        a_patient("Müller", f"Xe{n}", n=n, birth_date=BORN.replace(year=1990 + n % 30)) for n in range(10, 90)
    ]
    claim = ClaimedIdentity(ANNA.name, birth_date=BORN)

    assert matched(claim, ANNA, *crowd)[0].bits < matched(claim, ANNA)[0].bits - 3


def test_a_name_without_a_date_or_an_id_is_never_more_than_probable_however_rare() -> None:
    rare = a_patient("Xqzwyk", "Zyphrene")
    answer = matched(ClaimedIdentity(rare.name), rare)[0]
    (namesakes,) = (others for others in DEFAULT_MODEL.others if others.name == "namesakes")

    assert answer.bits < DEFAULT_MODEL.prior_against(namesakes) + 0.1
    assert [line.reason for line in answer.evidence if line.field == "others"] == [namesakes.reason]


def test_one_digit_of_the_year_is_told_as_a_difference() -> None:
    claim = replace(claim_of(ANNA), birth_date=BORN.replace(year=BORN.year - 1))
    answer = matched(claim, ANNA)[0]

    assert answer.grade is not Grade.CERTAIN
    assert any("birth dates differ" in sentence for sentence in sentences(answer))


def test_a_patient_under_a_previous_name_is_certain() -> None:
    married = replace(ANNA, name=PersonName("Weber", "Anna"), aliases=(ANNA.name,))

    assert matched(claim_of(ANNA), married)[0].grade is Grade.CERTAIN


def test_no_more_than_the_limit_are_returned() -> None:
    family = [a_patient(given=name, n=n) for n, name in enumerate(("Anna", "Alma", "Ada", "Agnes"))]

    assert [len(matched(claim_of(ANNA), *family, limit=limit)) for limit in (0, 1, 3, 9)] == [0, 1, 3, 4]


TEXT = st.text(max_size=10) | st.sampled_from(
    ["Müller", "Mueller", "Anna", "Ben", "Anna Müller", "山田", "0", "?"]
)
NAMES = st.builds(PersonName, TEXT, TEXT, TEXT, TEXT, TEXT)
IDS = st.lists(st.builds(Identifier, TEXT, TEXT), max_size=2).map(tuple)
DATES = st.none() | st.dates() | st.sampled_from([BORN, date(2012, 3, 4), date(1900, 1, 1)])
SEXES = st.sampled_from(["", "F", "M", "O"])
CLAIMS = st.builds(ClaimedIdentity, NAMES, NAMES, NAMES, IDS, DATES, SEXES)
PATIENTS = st.lists(
    st.builds(
        Patient, st.sampled_from("abcdef"), NAMES, DATES, SEXES, IDS, st.lists(NAMES, max_size=1).map(tuple)
    ),
    max_size=5,
    unique_by=lambda patient: patient.id,
)


@given(CLAIMS, PATIENTS, st.booleans())
def test_any_claim_is_answered_and_the_vetoed_are_never_certain(
    claim: ClaimedIdentity, patients: list[Patient], conflicting: bool
) -> None:
    found = matched(claim, *patients, conflicting=conflicting, rejected=["a"])

    assert all(each.grade is not Grade.CERTAIN for each in found if each.vetoes or each.patient.id == "a")
    assert [each.bits for each in found if each.patient.id != "a"] == sorted(
        (each.bits for each in found if each.patient.id != "a"), reverse=True
    )


@given(CLAIMS, PATIENTS, st.randoms())
def test_the_ranking_does_not_depend_on_the_order_of_the_register(
    claim: ClaimedIdentity, patients: list[Patient], random: Random
) -> None:
    shuffled = list(patients)
    random.shuffle(shuffled)

    assert matched(claim, *patients) == matched(claim, *shuffled)


@given(CLAIMS, PATIENTS)
def test_one_more_stranger_raises_nobodys_odds_by_more_than_it_lowers_the_others(
    claim: ClaimedIdentity, patients: list[Patient]
) -> None:
    # Among more people an agreeing value is a little rarer, and who may be a relative loses less than others.
    stranger = Patient(
        "z", PersonName("Qqq", "Vvv"), date(1931, 7, 30), "", (Identifier("5550123", "NOWHERE"),)
    )
    before = {each.patient.id: each.odds for each in matched(claim, *patients)}
    after = {each.patient.id: each.odds for each in matched(claim, *patients, stranger)}

    gain = 2**0.01 * (len(patients) + 1) / max(len(patients), 1)
    assert all(after[one] <= odds * gain for one, odds in before.items() if one in after)


@settings(deadline=None, max_examples=3)
@given(st.integers(0, 2**16))
def test_a_noisy_clinic_has_no_false_certain_and_its_patients_among_the_first_three(seed: int) -> None:
    registered, unknown = split_in_half(a_clinic(600, seed), seed)
    register = MemoryRegister(registered)
    answers = [
        (each, match(each.claim, register)) for each in incoming([*registered, *unknown], registered, seed)
    ]

    certain = [
        (each.truth, c.patient.id) for each, found in answers for c in found if c.grade is Grade.CERTAIN
    ]
    top = [each.truth in [c.patient.id for c in found[:3]] for each, found in answers if each.truth]

    assert [pair for pair in certain if pair[0] != pair[1]] == []
    assert sum(top) / len(top) >= 0.97
    assert len(certain) / len(top) >= 0.4


def test_the_thresholds_are_the_models() -> None:
    strict = replace(DEFAULT_MODEL, version="strict", certain_bits=60.0, probable_bits=50.0)

    assert matched(claim_of(ANNA), ANNA, model=strict)[0].grade is Grade.POSSIBLE


def test_odds_and_lead_are_against_not_being_in_the_register_and_the_others() -> None:
    (alone,) = matched(claim_of(ANNA), ANNA)
    assert (alone.odds, alone.gap) == (pytest.approx(2**alone.bits), pytest.approx(alone.bits))

    first, second = matched(claim_of(ANNA), ANNA, a_patient("Müller", "Anne", n=2))
    assert first.odds == pytest.approx(2**first.bits / (1 + 2**second.bits))
    assert first.gap == pytest.approx(first.bits - max(0, second.bits))
    assert second.gap == pytest.approx(second.bits - first.bits)


def test_one_bit_apart_is_not_as_likely() -> None:
    claim = claim_of(ANNA, identifiers=(), birth_date=None)
    other = a_patient("Müller", "Anne", n=2)
    first, second = matched(claim, ANNA, other)
    apart = first.bits - second.bits

    def told(level_bits: float) -> bool:
        found = matched(claim, ANNA, other, model=replace(DEFAULT_MODEL, level_bits=level_bits))
        return any(veto.rule == "as-likely" for veto in found[0].vetoes)

    assert not told(apart)
    assert told(apart * 1.001)


def doubles_of_anna(*numbers: int, **overrides: Any) -> list[Patient]:
    """Girls of Anna's name and birth date, told apart by a middle name that nobody claims."""
    return [
        a_patient(n=n, identifiers=(), name=PersonName("Müller", "Anna", f"M{n}"), **overrides)
        for n in numbers
    ]


def test_the_likeliest_rivals_are_named_and_the_others_counted() -> None:
    doubles = doubles_of_anna(7, 3, 9, 5, 2, sex="")
    (likeliest,) = doubles_of_anna(8)
    best = matched(claim_of(ANNA), ANNA, likeliest, *doubles)[0]
    named = "; ".join(f"Müller, Anna M{n} (2012-04-03)" for n in (8, 2, 3))
    assert f"Ambiguous: name and birth date also fit {named}; +3." in sentences(best)
    unknown = matched(claim_of(ANNA, identifiers=(), birth_date=None), *doubles)[0]
    named = "; ".join(f"Müller, Anna M{n} (2012-04-03)" for n in (3, 5, 7))
    assert f"Ambiguous: all in all, the claim fits as well: {named}; +1." in sentences(unknown)


def test_as_many_rivals_as_a_sentence_may_name_are_named_all() -> None:
    best = matched(claim_of(ANNA), ANNA, *doubles_of_anna(2, 3, 4))[0]
    named = "; ".join(f"Müller, Anna M{n} (2012-04-03)" for n in (2, 3, 4))
    assert f"Ambiguous: name and birth date also fit {named}." in sentences(best)


def test_five_candidates_are_shown_unless_more_are_asked_for() -> None:
    doubles = [a_patient(n=n, identifiers=()) for n in range(1, 9)]
    assert len(matched(claim_of(ANNA), *doubles)) == 5
    assert len(matched(claim_of(ANNA), *doubles, limit=7)) == 7
    assert matched(claim_of(ANNA), *doubles, limit=0) == matched(claim_of(ANNA), *doubles, limit=-1) == ()


def test_who_was_verified_before_is_certain_while_no_veto_holds_and_nobody_is_ahead() -> None:
    claim = claim_of(ANNA, identifiers=())
    best = matched(claim, ANNA, BEN, verified_before="p1")[0]
    assert best.grade is Grade.CERTAIN
    assert best.evidence[-1].level == "verified before"
    assert sum(line.bits for line in best.evidence) == pytest.approx(best.bits)
    assert best.explanation.endswith("A person linked the same claim from the same source before.")
    assert matched(claim, ANNA, verified_before="p2")[0].grade is Grade.PROBABLE
    assert matched(claim, ANNA, a_patient(n=2), verified_before="p1")[0].grade is Grade.PROBABLE
    (rejected,) = matched(claim, ANNA, rejected=["p1"], verified_before="p1")
    assert rejected.grade is Grade.CERTAINLY_NOT
    assert "verified before" not in {line.level for line in rejected.evidence}
    among_many = matched(
        claim, ANNA, *[a_patient(n=n, identifiers=()) for n in range(2, 9)], rejected=["p2", "p3"]
    )
    assert len(among_many) == 5
    weak = ClaimedIdentity(PersonName("Müller", "Anna"), birth_date=BORN.replace(year=1950))
    assert matched(weak, ANNA, verified_before="p1")[0].grade is not Grade.CERTAIN


def test_who_was_ruled_out_does_not_take_the_place_of_another() -> None:
    far = a_patient("Müller", "Ben", n=2, birth_date=date(1980, 4, 3), sex="M", identifiers=())
    (only,) = matched(claim_of(ANNA), ANNA, far, rejected=["p1"], limit=1)
    assert only.patient.id == "p2"


def test_who_was_verified_before_needs_odds_better_than_even_and_no_more() -> None:
    claim = claim_of(ANNA, identifiers=())
    bits = matched(claim, ANNA)[0].bits
    for wanted, grade in ((0.5, Grade.CERTAIN), (-0.5, Grade.POSSIBLE)):
        model = replace(DEFAULT_MODEL, in_register=DEFAULT_MODEL.in_register * 2 ** (wanted - bits))
        (best,) = matched(claim, ANNA, model=model, verified_before="p1")
        assert (best.bits, best.grade) == (pytest.approx(wanted), grade)


def test_who_was_scheduled_is_certain_when_name_and_birth_date_agree() -> None:
    claim = claim_of(ANNA, identifiers=())
    best = matched(claim, ANNA, BEN, step_of=ANNA)[0]
    assert (best.grade, best.vetoes) == (Grade.CERTAIN, ())
    assert best.evidence[-1].level == "step answered"
    assert sum(line.bits for line in best.evidence) == pytest.approx(best.bits)
    assert best.explanation.endswith("The image answers a step that was scheduled for this patient.")
    both = matched(claim, ANNA, BEN, step_of=ANNA, verified_before="p1")[0]
    assert [line.level for line in both.evidence[-2:]] == ["step answered", "verified before"]
    assert both.explanation.endswith("The image answers a step that was scheduled for this patient.")


@pytest.mark.parametrize(
    "said",
    [
        {"birth_date": BORN.replace(day=5)},
        {"birth_date": BORN.replace(year=1950)},
        {"birth_date": None},
        {"name": PersonName("Müller", "Ben")},
        {"name": PersonName("Müller")},
        {"name": PersonName("Weber", "Anna")},
    ],
)
def test_a_step_alone_makes_nobody_certain(said: dict[str, object]) -> None:
    found = matched(claim_of(ANNA, **{"identifiers": (), **said}), ANNA, step_of=ANNA)
    assert all(one.grade is not Grade.CERTAIN for one in found)
    assert all("step answered" not in {line.level for line in one.evidence} for one in found)


def test_a_step_does_not_tell_namesakes_apart_nor_overrule_a_person() -> None:
    claim = claim_of(ANNA, identifiers=())
    double = a_patient(n=2, identifiers=())
    grades = {one.patient.id: one.grade for one in matched(claim, ANNA, double, step_of=ANNA)}
    assert Grade.CERTAIN not in grades.values()
    (rejected,) = matched(claim, ANNA, rejected=["p1"], step_of=ANNA)
    assert rejected.grade is Grade.CERTAINLY_NOT
    assert "step answered" not in {line.level for line in rejected.evidence}


def test_the_step_of_another_keeps_a_patient_from_being_certain() -> None:
    best = matched(claim_of(ANNA), ANNA, BEN, step_of=BEN)[0]
    assert best.patient.id == "p1"
    assert best.grade is Grade.PROBABLE
    told = "The image answers a worklist step of another patient: Müller, Ben (2012-04-03, #000102)."
    assert told in sentences(best)
    assert matched(claim_of(ANNA), ANNA, BEN, step_of=ANNA)[0].grade is Grade.CERTAIN


def test_a_threshold_is_reached_by_what_is_exactly_as_high() -> None:
    best = matched(claim_of(ANNA), ANNA, BEN)[0]
    exact = replace(DEFAULT_MODEL, version="exact", certain_bits=log2(best.odds), certain_gap=best.gap)
    assert matched(claim_of(ANNA), ANNA, BEN, model=exact)[0].grade is Grade.CERTAIN
    claim = claim_of(ANNA, identifiers=())
    likely = matched(claim, ANNA, BEN)[0]
    level = replace(DEFAULT_MODEL, version="level", probable_bits=likely.bits)
    assert matched(claim, ANNA, BEN, model=level)[0].grade is Grade.PROBABLE
