"""A patient as a row of the table, and back."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from porion.clinic.patient import Patient
from porion.dicom.person import Identifier, PersonName
from porion.dicom.query import name_text
from porion.store.spoken import search_text, shown_keys

PATIENT_COLUMNS = tuple(each.name for each in fields(Patient))
"""The columns of ``patients`` that make a :class:`~porion.clinic.patient.Patient`."""


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
    return Patient(
        id=row.id,
        name=PersonName(**row.name),
        birth_date=row.birth_date,
        sex=row.sex,
        identifiers=tuple(Identifier(**identifier) for identifier in row.identifiers),
        aliases=tuple(PersonName(**alias) for alias in row.aliases),
        merged_into=row.merged_into,
        version=row.version,
    )
