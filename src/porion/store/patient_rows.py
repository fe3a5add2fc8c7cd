"""The register of one clinic."""

from __future__ import annotations

from dataclasses import asdict, fields
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from porion.clinic.blocks import EVERYBODY
from porion.clinic.patient import Patient
from porion.dicom.person import Identifier, PersonName
from porion.dicom.query import name_text
from porion.store.patient_index import NOBODY, PatientIndex, bound, one_of
from porion.store.rows import Rows
from porion.store.schema import patients
from porion.store.spoken import has_begun, search_text, shown_keys

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime


# The columns of ``patients`` that make a :class:`Patient`.
_OF_A_PATIENT = tuple(each.name for each in fields(Patient))


class PatientRows(Rows):
    """See :class:`porion.services.row_ports.PatientRows`."""

    def __init__(self, connection: sa.Connection, clinic_id: str) -> None:
        super().__init__(connection, clinic_id)
        self.index = PatientIndex(connection, clinic_id)

    def size(self) -> int:
        """How many patients are active."""
        return self.frequency([EVERYBODY])[EVERYBODY]

    def find(self, keys: Sequence[str]) -> Sequence[Patient]:
        """Active patients that own block keys, those who share most; a key of too many is left out."""
        return self._these(self.index.owners(keys))

    def frequency(self, terms: Sequence[str]) -> Mapping[str, int]:
        """How many active patients carry each term."""
        return self.index.frequency(terms)

    def _these(self, ids: Sequence[str]) -> Sequence[Patient]:
        if not ids:
            return []
        named = bound(ids, NOBODY)
        found = self._connection.execute(_these(len(named)), {"clinic": self._clinic_id, **named})
        return [patient_of(row) for row in found.all()]

    def get(self, patient_id: str) -> Patient | None:
        """One patient, merged ones too."""
        statement = sa.select(patients).where(
            patients.c.clinic_id == self._clinic_id, patients.c.id == patient_id
        )
        row = self._connection.execute(statement).first()
        return patient_of(row) if row else None

    def add(self, patient: Patient, at: datetime) -> None:
        """Insert a patient."""
        self._insert(patients, [{**_columns(patient), "id": patient.id, "created_at": at, "updated_at": at}])
        self.index.change(None, patient)

    def replace(self, patient: Patient, expected_version: int, at: datetime) -> bool:
        """Write a patient's new state unless somebody else changed it first."""
        before = self.get(patient.id)
        changed = self._update(
            patients,
            patient.id,
            {**_columns(patient), "updated_at": at},
            patients.c.version == expected_version,
        )
        if changed:
            self.index.change(before, patient)
        return changed

    def list(self, words: str | None, after: str | None, limit: int) -> Sequence[Patient]:
        """Active patients whose names or identifiers contain every word."""
        statement = sa.select(patients).where(*self._active())
        for word in (words or "").split():
            statement = statement.where(has_begun(patients.c.search, word))
        if after is not None:
            statement = statement.where(patients.c.id > after)
        rows = self._connection.execute(statement.order_by(patients.c.id).limit(limit))
        return [patient_of(row) for row in rows]

    def by_identifier(self, issuer: str, value: str) -> Sequence[Patient]:
        """Active patients that carry exactly this identifier."""
        wanted = Identifier(value, issuer)
        return [one for one in self._these(self.index.carriers(wanted)) if wanted in one.identifiers]

    def born_on(self, born: date, limit: int) -> Sequence[Patient]:
        """Active patients of that birth date."""
        statement = sa.select(patients).where(*self._active(), patients.c.birth_date == born)
        rows = self._connection.execute(statement.order_by(patients.c.id).limit(limit))
        return [patient_of(row) for row in rows]

    def gone_into(self, patient_id: str) -> Sequence[Patient]:
        """The entries of which that patient took the place."""
        mine = (patients.c.clinic_id == self._clinic_id, patients.c.merged_into == patient_id)
        rows = self._connection.execute(sa.select(patients).where(*mine).order_by(patients.c.id))
        return [patient_of(row) for row in rows]

    def _active(self) -> tuple[Any, Any]:
        return patients.c.clinic_id == self._clinic_id, patients.c.merged_into.is_(None)


@cache
def _these(count: int) -> sa.TextualSelect:
    """So many patients that are active; the clinic must not look like a way to them: it has all of them."""
    active = " FROM patients WHERE (clinic_id || '') = :clinic AND merged_into IS NULL AND "
    columns = [patients.c[name] for name in _OF_A_PATIENT]
    found = f"SELECT {', '.join(_OF_A_PATIENT)}{active}{one_of('id', count)}"
    return sa.text(found).columns(*columns)


def _columns(patient: Patient) -> dict[str, Any]:
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
