"""No name from outside reaches a screen or a log as anything but plain text."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.folder.labels import LONGEST, shown, shown_error


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("cd/Müller 日本.dcm", "cd/Müller 日本.dcm"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("one\ntwo", "one\\ntwo"),
        ("\u202egpj.exe", "\\u202egpj.exe"),
        ("\udcff", "\\udcff"),
    ],
)
def test_unprintable_characters_are_written_out(name: str, label: str) -> None:
    assert shown(name) == label


@given(st.text(st.characters(codec=None), max_size=2 * LONGEST))
def test_every_label_is_printable_encodable_and_short(name: str) -> None:
    label = shown(name)
    assert label.isprintable()
    assert json.loads(json.dumps(label).encode()) == label
    assert len(label) <= LONGEST + 3


@given(st.text(st.characters(categories=["L", "N"]), max_size=LONGEST))
def test_a_plain_name_stays_as_it_is(name: str) -> None:
    assert shown(name) == name


def test_errors_speak_in_words() -> None:
    assert shown_error(FileNotFoundError(2, "No such file", "/secret/path")) == "No such file"
    assert shown_error(ValueError("a\0b")) == "a\\x00b"
    assert shown_error(EOFError()) == "EOFError"
