"""Does an attribute match a key of a query? The matching of PS3.4 section C.2.2.2, value by value."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from porion.dicom.elements import parse_date

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from porion.dicom.elements import Element, Elements

WILDCARD_VRS = frozenset(("AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"))
"""The VRs in which ``*`` and ``?`` stand for other characters (PS3.4 section C.2.2.2.4)."""

MOST_VALUES, LONGEST_VALUE = 1_000, 1_024
"""What lies beyond in one key matches nothing: nobody asks so, and comparing it would take for ever."""

Span = tuple[str, str]

_TIME = re.compile(r"(\d\d)(?::?(\d\d)(?::?(\d\d)(?:\.\d{1,6})?)?)?")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_FIRST_DAY, _LAST_DAY = "00010101", "99991231"
_FIRST_MOMENT, _LAST_MOMENT = "000000", "235959"


def is_universal(key: Element) -> bool:
    """Whether a key only asks for the value (PS3.4 section C.2.2.2.3)."""
    if key.vr == "SQ":
        return all(is_universal(inner) for item in key.items for inner in item.values())
    return all(value in ("", "*", b"") for value in key.values)


def matches(key: Element, found: Element | None) -> bool:
    """Whether an attribute, which may be missing, is what the key asks for."""
    if is_universal(key):
        return True
    if key.vr == "SQ":
        items = found.items if found else ()
        return any(matches_all(key.items[0], item) for item in items)
    values = [str(value) for value in found.values if value != ""] if found else []
    wanted = [str(asked) for asked in key.values[:MOST_VALUES] if len(str(asked)) <= LONGEST_VALUE]
    return any(_matches(key.vr, asked, value) for asked in wanted for value in values)


def matches_all(keys: Elements, found: Elements) -> bool:
    """Whether every key of an item is matched."""
    return all(matches(key, found.get(key.tag)) for key in keys.values())


def _matches(vr: str, asked: str, value: str) -> bool:
    if vr == "DA":
        days, day = date_span(asked), parse_date(value)
        return days is not None and day is not None and days[0] <= _written(day) <= days[1]
    if vr == "TM":
        times, time = time_span(asked), time_span(value)
        return times is not None and time is not None and times[0] <= time[0] <= times[1]
    if vr == "PN":
        return any(like(one, other) for one in _spellings(asked) for other in _spellings(value))
    return like(asked, value) if vr in WILDCARD_VRS else asked == value


def date_span(text: str) -> Span | None:
    """The first and the last day that a key of VR DA allows, ``YYYYMMDD``; None when it is no date."""
    return _span(text, _day, (_FIRST_DAY, _LAST_DAY))


def time_span(text: str) -> Span | None:
    """The first and the last second that a key of VR TM allows, ``HHMMSS``; None when it is no time."""
    return _span(text, _time, (_FIRST_MOMENT, _LAST_MOMENT))


def _span(text: str, read: Callable[[str], Span | None], ends: Span) -> Span | None:
    first, dash, last = text.strip().partition("-")
    if not dash:
        return read(first)
    start = read(first) if first.strip() else (ends[0], ends[0])
    end = read(last) if last.strip() else (ends[1], ends[1])
    return (start[0], end[1]) if start and end and (first.strip() or last.strip()) else None


def _day(text: str) -> Span | None:
    day = parse_date(text)
    return (_written(day), _written(day)) if day else None


def _written(day: date) -> str:
    # strftime writes early years with fewer digits.
    return f"{day.year:04}{day.month:02}{day.day:02}"


def _time(text: str) -> Span | None:
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return None
    given = [part for part in found.groups() if part]
    return "".join(given).ljust(6, "0"), "".join([*given, *["59"] * (3 - len(given))])


def _spellings(name: str) -> set[str]:
    """A name without case and accents, empty components at its end left out; umlauts in both ways."""
    plain = "=".join(group.rstrip("^ ") for group in name.casefold().split("=")).rstrip("=")
    return {_bare(plain), _bare(plain.translate(_UMLAUTS))}


def _bare(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(one for one in apart if not unicodedata.combining(one))


def like(pattern: str, text: str) -> bool:
    """Whether a text fits a pattern with ``*`` and ``?``; the time grows with the product of the lengths."""
    at = position = 0
    star = resume = -1
    while at < len(text):
        sign = pattern[position] if position < len(pattern) else ""
        if sign == "*":
            star, resume = position, at
            position += 1
        elif sign in ("?", text[at]) and sign:
            at, position = at + 1, position + 1
        elif star >= 0:
            resume += 1
            at, position = resume, star + 1
        else:
            return False
    return not pattern[position:].strip("*")
