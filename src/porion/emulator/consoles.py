"""What becomes of a person's name and number at the console of a device."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from anyascii import anyascii

from porion.emulator.people import ISSUER

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from porion.emulator.people import Person


class Habit(StrEnum):
    """How a console writes down whom it exposes."""

    AS_REGISTERED = "as registered"
    SWAPPED = "family and given name swapped"
    ONE_COMPONENT = "the whole name in one component"
    CAPITALS = "capitals without accents"
    NICKNAME = "the name that the patient goes by"
    NO_BIRTH_DATE = "no birth date"
    ZERO_DATE = "18991230 for no birth date"
    DAY_FOR_MONTH = "day and month swapped"
    OLD_NUMBER = "the number of the former software"
    NO_NUMBER = "no number"
    MISLABELLED = "UTF-8 under the label of Latin-1"
    NOBODY = "no name at all"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a header says of the patient, as text. ``label`` is a character set that the text is not in."""

    name: str
    number: str
    issuer: str
    born: str
    sex: str
    label: str = ""


def claim(person: Person, habit: Habit) -> Claim:
    """What a console with that habit writes of a person."""
    given = " ".join(filter(None, (person.name.middle, person.name.given)))
    plain = Claim(
        name=f"{person.name.family}^{given}",
        number=person.number,
        issuer=ISSUER,
        born=f"{person.born:%Y%m%d}",
        sex=person.sex,
    )
    change = _CHANGES.get(habit)
    return change(plain, person) if change else plain


def _in_capitals(plain: Claim, _person: Person) -> Claim:
    text = plain.name.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    return replace(plain, name="^".join(anyascii(part) for part in text.split("^")).upper())


def _day_for_month(plain: Claim, person: Person) -> Claim:
    born = f"{person.born:%Y%d%m}" if person.born.day <= 12 else plain.born
    return replace(plain, born=born)


def _nickname(plain: Claim, person: Person) -> Claim:
    return replace(plain, name=f"{person.name.family}^{person.goes_by}") if person.goes_by else plain


def _swapped(plain: Claim, _person: Person) -> Claim:
    family, _, given = plain.name.partition("^")
    return replace(plain, name=f"{given}^{family}")


_CHANGES: Mapping[Habit, Callable[[Claim, Person], Claim]] = MappingProxyType(
    {
        Habit.SWAPPED: _swapped,
        Habit.ONE_COMPONENT: lambda plain, _: replace(plain, name=plain.name.replace("^", " ")),
        Habit.CAPITALS: _in_capitals,
        Habit.NICKNAME: _nickname,
        Habit.NO_BIRTH_DATE: lambda plain, _: replace(plain, born="", sex=""),
        Habit.ZERO_DATE: lambda plain, _: replace(plain, born="18991230"),
        Habit.DAY_FOR_MONTH: _day_for_month,
        Habit.OLD_NUMBER: lambda plain, person: replace(plain, number=person.old_number, issuer=""),
        Habit.NO_NUMBER: lambda plain, _: replace(plain, number="", issuer=""),
        Habit.MISLABELLED: lambda plain, _: replace(plain, label="ISO_IR 100"),
        Habit.NOBODY: lambda _, __: Claim("^", "", "", "", ""),
    }
)
