from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.clinic.levels import Level, birth_date_level, sex_level, suffix_level

BORN = date(2012, 4, 3)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (date(2012, 4, 3), Level.SAME),
        (date(2012, 3, 4), Level.SWAPPED),
        (date(2012, 4, 8), Level.ONE_EDIT),
        (date(2012, 4, 30), Level.ONE_EDIT),
        (date(2021, 4, 3), Level.OTHER_YEAR),
        (date(2013, 4, 3), Level.OTHER_YEAR),
        (date(1999, 4, 3), Level.OTHER),
        (date(2012, 4, 18), Level.TWO_EDITS),
        (date(2012, 11, 27), Level.SAME_YEAR),
        (date(1986, 11, 27), Level.OTHER),
        (None, Level.MISSING),
    ],
)
def test_birth_dates_agree_in_known_degrees(other: date | None, expected: Level) -> None:
    assert birth_date_level(BORN, other) is expected
    assert birth_date_level(other, BORN) is expected


def test_month_and_day_are_swapped_only_when_both_are_at_most_twelve() -> None:
    assert birth_date_level(date(2012, 1, 12), date(2012, 12, 1)) is Level.SWAPPED
    assert birth_date_level(date(2012, 1, 13), date(2012, 3, 11)) is not Level.SWAPPED


@given(st.dates(), st.dates())
def test_the_order_of_two_dates_does_not_matter(one: date, other: date) -> None:
    assert birth_date_level(one, other) is birth_date_level(other, one)


@pytest.mark.parametrize(
    ("claimed", "registered", "expected"),
    [
        ("F", "F", "same"),
        ("F", "M", "different"),
        ("O", "F", "missing"),
        ("", "M", "missing"),
        ("O", "O", "missing"),
    ],
)
def test_only_f_and_m_can_agree_or_differ(claimed: str, registered: str, expected: str) -> None:
    assert sex_level(claimed, registered) == expected


@pytest.mark.parametrize(
    ("claimed", "registered", "expected"),
    [("Jr", "Jr", "same"), ("Jr", "Sr", "different"), ("", "Sr", "missing")],
)
def test_generations_are_compared_only_when_both_are_stated(
    claimed: str, registered: str, expected: str
) -> None:
    assert suffix_level(claimed, registered) == expected
