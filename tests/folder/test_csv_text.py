"""The encoding is told by its mark, by zeros, by being valid; never by hope."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.folder.csv_text import cells, decoded


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_each_encoding_comes_back_as_it_was_written(encoding: str) -> None:
    text = "family_name;given_name\nŁukasz;Zoë\n山田;太郎\n"
    assert decoded(text.encode(encoding)) == (text, encoding)


def test_western_bytes_are_windows_1252_with_its_euro_sign() -> None:
    assert decoded(b"M\xfcller \x80") == ("Müller €", "windows-1252")
    assert decoded(b"M\xfcller \x81") == ("Müller \ufffd", "windows-1252")


@given(st.binary(max_size=200))
def test_any_bytes_become_text(data: bytes) -> None:
    text, encoding = decoded(data)
    assert isinstance(text, str)
    assert encoding


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_rows_end_as_any_system_ends_them(ending: str) -> None:
    assert list(cells(f'a;"b;c"{ending}d;e', ";")) == [["a", "b;c"], ["d", "e"]]


def test_an_error_is_the_last_row() -> None:
    first, last = cells("a\n" + "x" * 200_000, ",")
    assert first == ["a"]
    assert isinstance(last, csv.Error)
