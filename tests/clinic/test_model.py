from dataclasses import replace
from itertools import pairwise
from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.clinic.default_model import DEFAULT_MODEL
from porion.clinic.levels import Level
from porion.clinic.model import LADDERS, Others, Weight
from porion.clinic.name_levels import FAMILY_LADDER, GIVEN_LADDER
from porion.clinic.patient_ids import RANKED
from porion.clinic.readings import Way

WEIGHTS, RARITIES, READING_COSTS = DEFAULT_MODEL.weights, DEFAULT_MODEL.rarities, DEFAULT_MODEL.reading_costs
FIELDS = tuple(LADDERS)
(NAMESAKES,) = (others for others in DEFAULT_MODEL.others if others.name == "namesakes")


@pytest.mark.parametrize("field", FIELDS)
def test_the_table_lists_levels_from_best_to_worst(field: str) -> None:
    bits = [row.bits for row in WEIGHTS if row.field == field]

    assert all(better >= worse for better, worse in pairwise(bits))


def test_every_level_that_can_come_up_has_a_weight_and_a_source() -> None:
    rows = {(row.field, row.level) for row in WEIGHTS}

    assert {("given", level) for level, _ in GIVEN_LADDER} <= rows
    assert {("family", level) for level, _ in FAMILY_LADDER} <= rows
    assert {("patientId", level) for level in RANKED} <= rows
    assert {(field, level) for field in FIELDS for level in (Level.OTHER, Level.MISSING)} <= rows
    assert all(row.source for row in WEIGHTS)
    assert set(READING_COSTS) == set(Way)


@pytest.mark.parametrize(
    ("field", "level", "bits"),
    [
        ("given", Level.SAME, 8.8),
        ("given", Level.OTHER, -4.6),
        ("family", Level.SAME, 10.3),
        ("family", Level.OTHER, -5.7),
        ("birthDate", Level.SAME, 13.6),
        ("birthDate", Level.SWAPPED, 9.4),
        ("birthDate", Level.ONE_EDIT, 5.0),
        ("birthDate", Level.OTHER_YEAR, 2.7),
        ("birthDate", Level.OTHER, -5.3),
        ("patientId", Level.SAME, 17.5),
        ("patientId", Level.OTHER, -6.4),
    ],
)
def test_the_weights_are_those_that_were_learned(field: str, level: Level, bits: float) -> None:
    assert DEFAULT_MODEL.bits(field, level) == pytest.approx(bits, abs=0.06)


@pytest.mark.parametrize("others", DEFAULT_MODEL.others, ids=lambda others: others.name)
def test_people_who_agree_for_a_reason_are_more_likely_to_than_strangers(others: Others) -> None:
    rows = {(row.field, row.level): row for row in WEIGHTS}

    assert set(others.shares) <= set(rows)
    # Brothers and sisters are not given the same name.
    agreeing = [key for key in others.shares if rows[key].bits > 3 and key[0] != "given"]
    assert all(DEFAULT_MODEL.bits_against(others, *key) <= rows[key].bits for key in agreeing)


def test_a_name_alone_is_worth_no_more_against_namesakes_than_their_number() -> None:
    names = [("given", Level.SAME), ("family", Level.SAME)]

    assert sum(DEFAULT_MODEL.bits_against(NAMESAKES, *each) for each in names) == 0
    assert DEFAULT_MODEL.prior_against(NAMESAKES) == pytest.approx(4.6, abs=0.1)


@pytest.mark.parametrize("field", FIELDS)
def test_what_is_missing_says_nothing(field: str) -> None:
    assert DEFAULT_MODEL.bits(field, Level.MISSING) == 0


@given(
    st.sampled_from(sorted(RARITIES)), st.integers(0, 10_000), st.integers(0, 10_000), st.integers(1, 10**6)
)
def test_a_commoner_value_is_never_worth_more(field: str, some: int, more: int, size: int) -> None:
    common, rare = max(some, more), min(some, more)

    def worth(carriers: int) -> float:
        return DEFAULT_MODEL.bits_among(field, Level.SAME, carriers, size)

    assert worth(common) <= worth(rare)


@given(st.sampled_from(WEIGHTS), st.booleans(), st.integers(0, 10_000), st.integers(1, 10**6))
def test_a_lesser_level_is_never_worth_more_than_the_same_value(
    row: Weight, alone: bool, carriers: int, size: int
) -> None:
    field, level = row.field, row.level

    def worth(of: Level) -> float:
        slip = DEFAULT_MODEL.slip_bits(field, of, alone=alone, size=size)
        return DEFAULT_MODEL.bits_among(field, of, min(carriers, size), size, slip)

    assert field in ("suffix", "otherScript", "sex") or worth(level) <= max(worth(Level.SAME), 0)


