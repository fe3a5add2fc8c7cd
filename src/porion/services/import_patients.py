"""A register's rows from elsewhere: added, updated or refused, each with a sentence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from porion.clinic.patient import Patient
from porion.clinic.permissions import Action, Actor
from porion.services.errors import Conflict, Invalid, must
from porion.services.patients import insert_patient, update_patient

if TYPE_CHECKING:
    from collections.abc import Iterable

    from porion.dicom.person import ClaimedIdentity
    from porion.services.ports import Porion, Transaction


class RowResult(StrEnum):
    """What became of a row."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """A row of a register: its number in the file, who it names, and what could not be read."""

    number: int
    person: ClaimedIdentity
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowReport:
    """What became of one row, and why."""

    number: int
    result: RowResult
    patient_id: str | None
    reason: str


def import_patients(
    porion: Porion, actor: Actor, rows: Iterable[RegisterRow], *, dry_run: bool = False
) -> list[RowReport]:
    """Bring a register in, row by row; one bad row does not stop the rest. A second run changes nothing."""
    must(actor, Action.EDIT_PATIENTS)
    opened = porion.store.rehearse if dry_run else porion.store.write
    with opened(actor.clinic_id) as tx:
        return [_import_row(porion, tx, actor, row) for row in rows]


def _import_row(porion: Porion, tx: Transaction, actor: Actor, row: RegisterRow) -> RowReport:
    if row.problems:
        return RowReport(row.number, RowResult.REFUSED, None, " ".join(row.problems))
    try:
        held = _held(tx, row.person)
        if held is None:
            added = insert_patient(porion, tx, actor, _patient("", row.person))
            return RowReport(row.number, RowResult.ADDED, added.id, "New in the register.")
        return _update(porion, tx, actor, row, held)
    except (Invalid, Conflict) as error:
        return RowReport(row.number, RowResult.REFUSED, None, str(error))


def _update(porion: Porion, tx: Transaction, actor: Actor, row: RegisterRow, held: Patient) -> RowReport:
    wanted = _merged(held, row.person)
    if wanted == held:
        return RowReport(row.number, RowResult.UNCHANGED, held.id, "The register says the same.")
    if _is_somebody_else(held, row.person):
        reason = (
            f"The ID belongs to patient {held.id}, whose name and birth date both differ: ask who is right."
        )
        return RowReport(row.number, RowResult.REFUSED, held.id, reason)
    update_patient(porion, tx, actor, wanted)
    return RowReport(row.number, RowResult.UPDATED, held.id, "Brought up to date.")


def _patient(patient_id: str, person: ClaimedIdentity) -> Patient:
    return Patient(
        id=patient_id,
        name=person.name,
        birth_date=person.birth_date,
        sex=person.sex,
        identifiers=person.identifiers,
    )


def _held(tx: Transaction, person: ClaimedIdentity) -> Patient | None:
    """Who the row is about: the owner of its ID, or without an ID the one with that name and birth date."""
    for identifier in person.identifiers:
        for owner in tx.patients.by_identifier(identifier.issuer, identifier.value):
            return owner
    if person.identifiers:
        return None
    words = f"{person.name.family} {person.name.given}"
    for namesake in tx.patients.list(words, None, 50):
        if (namesake.name, namesake.birth_date) == (person.name, person.birth_date):
            return namesake
    return None


def _merged(held: Patient, person: ClaimedIdentity) -> Patient:
    renamed = person.name != held.name
    return replace(
        held,
        name=person.name,
        aliases=tuple(dict.fromkeys((*held.aliases, *((held.name,) if renamed else ())))),
        birth_date=person.birth_date or held.birth_date,
        sex=person.sex or held.sex,
        identifiers=tuple(dict.fromkeys((*held.identifiers, *person.identifiers))),
    )


def _is_somebody_else(held: Patient, person: ClaimedIdentity) -> bool:
    names_differ = held.name.given.casefold() != person.name.given.casefold()
    dates_differ = None not in (held.birth_date, person.birth_date) and held.birth_date != person.birth_date
    return names_differ and dates_differ
