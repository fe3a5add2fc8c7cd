"""What people and machines read: nothing in a header steers a terminal or breaks a line of JSON."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.cli.output import (
    camel,
    claim_json,
    claim_line,
    exposure_json,
    number,
    patient_json,
    patient_line,
    plain,
    say,
    spacing_json,
    write_json,
    write_table,
)
from porion.clinic.patient import Patient
from porion.dicom.person import ClaimedIdentity, Identifier, PersonName
from porion.dicom.scale import PixelScale

ANNA = Patient("p1", PersonName("Müller", "Anna"), date(2012, 4, 3), "F", (Identifier("7", "A"),))


@given(st.text())
def test_plain_text_has_no_controls_and_keeps_every_letter(text: str) -> None:
    told = plain(text)
    assert all(character == " " or character.isprintable() or character.isspace() for character in told)
    assert not set(told) & set("\x00\x07\x1b\x7f\x9b\n\r\u2028\u202e\ud800")


@pytest.mark.parametrize(
    "name", ["Müller", "山田　太郎", "Ивано́в", "김희중", "O\u2019Neil-Åström", "علی", "\xa0"]
)
def test_names_of_the_world_stay_as_they_are(name: str) -> None:
    assert plain(name) == name


def test_nothing_is_an_empty_text() -> None:
    assert (plain(None), plain(0)) == ("", "0")


@pytest.mark.parametrize("hostile", ["[red]Anna[/red]", "[/]", ":skull:", "[link=file:///x]y"])
def test_markup_is_data(hostile: str, capsys: pytest.CaptureFixture[str]) -> None:
    say(hostile)
    write_table((hostile,), [(hostile,)])
    assert capsys.readouterr().out.count(hostile) == 3


def test_a_long_sentence_stays_on_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    say("word " * 100)
    assert capsys.readouterr().out.count("\n") == 1


@given(st.text())
def test_json_is_one_line_that_says_the_same(text: str) -> None:
    written = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    with redirect_stdout(written):
        write_json({"name": text})
    written.seek(0)
    (line,) = written.read().splitlines()
    assert json.loads(line) == {"name": text}


def test_json_keeps_letters_where_the_terminal_has_them(capsys: pytest.CaptureFixture[str]) -> None:
    write_json({"name": "Jørgensen"})
    assert capsys.readouterr().out == '{"name": "Jørgensen"}\n'


def test_names_in_json_are_written_in_one_word() -> None:
    assert [camel(name) for name in ("kvp", "birth_date", "dap_mgycm2")] == ["kvp", "birthDate", "dapMgycm2"]


def test_a_whole_number_has_no_point_and_the_unknown_none() -> None:
    told = [number(value) for value in (Decimal("85.0"), Decimal("0.81"), Decimal(0), None)]
    assert json.dumps(told) == "[85, 0.81, 0, null]"


def test_an_unknown_identity_is_null_in_every_part() -> None:
    told = claim_json(ClaimedIdentity(PersonName()))
    assert {"family", "given", "middle", "patientId", "issuer", "birthDate", "sex"} <= set(told)
    assert set(told.values()) == {None}
    assert claim_line(ClaimedIdentity(PersonName())) == "no name"


def test_an_exposure_that_nobody_stated_has_null_for_every_number() -> None:
    told = exposure_json(None)
    numbers = ("dapMgycm2", "entranceMgy", "ctdivolMgy", "kvp", "tubeMa", "timeMs", "mas")
    assert {told[name] for name in numbers} == {None}
    assert told["observations"] == []


def test_an_unknown_spacing_says_why() -> None:
    told = spacing_json(PixelScale(None, "none", "not stated"))
    assert told == {"mm": None, "basis": "none", "reason": "not stated"}


def test_a_patient_in_a_line_and_as_json() -> None:
    assert patient_line(ANNA) == "Müller, Anna *2012-04-03 #7"
    told = patient_json(ANNA)
    assert (told["birthDate"], told["middle"]) == ("2012-04-03", None)
    assert told["identifiers"] == [{"value": "7", "issuer": "A"}]
