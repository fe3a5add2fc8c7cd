"""Which steps a device's keys leave, and what each key had to do with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from porion.dicom.elements import Elements
from porion.dicom.key_matching import date_span, is_universal, matches, time_span
from porion.dicom.scheduled import NOT_KEPT, STEP

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from porion.dicom.elements import Element

DATE, TIME = "ScheduledProcedureStepStartDate", "ScheduledProcedureStepStartTime"
STATION = "ScheduledStationAETitle"
# What the trace may repeat of steps that did not match: nothing that tells of a patient.
_TOLD = frozenset({"Modality", STATION, "ScheduledProcedureStepStatus", "ScheduledStationName"})
_MOST_KEYS, _LONGEST, _MOST_TOLD = 100, 64, 5


@dataclass(frozen=True, slots=True)
class Key:
    """One key that asks for a value: where it lies, and the element."""

    in_step: bool
    element: Element

    @property
    def name(self) -> str:
        """The keyword."""
        return self.element.keyword

    @property
    def value(self) -> str:
        """What it asks for, as text; of a sequence only that something is asked for in it."""
        if self.element.vr == "SQ":
            return "…"
        return "\\".join(map(str, self.element.values))[:_LONGEST]

    def found_in(self, whole: Elements) -> Element | None:
        """The attribute of a whole answer that it is held against."""
        within = next(iter(whole.items_of(STEP)), Elements()) if self.in_step else whole
        return within.get(self.element.tag)


def keys_of(identifier: Elements) -> list[Key]:
    """The keys that ask for a value, those of the step first, as many as a device would ever send."""
    step = next(iter(identifier.items_of(STEP)), Elements())
    within = [Key(in_step=True, element=one) for one in step.values()]
    beside = [Key(in_step=False, element=one) for one in identifier.values() if one.keyword != STEP]
    wanted = (key for key in (*within, *beside) if key.name and not _is_about_the_message(key.name))
    return [key for key in wanted if not is_universal(key.element)][:_MOST_KEYS]


def _is_about_the_message(keyword: str) -> bool:
    return keyword in ("SpecificCharacterSet", "TimezoneOffsetFromUTC")


def days_asked(keys: Sequence[Key]) -> tuple[str, str] | None:
    """The first and the last day, ``YYYY-MM-DD``, that the keys name; None when they name none."""
    value = next((key.value for key in keys if key.in_step and key.name == DATE), None)
    span = date_span(value) if value is not None else None
    return (_iso(span[0]), _iso(span[1])) if span else None


def _iso(day: str) -> str:
    return f"{day[:4]}-{day[4:6]}-{day[6:]}"


class Narrowing:
    """Steps, as whole answers by identifier, on their way through the keys; ``told`` grows with each."""

    def __init__(self, steps: Mapping[str, Elements]) -> None:
        self.left = dict(steps)
        self.told: list[str] = []

    def by(self, keys: Sequence[Key]) -> None:
        """Leave what every key leaves; date and time of the start are one key (PS3.4 table K.6-1)."""
        named = {key.name: key for key in keys if key.in_step}
        combined = self._by_start(named[DATE], named[TIME]) if DATE in named and TIME in named else False
        for key in keys:
            if self.left and not (combined and key.in_step and key.name in (DATE, TIME)):
                self._by_key(key)

    def _by_key(self, key: Key) -> None:
        before = self.left
        kept = any(key.found_in(whole) is not None for whole in before.values())
        # A zero for the pregnancy of everybody, as one stack sends it, must not empty the list.
        if key.name in NOT_KEPT or not kept:
            self.told.append(f"{key.name} is not kept here: it is not matched.")
            return
        self.left = {one: whole for one, whole in before.items() if matches(key.element, key.found_in(whole))}
        others = sorted({_said(key.found_in(before[one])) for one in before.keys() - self.left.keys()})
        self._tell(f"{key.name} “{key.value}”", len(before), others if key.name in _TOLD else [])

    def _by_start(self, date: Key, time: Key) -> bool:
        days, times = date_span(date.value), time_span(time.value)
        if days is None or times is None:
            return False
        first, last = days[0] + times[0], days[1] + times[1]
        before = self.left
        self.left = {one: whole for one, whole in before.items() if first <= _start(whole) <= last}
        self._tell(f"The start “{date.value}” with “{time.value}”", len(before), [])
        return True

    def _tell(self, what: str, before: int, others: Sequence[str]) -> None:
        left = len(self.left)
        sentence = f"{what} leaves {left} of {before}."
        if others and left < before:
            shown = ", ".join(f"“{one}”" for one in others[:_MOST_TOLD])
            sentence += f" The rest {'have' if before - left > 1 else 'has'} {shown}."
        self.told.append(sentence)


def _said(found: Element | None) -> str:
    return "\\".join(map(str, found.values))[:_LONGEST] if found else ""


def _start(whole: Elements) -> str:
    step: Elements = next(iter(whole.items_of(STEP)), Elements())
    return f"{step.text(DATE) or ''}{step.text(TIME) or ''}"


def listed(identifier: Elements) -> Iterator[list[str]]:
    """Every key of a query with its value, for people: those that only ask to be told are empty."""
    step: Elements = next(iter(identifier.items_of(STEP)), Elements())
    for within, prefix in ((step, f"{STEP}."), (identifier, "")):
        for one in [*within.values()][:_MOST_KEYS]:
            if one.keyword and one.keyword != STEP:
                yield [
                    f"{prefix}{one.keyword}",
                    Key(in_step=False, element=one).value if one.vr != "SQ" else "",
                ]
