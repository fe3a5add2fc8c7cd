"""Each habit of a console writes what real ones write, and most of them still lead to the patient."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from porion.dicom.person import PersonName
from porion.emulator.consoles import Claim, Habit, claim
from porion.emulator.people import ISSUER, Person

ANNA = Person("20001", PersonName("Größler", "Anna"), date(2013, 4, 9), "F", "Änni", "K-1200", 5)


@pytest.mark.parametrize(
    ("habit", "changed"),
    [
        (Habit.AS_REGISTERED, {}),
        (Habit.SWAPPED, {"name": "Anna^Größler"}),
        (Habit.ONE_COMPONENT, {"name": "Größler Anna"}),
        (Habit.CAPITALS, {"name": "GROESSLER^ANNA"}),
        (Habit.NICKNAME, {"name": "Größler^Änni"}),
        (Habit.NO_BIRTH_DATE, {"born": "", "sex": ""}),
        (Habit.ZERO_DATE, {"born": "18991230"}),
        (Habit.DAY_FOR_MONTH, {"born": "20130904"}),
        (Habit.OLD_NUMBER, {"number": "K-1200", "issuer": ""}),
        (Habit.NO_NUMBER, {"number": "", "issuer": ""}),
        (Habit.MISLABELLED, {"label": "ISO_IR 100"}),
        (Habit.NOBODY, {"name": "^", "number": "", "issuer": "", "born": "", "sex": ""}),
    ],
)
def test_a_habit_changes_what_its_name_says(habit: Habit, changed: dict[str, str]) -> None:
    plain = Claim("Größler^Anna", "20001", ISSUER, "20130409", "F")
    assert claim(ANNA, habit) == replace(plain, **changed)


def test_whoever_has_no_nickname_is_called_by_the_name() -> None:
    assert claim(replace(ANNA, goes_by=""), Habit.NICKNAME) == claim(ANNA, Habit.AS_REGISTERED)


def test_a_day_that_is_no_month_stays_where_it_is() -> None:
    born = replace(ANNA, born=date(2013, 4, 30))
    assert claim(born, Habit.DAY_FOR_MONTH).born == "20130430"


def test_a_middle_name_stands_with_the_given_name() -> None:
    minh = replace(ANNA, name=PersonName("Nguyễn", "Minh", "Văn"))
    assert claim(minh, Habit.AS_REGISTERED).name == "Nguyễn^Văn Minh"
