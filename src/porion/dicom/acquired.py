"""When an image was acquired, as precisely as its header says and no more precisely."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, Literal

from porion.dicom.elements import Header, parse_date
from porion.dicom.unknown_dates import UNKNOWN_DATES

if TYPE_CHECKING:
    from collections.abc import Iterator

Precision = Literal["year", "month", "day", "hour", "minute", "second", "fraction", "none"]

# Attributes in the order of their nearness to the exposure (PS3.3 C.7.6.1, C.7.3.1, C.7.2.1).
_DATES_AND_TIMES = (
    ("AcquisitionDate", "AcquisitionTime"),
    ("ContentDate", "ContentTime"),
    ("SeriesDate", "SeriesTime"),
    ("StudyDate", "StudyTime"),
)

_SECOND = r"(?P<second>[0-5]\d|60)(?:[.,](?P<fraction>\d+))?"
_CLOCK = rf"(?P<hour>[01]\d|2[0-3])(?::?(?P<minute>[0-5]\d)(?::?{_SECOND})?)?"
_TIME = re.compile(rf"\s*{_CLOCK}\s*", re.ASCII)
_DATE_TIME = re.compile(
    r"\s*(?P<year>\d{4})(?:[-.]?(?P<month>0[1-9]|1[0-2])(?:[-.]?(?P<day>0[1-9]|[12]\d|3[01])"
    rf"(?:[T ]?{_CLOCK})?)?)?\s*(?P<offset>[+-]\d{{2}}:?\d{{2}}|Z)?\s*",
    re.ASCII,
)
_OFFSET = re.compile(r"\s*(?P<sign>[+-])(?P<hours>\d{2}):?(?P<minutes>[0-5]\d)\s*", re.ASCII)
_WIDEST_OFFSET = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class AcquiredAt:
    """The moment of acquisition.

    ``value`` has an offset when the header states one and is local time of the device otherwise; parts
    finer than ``precision`` are zeros that mean nothing. ``source`` is the keyword of the date's
    attribute, empty when there is no date at all.
    """

    value: datetime | None = None
    source: str = ""
    precision: Precision = "none"


def acquired_at(header: Header) -> AcquiredAt:
    """The acquisition's date and time from the nearest attribute that has a readable date."""
    zone = _zone(header.text("TimezoneOffsetFromUTC"))
    return next(_found(header, zone), AcquiredAt())


def _found(header: Header, zone: timezone | None) -> Iterator[AcquiredAt]:
    moment = parse_date_time(header.text("AcquisitionDateTime"), zone)
    if moment:
        yield AcquiredAt(moment[0], "AcquisitionDateTime", moment[1])
    for date_keyword, time_keyword in _DATES_AND_TIMES:
        day = _day(header.text(date_keyword))
        if day:
            clock, precision = parse_time(header.text(time_keyword)) or (time(), "day")
            yield AcquiredAt(datetime.combine(day, clock, zone), date_keyword, precision)


def parse_time(text: str | None) -> tuple[time, Precision] | None:
    """A TM value (PS3.5 table 6.2-1, with or without colons) and how precise it is, or None."""
    found = _TIME.fullmatch(text or "")
    return (_clock(found), _precision(found)) if found else None


def parse_date_time(text: str | None, zone: timezone | None = None) -> tuple[datetime, Precision] | None:
    """A DT value (PS3.5 table 6.2-1, ISO 8601 separators too) and how precise it is, or None.

    ``zone`` holds where the value states no offset of its own. Placeholder dates are None.
    """
    found = _DATE_TIME.fullmatch(text or "")
    if not found:
        return None
    day = _day(f"{found['year']}{found['month'] or '01'}{found['day'] or '01'}")
    if day is None:
        return None
    own = UTC if found["offset"] == "Z" else _zone(found["offset"])
    return datetime.combine(day, _clock(found), own or zone), _precision(found)


def _day(text: str | None) -> date | None:
    day = parse_date(text)
    return None if day in UNKNOWN_DATES else day


def _zone(text: str | None) -> timezone | None:
    found = _OFFSET.fullmatch(text or "")
    if not found:
        return None
    offset = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"]))
    if offset > _WIDEST_OFFSET:
        return None
    return timezone(-offset if found["sign"] == "-" else offset)


def _clock(found: re.Match[str]) -> time:
    """The time of day; a leap second becomes the last second of its minute."""
    return time(
        int(found["hour"] or 0),
        int(found["minute"] or 0),
        min(59, int(found["second"] or 0)),
        int((found["fraction"] or "")[:6].ljust(6, "0")),
    )


_FINEST_FIRST: tuple[Precision, ...] = ("fraction", "second", "minute", "hour", "day", "month", "year")


def _precision(found: re.Match[str]) -> Precision:
    groups = found.groupdict()
    return next(part for part in _FINEST_FIRST if groups.get(part))
