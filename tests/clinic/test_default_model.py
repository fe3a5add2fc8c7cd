"""The model that Porion brings."""

from __future__ import annotations

from importlib.resources import files

from porion.clinic.default_model import DEFAULT_MODEL
from porion.clinic.model_text import model_text


def test_the_file_is_written_as_the_model_writes_itself() -> None:
    brought = files("porion.clinic") / "models" / f"{DEFAULT_MODEL.version}.toml"

    assert brought.read_text(encoding="utf-8") == model_text(DEFAULT_MODEL)
