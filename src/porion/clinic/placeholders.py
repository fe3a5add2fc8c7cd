"""Values that stand for "not known": they identify nobody, and two of them agree by accident."""

from __future__ import annotations

from datetime import date

from porion.dicom.unknown_dates import UNKNOWN_DATES

PLACEHOLDER_DATES = frozenset(UNKNOWN_DATES) | {date(1970, 1, 1)}
"""Zero of Unix time too: some are born that day, but more are written down as born that day."""

PLACEHOLDER_WORDS = frozenset(
    {
        "anon",
        "anonym",
        "anonymous",
        "anonymized",
        "anonymised",
        "unk",
        "unknown",
        "unbekannt",
        "inconnu",
        "desconocido",
        "none",
        "null",
        "na",
        "nn",
        "noname",
        "name",
        "patient",
        "test",
        "tester",
        "testing",
        "dummy",
        "demo",
        "phantom",
        "qa",
        "xxx",
    }
)
"""A name of nothing but these words is nobody's (the CDC's RecordLinker skips the first of them)."""

PLACEHOLDER_NAMES = tuple(
    frozenset(pair)
    for pair in (
        ("doe", "john"),
        ("doe", "jane"),
        ("baby", "boy"),
        ("baby", "girl"),
        ("mustermann", "max"),
        ("mustermann", "erika"),
    )
)
"""Pairs of words that make any name holding both nobody's (CDC RecordLinker; the German sample card)."""

_PAIRED = frozenset().union(*PLACEHOLDER_NAMES)


def is_placeholder_date(value: date | None) -> bool:
    """Whether the birth date is one that software writes when it knows none."""
    return value in PLACEHOLDER_DATES


def is_placeholder_name(words: tuple[str, ...]) -> bool:
    """Whether the folded words of a name, all components together, name nobody."""
    if not words:
        return False
    if PLACEHOLDER_WORDS.issuperset(words):
        return True
    return not _PAIRED.isdisjoint(words) and any(pair.issubset(words) for pair in PLACEHOLDER_NAMES)
