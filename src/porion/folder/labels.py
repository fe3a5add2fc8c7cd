"""Names that came from outside, made safe to show: no control characters, no broken text, no endless line."""

from __future__ import annotations

LONGEST = 300


def shown(name: str) -> str:
    r"""The name with every unprintable character written out, such as ``\x1b``, and at most 300 long.

    A name may hold terminal commands, line breaks that forge a log entry, text direction marks, or bytes
    that are no text at all; none of them may reach a screen, a log or a JSON answer.
    """
    clean = "".join(map(_written_out, name[: LONGEST + 1]))
    return clean if len(clean) <= LONGEST else clean[:LONGEST] + "..."


def _written_out(character: str) -> str:
    return character if character.isprintable() else character.encode("unicode_escape").decode("ascii")


def shown_error(error: Exception) -> str:
    """What went wrong in words: the system's message for a file, else the error's own."""
    words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return shown(words) or type(error).__name__
