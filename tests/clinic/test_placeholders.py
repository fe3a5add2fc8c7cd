from datetime import date

import pytest

from porion.clinic.placeholders import is_placeholder_date, is_placeholder_name


@pytest.mark.parametrize("born", [date(1900, 1, 1), date(1899, 12, 30), date(1800, 1, 1), date(1970, 1, 1)])
def test_dates_that_software_writes_for_nothing_are_placeholders(born: date) -> None:
    assert is_placeholder_date(born)


@pytest.mark.parametrize("born", [None, date(2012, 4, 3), date(2000, 1, 1)])
def test_other_dates_are_not(born: date | None) -> None:
    assert not is_placeholder_date(born)


@pytest.mark.parametrize(
    "words", ["doe john", "jane doe", "smith baby boy", "anonymous", "test patient", "unknown"]
)
def test_names_of_nobody_are_placeholders(words: str) -> None:
    assert is_placeholder_name(tuple(words.split()))


@pytest.mark.parametrize("words", ["", "muller anna", "test anna", "doe maria", "boy george"])
def test_names_of_somebody_are_not(words: str) -> None:
    assert not is_placeholder_name(tuple(words.split()))
