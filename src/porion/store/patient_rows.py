"""The register of one clinic and the keys by which the matcher finds its patients."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import asdict, fields
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from porion.clinic.blocks import EVERYBODY, block_keys, terms
from porion.clinic.patient import Patient
from porion.clinic.shortlist import LARGEST_BLOCK, likeliest
from porion.dicom.person import Identifier, PersonName
from porion.dicom.query import name_text
from porion.store.rows import Rows
from porion.store.schema import patient_counts, patient_keys, patients, register_index
from porion.store.spoken import has_begun, search_text, shown_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date, datetime


INDEX_VERSION = 2
"""To be raised with every change of what :mod:`porion.clinic.blocks` and the foldings behind it make."""

_TERM = "term:"
# The columns of ``patients`` that make a :class:`Patient`.
_OF_A_PATIENT = tuple(each.name for each in fields(Patient))
# Lists in statements are filled up to a multiple of this, so that few statements have to be compiled;
# SQLite takes no more than 500 parts of a union.
_STEP, _MOST_BLOCKS, _NOBODY = 8, 64, "-"


class PatientRows(Rows):
    """See :class:`porion.services.row_ports.PatientRows`."""

    def size(self) -> int:
        """How many patients are active."""
        return self.frequency([EVERYBODY])[EVERYBODY]

    def find(self, keys: Sequence[str]) -> Sequence[Patient]:
        """Active patients that own block keys, those who share most; a key of too many is left out."""
        if not keys:
            return []
        blocks: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
        for start in range(0, len(keys), _MOST_BLOCKS):
            part = [f"block:{key}" for key in keys[start : start + _MOST_BLOCKS]]
            for number, patient_id in self._listed(_blocks, part, most=LARGEST_BLOCK + 1):
                blocks[start, number].append(patient_id)
        found = likeliest(blocks.values())
        return [patient_of(row) for row in self._listed(_these, found)] if found else []

    def frequency(self, terms: Sequence[str]) -> Mapping[str, int]:
        """How many active patients carry each term."""
        return Counter({row.term: row.patients for row in self._listed(_counts, terms)})

    def _listed(
        self, statement: Callable[[int], sa.TextualSelect], values: Sequence[str], **others: int
    ) -> Sequence[Any]:
        """The rows of a statement over a list; the list is filled up with what nobody has."""
        filled = [*values, *[_NOBODY] * (-len(values) % _STEP)]
        named = {f"v{number}": value for number, value in enumerate(filled)}
        bound = {"clinic": self._clinic_id, **named, **others}
        return self._connection.execute(statement(len(filled)), bound).all()

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
            self.index_anew(patient)
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
        statement = (
            sa.select(patients)
            .join(patient_keys, patient_keys.c.patient_id == patients.c.id)
            .where(
                *self._active(),
                patient_keys.c.clinic_id == self._clinic_id,
                patient_keys.c.key == _identifier_key(Identifier(value, issuer)),
            )
        )
        return [patient_of(row) for row in self._connection.execute(statement)]

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

    def _index(self, patient: Patient) -> None:
        if patient.merged_into is not None:
            return
        carried = terms(patient)
        keys = {f"block:{key}" for key in block_keys(patient)}
        keys.update(f"{_TERM}{term}" for term in carried)
        keys.update(_identifier_key(identifier) for identifier in patient.identifiers)
        self._insert(patient_keys, [{"key": key, "patient_id": patient.id} for key in sorted(keys)])
        self._count(carried, 1)

    def index_anew(self, patient: Patient) -> None:
        """Replace the keys of a patient by those of their present state."""
        own = (patient_keys.c.clinic_id == self._clinic_id, patient_keys.c.patient_id == patient.id)
        keys = self._connection.scalars(sa.select(patient_keys.c.key).where(*own)).all()
        if keys:
            self._connection.execute(sa.delete(patient_keys).where(*own))
            self._count([key.removeprefix(_TERM) for key in keys if key.startswith(_TERM)], -1)
        self._index(patient)

    def note_version(self) -> None:
        """Note that the clinic's index holds this version's keys."""
        self._connection.execute(
            sa.delete(register_index).where(register_index.c.clinic_id == self._clinic_id)
        )
        self._insert(register_index, [{"version": INDEX_VERSION}])

    def _count(self, carried: Iterable[str], change: int) -> None:
        rows = [
            {"clinic_id": self._clinic_id, "term": term, "patients": change} for term in (EVERYBODY, *carried)
        ]
        self._connection.execute(_more(self._connection.dialect.name), rows)


# The matcher's statements are text: to build such a statement of parts takes longer than the database
# needs to answer it.


@cache
def _blocks(count: int) -> sa.TextualSelect:
    """The first patients of so many blocks, one more of each than may count, with the number of the block."""
    block = (
        "SELECT * FROM (SELECT {0} AS number, patient_id FROM patient_keys"
        " WHERE clinic_id = :clinic AND key = :v{0} LIMIT :most) AS block{0}"
    )
    blocks = sa.text(" UNION ALL ".join(block.format(number) for number in range(count)))
    return blocks.columns(sa.column("number", sa.Integer), sa.column("patient_id", sa.Text))


@cache
def _these(count: int) -> sa.TextualSelect:
    """So many patients that are active; the clinic must not look like a way to them: it has all of them."""
    active = " FROM patients WHERE (clinic_id || '') = :clinic AND merged_into IS NULL AND "
    columns = [patients.c[name] for name in _OF_A_PATIENT]
    found = f"SELECT {', '.join(_OF_A_PATIENT)}{active}{_one_of('id', count)}"
    return sa.text(found).columns(*columns)


@cache
def _counts(count: int) -> sa.TextualSelect:
    """How many carry each of so many terms."""
    counted = "SELECT term, patients FROM patient_counts WHERE clinic_id = :clinic AND "
    return sa.text(counted + _one_of("term", count)).columns(patient_counts.c.term, patient_counts.c.patients)


def _one_of(column: str, count: int) -> str:
    return f"{column} IN ({', '.join(f':v{number}' for number in range(count))})"


@cache
def _more(dialect: str) -> sa.Insert:
    """Add to the counts of terms."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(patient_counts)
    total = patient_counts.c.patients + statement.excluded.patients
    keys = [patient_counts.c.clinic_id, patient_counts.c.term]
    return statement.on_conflict_do_update(index_elements=keys, set_={"patients": total})


def _identifier_key(identifier: Identifier) -> str:
    return f"id:{identifier.issuer}|{identifier.value}"


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
