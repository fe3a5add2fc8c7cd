"""AE titles as people type them."""

from __future__ import annotations

from porion.services.errors import Invalid


def read_title(text: str) -> str:
    """An AE title: 1 to 16 characters, neither backslash nor control characters (PS3.5 table 6.2-1)."""
    title = text.strip(" ")
    if not 1 <= len(title) <= 16 or not title.isascii() or not title.isprintable() or "\\" in title:
        raise Invalid(f"{text!r} is no AE title: 1 to 16 characters, no backslash.")
    return title
