"""Which model the matcher weighs with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from porion.cli.model_choice import chosen_model, text_of
from porion.clinic.default_model import DEFAULT_MODEL
from porion.clinic.model_text import model_text
from porion.services.errors import Invalid


def a_file(folder: Path, text: str) -> Path:
    path = folder / "clinic.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_it_is_the_one_that_porion_brings() -> None:
    assert chosen_model(None) is DEFAULT_MODEL


def test_a_file_is_the_model(tmp_path: Path) -> None:
    model = replace(DEFAULT_MODEL, version="clinic-1", certain_bits=20.0)

    assert chosen_model(a_file(tmp_path, model_text(model))) == model


def test_what_is_wrong_is_told_with_the_file(tmp_path: Path) -> None:
    path = a_file(tmp_path, model_text(DEFAULT_MODEL).replace("certain_gap = 7.0", "certain_gap = -7"))

    with pytest.raises(Invalid, match=r"clinic.toml cannot be used: line \d+, settings.certain_gap: is -7"):
        chosen_model(path)


def test_of_many_mistakes_the_first_are_told_and_where_the_others_are(tmp_path: Path) -> None:
    path = a_file(tmp_path, model_text(DEFAULT_MODEL).replace("m = 0.0", "m = -0.0"))

    with pytest.raises(Invalid, match=r"and \d+ more \(`porion model check` lists all\)"):
        chosen_model(path)


def test_two_models_never_have_one_version(tmp_path: Path) -> None:
    same = a_file(tmp_path, model_text(DEFAULT_MODEL))
    assert chosen_model(same) == DEFAULT_MODEL

    other = a_file(tmp_path, model_text(replace(DEFAULT_MODEL, certain_bits=10.0)))
    with pytest.raises(Invalid, match="calls itself porion-4"):
        chosen_model(other)


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"nowhere\.toml cannot be read: No such file"):
        text_of(tmp_path / "nowhere.toml")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Invalid, match="binary is no text in UTF-8"):
        text_of(tmp_path / "binary")
