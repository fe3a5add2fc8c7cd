"""Reading TOML tables: what is wrong is told with its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.clinic.toml_tables import parsed


def test_values_within_their_bounds_are_taken() -> None:
    table = parsed('share = 1\nmost = 3\nname = "a"\nfields = ["x"]')

    assert table.number("share", 0, 1) == 1.0
    assert table.whole("most", 1, 3) == 3
    assert table.words("name") == "a"
    assert table.some_of("fields", ("x", "y")) == ("x",)
    assert table.some_of("left out", ("x",)) == ()
    table.finish()
    assert table.notes.problems == []


@pytest.mark.parametrize("value", ["1.5", "-0.1", "nan", "inf", '"1"', "true", "[]", "9" * 400])
def test_a_number_outside_its_bounds_is_told_with_line_and_name(value: str) -> None:
    table = parsed(f"\nshare = {value}\n")
    table.number("share", 0, 1)
    (problem,) = table.notes.problems

    assert problem.startswith("line 2, share: is ")
    assert problem.endswith("has to be a number from 0 to 1")


@pytest.mark.parametrize("value", ["0", "4", "2.0", "true"])
def test_a_whole_number_is_no_other(value: str) -> None:
    table = parsed(f"most = {value}")
    table.whole("most", 1, 3)

    assert "a whole number from 1 to 3" in table.notes.problems[0]


@pytest.mark.parametrize("value", ['""', '" "', "7", '"' + "x" * 501 + '"'])
def test_a_text_says_something_and_not_too_much(value: str) -> None:
    table = parsed(f"name = {value}")
    table.words("name")

    assert "a text of 1 to 500 characters" in table.notes.problems[0]


def test_a_list_of_words_holds_none_that_is_unknown() -> None:
    table = parsed('fields = ["x", "z"]')

    assert table.some_of("fields", ("x", "y")) == ()
    assert table.notes.problems == [
        "line 1, fields: is ['x', 'z'], and has to be a list of some of x, y",
    ]


def test_what_is_missing_is_told_once_and_not_for_all_that_would_be_in_it() -> None:
    table = parsed("here = 1")
    table.table("inner").table("innermost").number("share", 0, 1)

    assert table.notes.problems == ["the file: `inner` is missing, a table"]


def test_a_name_that_nobody_asked_for_is_told_with_those_that_are_known() -> None:
    table = parsed("[inner]\nshare = 1\nshore = 1")
    inner = table.table("inner")
    inner.number("share", 0, 1)
    inner.finish()

    assert table.notes.problems == ["line 3, inner.shore: is not known here; there are share"]


def test_the_tables_of_a_list_are_numbered_from_one() -> None:
    table = parsed("[[each]]\na = 1\n[[each]]\n[each.inner]\na = 2")
    second = table.tables("each")[1].table("inner")
    second.number("a", 0, 1)

    assert table.notes.problems == ["line 5, each.2.inner.a: is 2, and has to be a number from 0 to 1"]


def test_what_is_no_list_of_tables_is_told() -> None:
    table = parsed("each = [1]")

    assert table.tables("each") == []
    assert "a list of tables" in table.notes.problems[0]


@pytest.mark.parametrize("text", ["a = ", "a = 1\na = 2", "[", "a = " + "[" * 5_000])
def test_what_is_no_toml_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parsed(text)


@given(st.text(alphabet='ab=[]."1\n{},# ', max_size=80))
def test_any_text_is_a_table_or_a_value_error(text: str) -> None:
    try:
        table = parsed(text)
    except ValueError:
        return
    table.number("a", 0, 1)
    table.table("b").words("a")
    table.finish()
    assert all(problem.strip() for problem in table.notes.problems)
