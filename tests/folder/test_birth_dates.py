"""A date that can be read in two ways is reported, never guessed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.folder.birth_dates import date_column

APRIL_3 = date(2012, 4, 3)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("2012-04-03", "YYYY-MM-DD"),
        ("2012/4/3", "YYYY-MM-DD"),
        ("2012-04-03 00:00:00", "YYYY-MM-DD"),
        ("2012-04-03T00:00:00Z", "YYYY-MM-DD"),
        ("20120403", "YYYYMMDD"),
        ("03.04.2012", "DD.MM.YYYY"),
        ("3.4.2012 00:00", "DD.MM.YYYY"),
    ],
)
def test_a_date_with_one_meaning_is_read(text: str, name: str) -> None:
    column = date_column([text])
    assert column.name == name
    assert column.read(text).value == APRIL_3


def test_one_value_settles_the_order_for_the_whole_column() -> None:
    assert date_column(["03/04/2012", "25/12/2011"]).read("03/04/2012").value == APRIL_3
    assert date_column(["04/03/2012", "12/25/2011"]).read("04/03/2012").value == APRIL_3


def test_a_column_that_settles_nothing_leaves_its_rows_ambiguous() -> None:
    column = date_column(["03/04/2012", "05/06/2011"])
    assert column.name == "DD/MM/YYYY or MM/DD/YYYY"
    assert column.read("03/04/2012").value is None
    assert "ambiguous" in column.read("03/04/2012").problem


def test_a_column_that_contradicts_itself_settles_nothing() -> None:
    column = date_column(["25/12/2011", "12/25/2011", "03/04/2012"])
    assert "ambiguous" in column.read("03/04/2012").problem
    assert column.read("25/12/2011").value == date(2011, 12, 25)


def test_day_and_month_alike_are_never_ambiguous() -> None:
    assert date_column(["04-04-2012"]).read("04-04-2012").value == date(2012, 4, 4)


@pytest.mark.parametrize("text", ["", "  ", "1899-12-30", "18000101", "01.01.1900", "0001-01-01"])
def test_nothing_and_placeholders_are_no_birth_date_and_no_problem(text: str) -> None:
    read = date_column([text]).read(text)
    assert (read.value, read.problem) == (None, "")


@pytest.mark.parametrize("text", ["2012", "31.02.2012", "03.04.12", "41002", "yesterday", "٢٠١٢-٠٤-٠٣"])
def test_what_is_no_date_is_a_problem(text: str) -> None:
    assert "cannot be read" in date_column([text]).read(text).problem


@given(st.lists(st.dates(date(1901, 1, 1)), min_size=1), st.sampled_from(["%d/%m/%Y", "%m/%d/%Y"]))
def test_a_column_in_one_order_is_never_read_in_the_other(days: list[date], order: str) -> None:
    texts = [f"{day.day:02}/{day.month:02}/{day.year:04}" for day in days]
    if order == "%m/%d/%Y":
        texts = [f"{day.month:02}/{day.day:02}/{day.year:04}" for day in days]
    column = date_column(texts)
    assert all(column.read(text).value in {day, None} for text, day in zip(texts, days, strict=True))