@given(st.integers(1, 499))
def test_a_growing_register_never_makes_three_agreements_worth_more(size: int) -> None:
    def total(people: int) -> float:
        agreeing = (DEFAULT_MODEL.bits_among(field, Level.SAME, 3, people) for field in RARITIES)
        return DEFAULT_MODEL.prior(people) + sum(agreeing)

    assert total(size + 1) <= total(size) + 1e-9


def test_the_prior_is_half_among_one_and_falls_with_the_register() -> None:
    assert DEFAULT_MODEL.prior(1) == DEFAULT_MODEL.prior(0) == -1
    assert DEFAULT_MODEL.prior(10_000) == pytest.approx(-14.3, abs=0.05)


def test_departures_from_the_stated_name_add_up() -> None:
    repaired, swapped = READING_COSTS[Way.REPAIRED].bits, READING_COSTS[Way.SWAPPED].bits

    assert DEFAULT_MODEL.cost((Way.REPAIRED, Way.SWAPPED)) == repaired + swapped
    assert DEFAULT_MODEL.cost(()) == 0


def test_what_is_missing_says_nothing_however_common_it_is() -> None:
    assert DEFAULT_MODEL.bits_among("given", Level.MISSING, 1_000_000, 1_000_000) == 0


def test_a_level_is_never_worth_more_than_the_value_itself_however_little_it_is_worth() -> None:
    weights = tuple(
        row._replace(m=row.u * 1.5) if (row.field, row.level) == ("given", Level.SIMILAR) else row
        for row in DEFAULT_MODEL.weights
    )
    model = replace(DEFAULT_MODEL, weights=weights)
    same = model.bits_among("given", Level.SAME, 700_000, 1_000_000)
    assert 0 < same < model.bits("given", Level.SIMILAR) < 1
    assert model.bits_among("given", Level.SIMILAR, 700_000, 1_000_000) == same


SLIPPED = [row for row in WEIGHTS if row.slips]


@pytest.mark.parametrize("row", SLIPPED, ids=lambda row: f"{row.field} {row.level.name}")
def test_hardly_anybody_bears_what_a_slip_of_the_pen_makes(row: Weight) -> None:
    def worth(size: int, *, alone: bool) -> float:
        return DEFAULT_MODEL.slip_bits(row.field, row.level, alone=alone, size=size)

    # In a small register few names are borne by two: who bears one says little.
    assert worth(10, alone=True) == pytest.approx(0, abs=0.03)
    assert 0 < worth(1_000, alone=True) < worth(10_000, alone=True) < worth(1_000_000, alone=True) < 5
    assert worth(10, alone=False) == worth(1_000_000, alone=False) == pytest.approx(log2(1 - row.slips))


def test_slips_are_those_that_were_counted() -> None:
    assert DEFAULT_MODEL.slipping == {
        (field, level): share
        for field in ("given", "family")
        for level, share in ((Level.CLOSE, 0.75), (Level.SIMILAR, 0.75), (Level.OTHER, 0.3))
    }


def test_a_name_borne_by_hardly_anybody_is_as_likely_by_chance_as_two_names_and_a_slip_say() -> None:
    # Of 3,000 and 1,000 imagined ones 3 in 4 bear a name that others bear; 4.2 % of names have a slip.
    by_chance = 1 - 0.75**2 * (1 - 0.042)
    assert DEFAULT_MODEL.slip_bits("given", Level.SIMILAR, alone=True, size=3_000) == pytest.approx(
        log2(0.25 + 0.75 / by_chance)
    )


def test_levels_of_which_no_slip_is_known_take_no_notice() -> None:
    for alone in (True, False):
        assert DEFAULT_MODEL.slip_bits("given", Level.SAME, alone=alone, size=10_000) == 0
    assert ("given", Level.SAME) not in DEFAULT_MODEL.slipping
    assert Weight("given", Level.CLOSE, 0.03, 0.0006, "without a word of slips").slips == 0


def test_relatives_bear_the_family_name_and_namesakes_both() -> None:
    (relatives,) = (others for others in DEFAULT_MODEL.others if others.name == "relatives")

    assert {"given", "family", "suffix"} - relatives.misspelled == {"family"}
    assert {"given", "family", "birthDate"} - NAMESAKES.misspelled == {"given", "family"}
    half = relatives._replace(shares={("family", Level.SAME): 0.5})
    assert "family" in half.misspelled
