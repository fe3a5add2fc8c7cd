"""A patient as a row of the table, and back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from functools import lru_cache
from json import JSONDecoder
from typing import Any

from porion.clinic.patient import Patient
from porion.dicom.person import Identifier, PersonName
from porion.dicom.query import name_text
from porion.store.spoken import search_text, shown_keys

PATIENT_AS_READ = (
    "id, birth_date, sex, merged_into, version, "
    "'[' || CAST(name AS TEXT) || ',' || CAST(identifiers AS TEXT) || ',' || CAST(aliases AS TEXT) || ']'"
)
"""What :func:`patient_read` takes, in SQL; one document instead of three, as each is dear to decode."""

_document = JSONDecoder().decode


def columns_of(patient: Patient) -> dict[str, Any]:
    """A patient as a row of ``patients``, without its identifier and its moments."""
    spoken = [part for name in (patient.name, *patient.aliases) for part in asdict(name).values()]
    ids = [identifier.value for identifier in patient.identifiers]
    return {
        "name": asdict(patient.name),
        "birth_date": patient.birth_date,
        "sex": patient.sex,
        "identifiers": [asdict(identifier) for identifier in patient.identifiers],
        "aliases": [asdict(alias) for alias in patient.aliases],
        "merged_into": patient.merged_into,
        "search": search_text(spoken, ids),
        **shown_keys([name_text(patient.name)], ids),
        "version": patient.version,
    }


def patient_of(row: Any) -> Patient:
    """The patient of a row with all of the table's columns."""
    documents = (row.name, row.identifiers, row.aliases)
    return _patient(row.id, row.birth_date, row.sex, row.merged_into, row.version, documents)


# What was read once is known by all that it says, its version too: it cannot be stale.
@lru_cache(maxsize=16_384)
def patient_read(
    identity: str, birth_date: str | date | None, sex: str, merged_into: str | None, version: int, said: str
) -> Patient:
    """The patient of the values of ``PATIENT_AS_READ``; SQLite's driver gives a date as text."""
    born = date.fromisoformat(birth_date) if isinstance(birth_date, str) else birth_date
    return _patient(identity, born, sex, merged_into, version, _document(said))


def _patient(
    identity: str, born: date | None, sex: str, merged_into: str | None, version: int, documents: Any
) -> Patient:
    name, identifiers, aliases = documents
    return Patient(
        identity,
        PersonName(**name),
        born,
        sex,
        tuple([Identifier(**one) for one in identifiers]),
        tuple([PersonName(**alias) for alias in aliases]),
        merged_into,
        version,
    )
