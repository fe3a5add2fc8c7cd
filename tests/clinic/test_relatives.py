"""Relatives are counted by their twins: same family name, same day of birth, another given name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.clinic.default_model import DEFAULT_MODEL
from porion.clinic.model import Others
from porion.clinic.patient import Patient
from porion.clinic.relatives import RELATIVES, NoRelatives, Twins, counted, twins
from porion.dicom.person import PersonName

(SHIPPED,) = (others for others in DEFAULT_MODEL.others if others.name == RELATIVES)
TWINS = 0.72 * 0.012
"""The share of twins among relatives, as the shipped model has it."""


def someone(n: int, family: str, given_name: str, born: date | None) -> Patient:
    return Patient(f"p{n}", PersonName(family, given_name), born)


def strangers(count: int) -> list[Patient]:
    """People who share neither name nor day."""
    first = date(1950, 3, 2)
    letters = "bcdfghjklmnpqrstvwxz"
    return [
        someone(n, f"{letters[n % 20]}{letters[n // 20]}a", "Ben", first + timedelta(days=n))
        for n in range(count)
    ]


def expected(found: Twins, others: Others = SHIPPED) -> float:
    return found.relatives(others)


def test_two_of_one_family_name_and_day_are_twins_unless_their_given_name_is_one() -> None:
    born = date(2012, 4, 3)
    anna, berta = someone(1, "Müller", "Anna", born), someone(2, "Mueller", "Berta", born)
    muller, again = someone(3, "Muller", "Berta", born), someone(4, "Muller", "Anna Maria", born)

    assert twins([anna, replace(berta, name=PersonName("Müller", "Berta"))]).pairs == 1
    assert twins([muller, again]).pairs == 1
    assert twins([anna, replace(anna, id="p5")]).pairs == 0
    assert twins([anna, someone(6, "Müller", "Berta", date(2013, 4, 3))]).pairs == 0
    assert twins([anna, someone(7, "Weber", "Berta", born)]).pairs == 0


def test_three_of_one_birth_are_three_pairs() -> None:
    born = date(2012, 4, 3)

    assert twins(someone(n, "Weber", name, born) for n, name in enumerate(("Ada", "Bea", "Cleo"))).pairs == 3


@pytest.mark.parametrize(
    "patient",
    [
        someone(1, "", "Anna", date(2012, 4, 3)),
        someone(1, "Müller", "", date(2012, 4, 3)),
        someone(1, "Müller", "Anna", None),
        someone(1, "", "", None),
        someone(1, "Müller", "Anna", date(1900, 1, 1)),
        replace(someone(1, "Müller", "Anna", date(2012, 4, 3)), merged_into="p2"),
    ],
)
def test_who_states_no_name_or_day_or_was_merged_is_left_out(patient: Patient) -> None:
    assert twins([patient]).people == 0


def test_pairs_by_chance_are_what_names_and_days_give_that_know_nothing_of_one_another() -> None:
    one, other = date(2012, 4, 3), date(2012, 5, 4)
    four = [someone(n, "Weber", f"A{n}", born) for n, born in enumerate((one, one, other, date(2011, 1, 7)))]
    two = [someone(n, f"Family{n}", "Ben", one) for n in (5, 6)]
    found = twins(four + two)

    # 15 pairs: 6 of them of one family, 6 of one day.
    assert (found.people, found.pairs, found.by_chance) == (6, 1, pytest.approx(6 * 6 / 15))


def test_nobody_and_one_person_have_no_pairs() -> None:
    assert twins([]) == Twins(0, 0, 0.0)
    assert twins(strangers(1)) == Twins(1, 0, 0.0)


def test_a_register_with_as_many_twins_as_expected_changes_nothing() -> None:
    people = 10_000
    pairs = people / 2 * TWINS

    assert expected(Twins(people, round(pairs), 0.0)) == pytest.approx(1, abs=0.02)
    assert expected(Twins(people, round(2 * pairs) + 1, 0.0)) == pytest.approx(2, abs=0.03)
    assert expected(Twins(people, round(2 * pairs) + 5, 4.0)) == pytest.approx(2, abs=0.03)


def test_a_register_without_any_twins_holds_few_relatives_and_a_small_one_says_little() -> None:
    assert expected(twins(strangers(20))) == pytest.approx(1, abs=0.1)
    assert expected(Twins(5_000, 0, 0.0)) == pytest.approx(1 / (1 + 2_500 * TWINS))
    assert expected(Twins(5_000, 1, 1.5)) == expected(Twins(5_000, 0, 0.0))


@given(st.integers(0, 10**6), st.integers(0, 10**4), st.floats(0, 10**4), st.floats(1e-3, 100))
def test_relatives_are_always_some_and_the_more_the_more_twins_there_are(
    people: int, pairs: int, by_chance: float, before: float
) -> None:
    others = SHIPPED._replace(expected=before)

    assert expected(Twins(people, pairs, by_chance), others) > 0
    assert expected(Twins(people, pairs, by_chance), others) <= expected(
        Twins(people, pairs + 1, by_chance), others
    )


def test_the_model_says_what_was_counted() -> None:
    model = counted(DEFAULT_MODEL, Twins(5_000, 3, 0.5), "clinic-1")
    relatives, namesakes = model.others

    assert model.version == "clinic-1"
    assert relatives.expected == float(f"{Twins(5_000, 3, 0.5).relatives(SHIPPED):.3g}")
    assert "3 pairs of twins among 5000 patients" in relatives.source
    assert (relatives.shares, namesakes) == (SHIPPED.shares, DEFAULT_MODEL.others[1])
    assert model.weights == DEFAULT_MODEL.weights


def test_a_model_without_relatives_has_none_to_count() -> None:
    model = replace(DEFAULT_MODEL, others=DEFAULT_MODEL.others[1:])

    with pytest.raises(NoRelatives, match="weighs no relatives"):
        counted(model, Twins(5_000, 3, 0.5), "clinic-1")
