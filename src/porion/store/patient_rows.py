"""The register of one clinic."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import sqlalchemy as sa

from porion.clinic.blocks import EVERYBODY
from porion.dicom.person import Identifier
from porion.store.driver import fetched, filled, one_of
from porion.store.patient_columns import PATIENT_AS_READ, columns_of, patient_of, patient_read
from porion.store.patient_index import NOBODY, PatientIndex
from porion.store.rows import Rows, among, chunks
from porion.store.schema import patients
from porion.store.spoken import has_begun

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from porion.clinic.patient import Patient


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
        asked = filled(ids, NOBODY)
        found = fetched(self._connection, _these(len(asked)), (self._clinic_id, *asked))
        return [patient_read(*row) for row in found]

    def get(self, patient_id: str) -> Patient | None:
        """One patient, merged ones too."""
        statement = sa.select(patients).where(
            patients.c.clinic_id == self._clinic_id, patients.c.id == patient_id
        )
        row = self._connection.execute(statement).first()
        return patient_of(row) if row else None

    def by_id(self, ids: Collection[str]) -> Mapping[str, Patient]:
        """Patients by their identifiers, merged ones too."""
        found: dict[str, Patient] = {}
        statement = sa.select(patients).where(*among(patients.c.id))
        for part in chunks(ids):
            rows = self._connection.execute(statement, {"clinic": self._clinic_id, "wanted": part})
            found |= {row.id: patient_of(row) for row in rows}
        return found

    def add(self, patient: Patient, at: datetime) -> None:
        """Insert a patient."""
        self._insert(
            patients, [{**columns_of(patient), "id": patient.id, "created_at": at, "updated_at": at}]
        )
        self.index.change(None, patient)

    def replace(self, patient: Patient, expected_version: int, at: datetime) -> bool:
        """Write a patient's new state unless somebody else changed it first."""
        before = self.get(patient.id)
        changed = self._update(
            patients,
            patient.id,
            {**columns_of(patient), "updated_at": at},
            patients.c.version == expected_version,
        )
        if changed:
            self.index.change(before, patient)
        return changed

    def list(self, words: str | None, after: str | None, limit: int) -> Sequence[Patient]:
        """Active patients whose names or identifiers contain every word."""
        statement = sa.select(patients).where(self._is_ours(patients), patients.c.merged_into.is_(None))
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
        theirs = (patients.c.clinic_id == self._clinic_id, patients.c.birth_date == born)
        statement = sa.select(patients).where(*theirs, patients.c.merged_into.is_(None))
        rows = self._connection.execute(statement.order_by(patients.c.id).limit(limit))
        return [patient_of(row) for row in rows]

    def gone_into(self, patient_id: str) -> Sequence[Patient]:
        """The entries of which that patient took the place."""
        mine = (self._is_ours(patients), patients.c.merged_into == patient_id)
        rows = self._connection.execute(sa.select(patients).where(*mine).order_by(patients.c.id))
        return [patient_of(row) for row in rows]


@cache
def _these(count: int) -> str:
    """So many patients that are active; the clinic must not look like a way to them: it has all of them."""
    active = " FROM patients WHERE (clinic_id || '') = ? AND merged_into IS NULL AND "
    return "SELECT " + PATIENT_AS_READ + active + one_of("id", count)
