"""Model files: each mistake is a sentence with line, field and level."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.clinic.default_model import DEFAULT_MODEL
from porion.clinic.levels import Level
from porion.clinic.model_file import BadModel, read_model
from porion.clinic.model_text import model_text
from tests.clinic.model_lines import line_of, with_line, without_line

TEXT = model_text(DEFAULT_MODEL)


def problems(text: str) -> tuple[str, ...]:
    with pytest.raises(BadModel) as caught:
        read_model(text)
    assert all(problem in str(caught.value) for problem in caught.value.problems)
    return caught.value.problems


def test_a_changed_weight_is_the_weight() -> None:
    text = with_line(TEXT, "given", "umlaut", '{ m = 0.06, u = 0.0002, source = "counted here" }')
    model = read_model(text)

    assert model.bits("given", Level.UMLAUT) == pytest.approx(8.23, abs=0.01)
    assert replace(model, weights=DEFAULT_MODEL.weights).bits("given", Level.UMLAUT) < 8.1


def test_those_who_agree_as_one_person_does_follow_the_weights() -> None:
    text = with_line(TEXT, "given", "umlaut", '{ m = 0.06, u = 0.0002, source = "counted here" }')
    (namesakes,) = (others for others in read_model(text).others if others.name == "namesakes")

    assert namesakes.shares["given", Level.UMLAUT] == 0.06
    assert read_model(text).bits_against(namesakes, "given", Level.UMLAUT) == 0


@pytest.mark.parametrize("share", ["0", "-0.1", "1.01", "nan", '"much"', "1e-16"])
@pytest.mark.parametrize("which", ["m", "u"])
def test_a_share_is_above_zero_and_at_most_one(which: str, share: str) -> None:
    row = {"m": "0.01", "u": "0.001"} | {which: share}
    text = with_line(TEXT, "given", "initial", f'{{ m = {row["m"]}, u = {row["u"]}, source = "x" }}')
    (problem,) = problems(text)

    assert problem.startswith(f"line {line_of(text, 'given', 'initial')}, fields.given.initial.{which}: is ")
    assert problem.endswith("has to be a number from 1e-15 to 1")


def test_an_unknown_level_is_told_with_those_that_there_are() -> None:
    text = with_line(TEXT, "sex", "other", '{ m = 0.03, u = 0.5, source = "x" }\numlaut = 1')

    (problem,) = problems(text)

    assert problem.startswith(f"line {line_of(text, 'sex', 'umlaut')}, fields.sex.umlaut: is not known here;")
    assert problem.endswith("; there are missing, other, same")


def test_a_missing_level_is_told_with_its_field() -> None:
    (problem,) = problems(without_line(TEXT, "patientId", "one_edit"))

    assert re.fullmatch(r"line \d+, fields.patientId: `one_edit` is missing, a table", problem)


def test_an_unknown_field_is_told() -> None:
    assert "fields.shoeSize: is not known here" in problems(TEXT + "[fields.shoeSize]\n")[0]


def test_less_agreement_is_never_worth_more() -> None:
    text = with_line(TEXT, "patientId", "one_edit", '{ m = 0.3, u = 0.000001, source = "EM" }')
    (problem,) = problems(text)

    assert problem == (
        f"line {line_of(text, 'patientId', 'one_edit')}, fields.patientId.one_edit: 18.19 bits are more"
        " than the 6.64 of same_digits, which agrees better"
    )


def test_what_is_missing_says_nothing() -> None:
    (problem,) = problems(with_line(TEXT, "sex", "missing", '{ m = 0.9, u = 1, source = "x" }'))

    assert problem.endswith("fields.sex.missing: says nothing: m and u have to be the same")


def test_agreement_speaks_for_and_disagreement_against() -> None:
    turned = with_line(TEXT, "sex", "same", '{ m = 0.4, u = 0.5, source = "x" }')
    assert "fields.sex.same: has to speak for the same person" in problems(turned)[0]
    turned = with_line(TEXT, "sex", "other", '{ m = 0.5, u = 0.5, source = "x" }')
    assert "fields.sex.other: has to speak against the same person" in problems(turned)[0]


@pytest.mark.parametrize(
    ("written", "instead", "told"),
    [
        ('version = "porion-4"', 'version = ""', "line 6, version: is '', and has to be a text"),
        ('version = "porion-4"', "", "the file: `version` is missing"),
        ("format = 1", "format = 2", "line 5, format: is 2, and has to be a whole number from 1 to 1"),
        ("probable_bits = 4.0", "probable_bits = 15", "settings.probable_bits: is above certain_bits"),
        ("shortlist = 25", "shortlist = 0", "settings.shortlist: is 0, and has to be a whole number"),
        ("rarest = 0.00048828125", "rarest = 2", "rarity.given.rarest: is 2"),
        ("swapped = { bits = 6.0", "swapped = { bits = -6.0", "readings.swapped.bits: is -6.0"),
        ("comma = {", "coma = {", "readings: `comma` is missing"),
        ("expected = 1.0", "expected = 0", "others.1.expected: is 0"),
        ('"given", "family", "sex"', '"given", "hair"', "others.2.as_one: is ['given', 'hair']"),
        ('"given", "family", "sex"', '"given", "middle"', "others.2.as_one: middle has shares of its own"),
        ("other_year = 0.003", "other_yaer = 0.003", "others.2.shares.birthDate.other_yaer: is not known"),
        ("[others.shares.middle]", "[others.shares.muddle]", "others.1.shares.muddle: is not known here"),
        (
            "slips = 0.75",
            "slips = 1",
            "fields.given.close.slips: is 1, and has to be a number from 0 to 0.99",
        ),
        ("slips = 0.75", "slips = -0.1", "fields.given.close.slips: is -0.1"),
        ("reach = 20.0", "reach = 20.0\nraech = 1", "settings.raech: is not known here"),
    ],
)
def test_every_other_mistake_names_its_place(written: str, instead: str, told: str) -> None:
    assert written in TEXT
    assert told in problems(TEXT.replace(written, instead, 1))[0]


def test_somebody_who_agrees_for_a_reason_has_to_be_weighed() -> None:
    alone = "others = []\n" + TEXT[: TEXT.index("[[others]]")]

    assert problems(alone) == ("line 1, others: at least relatives or namesakes have to be weighed",)


def test_all_mistakes_are_told_at_once() -> None:
    text = TEXT.replace("reach = 20.0", "reach = -1").replace("level_bits = 1.0", "level_bits = -1")

    assert len(problems(text)) == 2


def test_an_empty_file_says_what_it_lacks() -> None:
    told = problems("")

    assert "the file: `version` is missing, a text of 1 to 60 characters" in told
    assert len(told) < 10


def test_what_is_no_toml_says_where() -> None:
    assert problems("version = \n")[0].startswith("the text is no TOML: ")


LINES = TEXT.splitlines()


@given(st.integers(0, len(LINES) - 1), st.text(alphabet='abm=[]."019\n{},# -', max_size=20))
def test_any_text_is_a_model_or_told_in_words(line: int, written: str) -> None:
    try:
        model = read_model("\n".join([*LINES[:line], written, *LINES[line + 1 :]]))
    except BadModel:
        return
    assert read_model(model_text(model)) == model
