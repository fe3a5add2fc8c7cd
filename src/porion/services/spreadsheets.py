"""Text that a spreadsheet program will open."""

from __future__ import annotations


def no_formula(text: str) -> str:
    """The text as a spreadsheet shows it; one that it would reckon with gets an apostrophe in front."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
