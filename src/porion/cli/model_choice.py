"""Which model the matcher weighs with: the file that the deployment names, or the one that Porion brings."""

from __future__ import annotations

from pathlib import Path

from porion.clinic.default_model import DEFAULT_MODEL
from porion.clinic.model import Model
from porion.clinic.model_file import BadModel, read_model
from porion.services.errors import Invalid

_TOLD_AT_MOST = 5


def chosen_model(path: Path | None) -> Model:
    """The model of that file, or Porion's own when there is none; Invalid says what is wrong with it."""
    if path is None:
        return DEFAULT_MODEL
    try:
        model = read_model(text_of(path))
    except BadModel as error:
        told = "; ".join(error.problems[:_TOLD_AT_MOST])
        more = len(error.problems) - _TOLD_AT_MOST
        rest = f"; and {more} more (`porion model check` lists all)" if more > 0 else ""
        raise Invalid(f"The model {path} cannot be used: {told}{rest}.") from None
    if model.version == DEFAULT_MODEL.version and model != DEFAULT_MODEL:
        raise Invalid(
            f"The model {path} calls itself {model.version}, as the one that Porion brings, and says"
            " otherwise: give it a version of its own, for every decision records it."
        )
    return model


def text_of(path: Path) -> str:
    """The text of a file; Invalid says why it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Invalid(f"{path} is no text in UTF-8.") from None
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.") from error
