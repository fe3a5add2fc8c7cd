"""Birth dates as people write them, read over a whole column: what can be read in two ways is not guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from porion.dicom.identity import unknown_date_source
from porion.folder.labels import shown

if TYPE_CHECKING:
    from collections.abc import Iterable

_CLOCK = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?$")


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A way of writing a date: which of its three numbers are year, month and day."""

    name: str
    written: re.Pattern[str]
    year: int
    month: int
    day: int


# ISO 8601 and DICOM's DA; DIN 5008 (a full stop always means day first); the two readings of a stroke.
_PATTERNS = (
    _Pattern("YYYY-MM-DD", re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII), 1, 2, 3),
    _Pattern("YYYYMMDD", re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII), 1, 2, 3),
    _Pattern("DD.MM.YYYY", re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII), 3, 2, 1),
    _Pattern("DD/MM/YYYY", re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})", re.ASCII), 3, 2, 1),
    _Pattern("MM/DD/YYYY", re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})", re.ASCII), 3, 1, 2),
)
_DAY_FIRST, _MONTH_FIRST = "DD/MM/YYYY", "MM/DD/YYYY"


@dataclass(frozen=True, slots=True)
class BirthDate:
    """One value read: the date, or None with the problem; both empty for an empty value or a placeholder."""

    value: date | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class DateColumn:
    """How a column writes its dates: ``name`` for people, ``rejected`` the readings that it rules out."""

    name: str
    rejected: frozenset[str]

    def read(self, text: str) -> BirthDate:
        """One value of the column."""
        readings = _readings(text)
        allowed = {name: value for name, value in readings.items() if name not in self.rejected}
        values = set((allowed or readings).values())
        if len(values) > 1:
            return BirthDate(problem=f"the birth date {shown(text)} is ambiguous: day or month first?")
        if not values:
            return BirthDate(problem=f"the birth date {shown(text)} cannot be read" if text.strip() else "")
        value = values.pop()
        return BirthDate(None if unknown_date_source(value.isoformat()) else value)


def date_column(texts: Iterable[str]) -> DateColumn:
    """The format of a whole column.

    Of the two readings of ``03/04/2012`` one is ruled out when another value of the column, such as
    ``25/12/2011``, has only the other, and no value contradicts that.
    """
    columns = [readings for text in texts if (readings := _readings(text))]
    only = {next(iter(readings)) for readings in columns if len(readings) == 1}
    rejected = _rejected(only)
    used = {name for readings in columns for name in readings if name not in rejected}
    return DateColumn(" or ".join(pattern.name for pattern in _PATTERNS if pattern.name in used), rejected)


def _rejected(only: set[str]) -> frozenset[str]:
    proven = only & {_DAY_FIRST, _MONTH_FIRST}
    return frozenset({_DAY_FIRST, _MONTH_FIRST} - proven) if len(proven) == 1 else frozenset()


def _readings(text: str) -> dict[str, date]:
    """Every pattern under which the text is a calendar date; a time of day behind it is cut off."""
    bare = _CLOCK.sub("", text.strip())
    found = {}
    for pattern in _PATTERNS:
        match = pattern.written.fullmatch(bare)
        value = _calendar_date(match, pattern) if match else None
        if value:
            found[pattern.name] = value
    return found


def _calendar_date(match: re.Match[str], pattern: _Pattern) -> date | None:
    try:
        return date(int(match[pattern.year]), int(match[pattern.month]), int(match[pattern.day]))
    except ValueError:
        return None
