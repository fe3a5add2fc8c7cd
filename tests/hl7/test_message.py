from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.hl7.message import Message, decoded, part, read_message
from porion.services.errors import Invalid
from tests.hl7.messages import adt


def test_fields_components_and_repetitions_are_counted_as_in_the_standard() -> None:
    person = read_message(adt(pid="1^^^A~2^^^B&1.2.3&ISO", name="Müller^Anna^Maria")).first("PID")
    assert person is not None
    assert [person.text(5, number) for number in (1, 2, 3, 9)] == ["Müller", "Anna", "Maria", ""]
    first, second = person.repeats(3)
    assert (part(first, 1), part(first, 4)) == ("1", "A")
    assert (part(second, 4), part(second, 4, 2)) == ("B", "1.2.3")
    assert person.repeats(40) == []
    assert person.text(40) == ""


def test_escapes_and_explicit_nothing_are_resolved() -> None:
    person = read_message(adt(name=r'O\T\Hara\S\x^""')).first("PID")
    assert person is not None
    assert (person.text(5), person.text(5, 2)) == ("O&Hara^x", "")


@pytest.mark.parametrize(
    ("charset", "codec"),
    [
        ("UNICODE UTF-8", "utf-8"),
        ("8859/1", "latin-1"),
        ("8859/1", "cp1252"),
        ("8859/9", "iso8859-9"),
        ("", "utf-8"),
        ("", "latin-1"),
        ("8859/1~UNICODE UTF-8", "latin-1"),
    ],
)
def test_names_come_in_the_declared_character_set_or_what_it_must_be(charset: str, codec: str) -> None:
    content = adt(name="Größe^Jürgen", charset=charset, codec=codec)
    person = read_message(content).first("PID")
    assert person is not None
    assert person.text(5) == "Größe"


def test_cyrillic_comes_through() -> None:
    assert "Иванов" in decoded(adt(name="Иванов^Иван", charset="8859/5", codec="iso8859-5"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "MSH"),
        (b"PID|1", "MSH"),
        (b"MSH|^", "MSH"),
        (adt(charset="KLINGON"), "KLINGON"),
        (adt(name="Größe", charset="ASCII"), "declares ASCII, and byte"),
        (adt(name="Größe", codec="latin-1"), "declares UNICODE UTF-8, and byte"),
        (adt() + b"ZZZ|1\r" * 1_000, "1000 segments"),
    ],
)
def test_what_cannot_be_read_is_told(content: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        read_message(content)


@given(st.sampled_from([b"", adt()[:40], adt()]), st.binary())
def test_any_bytes_are_a_message_or_one_error(head: bytes, tail: bytes) -> None:
    try:
        message = read_message(head + tail)
    except Invalid:
        return
    assert isinstance(message, Message)
    assert message.header.name == "MSH"
    assert all(isinstance(one.text(3), str) for one in message.segments)
