"""A model as text: read again it is the same, whatever its numbers and words are."""

from __future__ import annotations

import tomllib
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from porion.clinic.default_model import DEFAULT_MODEL
from porion.clinic.model_file import read_model
from porion.clinic.model_text import SETTINGS, model_text


def test_what_is_written_is_read_as_the_same_model() -> None:
    assert read_model(model_text(DEFAULT_MODEL)) == DEFAULT_MODEL


@given(st.text(min_size=1, max_size=60).filter(str.strip), st.floats(1e-15, 1))
def test_whatever_words_and_numbers_a_model_holds_they_come_back(words: str, share: float) -> None:
    model = replace(DEFAULT_MODEL, version=words, in_register=share)

    assert read_model(model_text(model)) == model


def test_every_weight_is_told_with_its_bits_and_its_level_in_words() -> None:
    (line,) = (line for line in model_text(DEFAULT_MODEL).splitlines() if line.startswith("one_edit   ="))

    assert line.endswith("# +5.0: one digit or letter differs")


def test_every_single_number_of_the_model_is_in_the_settings() -> None:
    settings = tomllib.loads(model_text(DEFAULT_MODEL))["settings"]
    single = {name for name, value in vars(DEFAULT_MODEL).items() if isinstance(value, int | float)}

    assert set(settings) == single == {name for name, _ in SETTINGS}
