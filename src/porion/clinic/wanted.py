"""What somebody types to find a patient: a birth date in one of the usual forms, and words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from porion.dicom.person import ClaimedIdentity, PersonName

# ISO 8601 and DICOM's DA, DIN 5008, and both readings of a stroke.
_FORMS = (
    (re.compile(r"(\d{4})-?(\d{2})-?(\d{2})", re.ASCII), (0, 1, 2)),
    (re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII), (2, 1, 0)),
    (re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII), (2, 1, 0)),
    (re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII), (2, 0, 1)),
)


@dataclass(frozen=True, slots=True)
class WantedPatient:
    """The dates that a search may mean, and its other words."""

    dates: tuple[date, ...]
    words: tuple[str, ...]

    @property
    def claims(self) -> tuple[ClaimedIdentity, ...]:
        """The words as names in either order, for the matcher; none when there are no names."""
        names = [word.strip(",") for word in self.words if not any(letter.isdigit() for letter in word)]
        if not names:
            return ()
        born = self.dates[0] if self.dates else None
        first, rest = names[0], " ".join(names[1:])
        orders = ((first, rest), (rest, first)) if rest else ((first, ""), ("", first))
        return tuple(
            ClaimedIdentity(name=PersonName(family=family, given=given), birth_date=born)
            for family, given in orders
        )


def wanted_patient(typed: str) -> WantedPatient:
    """Read what was typed."""
    dates: list[date] = []
    words: list[str] = []
    for word in typed.split():
        read = _dates(word)
        dates.extend(read)
        if not read:
            words.append(word)
    return WantedPatient(tuple(dict.fromkeys(dates)), tuple(words))


def _dates(word: str) -> list[date]:
    found = []
    for form, (year, month, day) in _FORMS:
        numbers = form.fullmatch(word)
        if numbers:
            parts = [int(part) for part in numbers.groups()]
            found.extend(_valid(parts[year], parts[month], parts[day]))
    return found


def _valid(year: int, month: int, day: int) -> list[date]:
    try:
        return [date(year, month, day)]
    except ValueError:
        return []
