"""What a query's keys mean (PS3.4 section C.2.2.2): lists, ranges, wildcards, names compared as people do."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from porion.dicom.elements import parse_date

if TYPE_CHECKING:
    from collections.abc import Iterable

    from porion.dicom.person import PersonName

_DATE = re.compile(r"[0-9]{8}")
_TIME = re.compile(r"[0-9]{2}(?:[0-9]{2}(?:[0-9]{2}(?:\.[0-9]{1,6})?)?)?")
_LISTED = re.compile(r"[\\,]")


class BadKey(ValueError):
    """A key's value that means nothing; the message says why."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """Any of these values exactly."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """From ``low`` up to and with ``high``, compared as text; None is open."""

    low: str | None
    high: str | None


@dataclass(frozen=True, slots=True)
class Pattern:
    """Text in which ``*`` stands for any text and ``?`` for one character."""

    text: str

    @property
    def is_literal(self) -> bool:
        """Whether no wildcard is in it."""
        return not any(mark in self.text for mark in "*?")

    @property
    def prefix(self) -> str:
        """What comes before the first wildcard."""
        return re.split(r"[*?]", self.text, maxsplit=1)[0]


@dataclass(frozen=True, slots=True)
class Alike:
    """Words of a name, each of which begins a word of the person's, however it is spelled."""

    words: tuple[str, ...]


Match = OneOf | Span | Pattern | Alike


def uid_list(text: str) -> OneOf:
    """List of UID matching (section C.2.2.2.2); PS3.18 section 8.3.4.1 separates them by commas too."""
    return OneOf(tuple(part.strip() for part in _LISTED.split(text) if part.strip()))


def codes(text: str) -> tuple[Pattern, ...]:
    """Codes such as modalities: any of the listed ones, each may hold wildcards."""
    return tuple(Pattern(part.strip()) for part in _LISTED.split(text) if part.strip())


def date_span(text: str) -> Span:
    """A date or a range of dates (section C.2.2.2.5) as YYYYMMDD."""
    low, high = _ends(text.strip())
    return Span(_day(low), _day(high))


def time_span(text: str) -> Span:
    """A time or a range of times; a time without seconds or minutes covers all of them."""
    low, high = _ends(text.strip().replace(":", ""))
    return Span(_time(low), None if high is None else f"{_time(high) or ''}~")


def _ends(text: str) -> tuple[str | None, str | None]:
    low, dash, high = text.partition("-")
    if dash and not low and not high:
        raise BadKey("a range needs at least one end")
    return low or None, (high or None) if dash else low


def _day(text: str | None) -> str | None:
    if text is None:
        return None
    if not _DATE.fullmatch(text) or parse_date(text) is None:
        raise BadKey("a date is written YYYYMMDD, a range YYYYMMDD-YYYYMMDD")
    return text


def _time(text: str | None) -> str | None:
    if text is None:
        return None
    if not _TIME.fullmatch(text):
        raise BadKey("a time is written HHMMSS.FFFFFF or shorter, a range with a dash between two of them")
    return text


def clean_date(text: str | None) -> str | None:
    """A stated date as YYYYMMDD, None when it is none."""
    found = parse_date(text)
    return found.strftime("%Y%m%d") if found and found.year >= 1000 else None


def clean_time(text: str | None) -> str | None:
    """A stated time as HHMMSS with the fraction that it has, None when it is none (PS3.5 table 6.2-1)."""
    digits = (text or "").strip().replace(":", "")
    if not _TIME.fullmatch(digits):
        return None
    whole, dot, fraction = digits.partition(".")
    return whole.ljust(6, "0") + dot + fraction


def name_text(name: PersonName) -> str:
    """A component group as it is written in a data set (PS3.5 section 6.2.1.1)."""
    return "^".join(astuple(name)).rstrip("^")


def name_key(groups: Iterable[str]) -> str:
    """Component groups as they are compared: without regard to case and accents (section C.2.2.2.1)."""
    return folded("=".join(groups).rstrip("="))


def folded(text: str) -> str:
    """Text without case and without marks on its letters; wildcards stay."""
    # Twice: taking letters apart may give capitals (℠ is SM), and folding those may give marks again.
    once = unicodedata.normalize("NFKD", text.casefold())
    apart = unicodedata.normalize("NFKD", once.casefold())
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", plain)
