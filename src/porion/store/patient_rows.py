"""The register of one clinic and the keys by which the matcher finds its patients."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from porion.clinic.folding import fold
from porion.clinic.matching import block_keys, terms
from porion.clinic.patient import Patient
from porion.clinic.register import LARGEST_BLOCK
from porion.dicom.person import Identifier, PersonName
from porion.store.rows import Rows, chunks
from porion.store.schema import patient_keys, patients

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime


class PatientRows(Rows):
    """See :class:`porion.services.row_ports.PatientRows`."""

    def size(self) -> int:
        """How many patients are active."""
        statement = sa.select(sa.func.count()).select_from(patients).where(*self._active())
        return int(self._connection.scalar(statement) or 0)

    def find(self, keys: Sequence[str]) -> Sequence[Patient]:
        """Active patients that own one of the block keys; a key shared by too many is left out."""
        if not keys:
            return []
        blocks: defaultdict[str, list[str]] = defaultdict(list)
        for key, patient_id in self._connection.execute(sa.union_all(*map(self._block, keys))):
            blocks[key].append(patient_id)
        ids = {one for block in blocks.values() if len(block) <= LARGEST_BLOCK for one in block}
        rows = (
            row
            for part in chunks(sorted(ids))
            for row in self._connection.execute(
                sa.select(patients).where(*self._active(), patients.c.id.in_(part))
            )
        )
        return [_patient(row) for row in rows]

    def _block(self, key: str) -> sa.Select[Any]:
        """The first patients of a block, one more than may count."""
        owners = sa.select(patient_keys.c.key, patient_keys.c.patient_id).where(
            patient_keys.c.clinic_id == self._clinic_id, patient_keys.c.key == f"block:{key}"
        )
        return sa.select(owners.limit(LARGEST_BLOCK + 1).subquery())

    def frequency(self, terms: Sequence[str]) -> Mapping[str, int]:
        """How many active patients carry each term."""
        wanted = [f"term:{term}" for term in terms]
        statement = (
            sa.select(patient_keys.c.key, sa.func.count())
            .where(patient_keys.c.clinic_id == self._clinic_id, patient_keys.c.key.in_(wanted))
            .group_by(patient_keys.c.key)
        )
        return Counter(
            {key.removeprefix("term:"): count for key, count in self._connection.execute(statement)}
        )

    def get(self, patient_id: str) -> Patient | None:
        """One patient, merged ones too."""
        statement = sa.select(patients).where(
            patients.c.clinic_id == self._clinic_id, patients.c.id == patient_id
        )
        row = self._connection.execute(statement).first()
        return _patient(row) if row else None

    def add(self, patient: Patient, at: datetime) -> None:
        """Insert a patient."""
        self._insert(patients, [{**_columns(patient), "id": patient.id, "created_at": at, "updated_at": at}])
        self._index(patient)

    def replace(self, patient: Patient, expected_version: int, at: datetime) -> bool:
        """Write a patient's new state unless somebody else changed it first."""
        changed = self._update(
            patients,
            patient.id,
            {**_columns(patient), "updated_at": at},
            patients.c.version == expected_version,
        )
        if changed:
            own = (patient_keys.c.clinic_id == self._clinic_id, patient_keys.c.patient_id == patient.id)
            self._connection.execute(sa.delete(patient_keys).where(*own))
            self._index(patient)
        return changed

    def list(self, words: str | None, after: str | None, limit: int) -> Sequence[Patient]:
        """Active patients whose names or identifiers contain every word."""
        statement = sa.select(patients).where(*self._active())
        for word in (words or "").split():
            statement = statement.where(sa.or_(*map(_begun, sorted(_foldings(word)))))
        if after is not None:
            statement = statement.where(patients.c.id > after)
        rows = self._connection.execute(statement.order_by(patients.c.id).limit(limit))
        return [_patient(row) for row in rows]

    def by_identifier(self, issuer: str, value: str) -> Sequence[Patient]:
        """Active patients that carry exactly this identifier."""
        statement = (
            sa.select(patients)
            .join(patient_keys, patient_keys.c.patient_id == patients.c.id)
            .where(
                *self._active(),
                patient_keys.c.clinic_id == self._clinic_id,
                patient_keys.c.key == _identifier_key(Identifier(value, issuer)),
            )
        )
        return [_patient(row) for row in self._connection.execute(statement)]

    def _active(self) -> tuple[Any, Any]:
        return patients.c.clinic_id == self._clinic_id, patients.c.merged_into.is_(None)

    def _index(self, patient: Patient) -> None:
        if patient.merged_into is not None:
            return
        keys = {f"block:{key}" for key in block_keys(patient)}
        keys.update(f"term:{term}" for term in terms(patient))
        keys.update(_identifier_key(identifier) for identifier in patient.identifiers)
        self._insert(patient_keys, [{"key": key, "patient_id": patient.id} for key in sorted(keys)])


def _identifier_key(identifier: Identifier) -> str:
    return f"id:{identifier.issuer}|{identifier.value}"


def _foldings(text: str) -> set[tuple[str, ...]]:
    """Every way in which people type the words: ü as u and as ue, and as they stand."""
    folded = fold(text)
    return {way for way in (folded.plain, folded.spelled, tuple(text.casefold().split())) if way}


def _begun(words: tuple[str, ...]) -> sa.ColumnElement[bool]:
    """Whether a patient has, for each of the words, one that begins with it."""
    return sa.and_(*(patients.c.search.contains(f" {word}", autoescape=True) for word in words))


def _columns(patient: Patient) -> dict[str, Any]:
    spoken = [part for name in (patient.name, *patient.aliases) for part in asdict(name).values()]
    ids = [identifier.value.casefold() for identifier in patient.identifiers]
    written = {*ids, *(word for part in spoken for way in _foldings(part) for word in way)}
    return {
        "name": asdict(patient.name),
        "birth_date": patient.birth_date,
        "sex": patient.sex,
        "identifiers": [asdict(identifier) for identifier in patient.identifiers],
        "aliases": [asdict(alias) for alias in patient.aliases],
        "merged_into": patient.merged_into,
        "search": "".join(f" {word}" for word in sorted(written)),
        "version": patient.version,
    }


def _patient(row: Any) -> Patient:
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
