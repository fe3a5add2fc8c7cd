"""The model that Porion brings: part of the program as its code is, kept as a file so that it can be read."""

from __future__ import annotations

from importlib.resources import files

from porion.clinic.model_file import read_model

DEFAULT_MODEL = read_model((files("porion.clinic") / "models" / "porion-4.toml").read_text(encoding="utf-8"))
