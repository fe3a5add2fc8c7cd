"""Lines of a model's text, found by field and level."""

from __future__ import annotations

import re


def line_of(text: str, field: str, level: str) -> int:
    """The number of a level's line, from 1."""
    found = _found(text, field, level)
    return text.count("\n", 0, found.start(1)) + 1


def with_line(text: str, field: str, level: str, row: str) -> str:
    """The text with another row for a level."""
    found = _found(text, field, level)
    return f"{text[: found.start(1)]}{level} = {row}{text[found.end(1) :]}"


def without_line(text: str, field: str, level: str) -> str:
    """The text without a level."""
    found = _found(text, field, level)
    return f"{text[: found.start(1)]}{text[found.end(1) + 1 :]}"


def _found(text: str, field: str, level: str) -> re.Match[str]:
    found = re.search(rf"\[fields\.{field}\][^\[]*?\n({level} *= .*)", text)
    assert found is not None, (field, level)
    return found
