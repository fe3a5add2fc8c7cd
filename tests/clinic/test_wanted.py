"""What somebody types to find a patient."""

from __future__ import annotations

from datetime import date

import pytest

from porion.clinic.wanted import wanted_patient
from porion.dicom.person import PersonName


@pytest.mark.parametrize("typed", ["2012-04-03", "20120403", "3.4.2012", "03.04.2012"])
def test_a_date_is_read_in_every_usual_form(typed: str) -> None:
    assert wanted_patient(typed).dates == (date(2012, 4, 3),)


def test_a_stroke_may_mean_two_dates() -> None:
    assert wanted_patient("03/04/2012").dates == (date(2012, 4, 3), date(2012, 3, 4))
    assert wanted_patient("03/14/2012").dates == (date(2012, 3, 14),)


@pytest.mark.parametrize("typed", ["2012-13-41", "31.2.2012", "99/99/2012", "123"])
def test_what_is_no_date_is_a_word(typed: str) -> None:
    assert (wanted_patient(typed).dates, wanted_patient(typed).words) == ((), (typed,))


def test_names_are_tried_in_both_orders_and_with_the_date() -> None:
    first, second = wanted_patient("Meyer, Anna Lena 2012-04-03").claims
    assert (first.name, second.name) == (PersonName("Meyer", "Anna Lena"), PersonName("Anna Lena", "Meyer"))
    assert first.birth_date == second.birth_date == date(2012, 4, 3)


def test_a_number_is_nobodys_name() -> None:
    assert wanted_patient("10442").claims == ()
    assert wanted_patient("").claims == ()
