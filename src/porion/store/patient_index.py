"""The keys by which the matcher finds patients, and how many of them carry a name or a date.

A row of ``patient_keys`` is a number of 64 bits made of the clinic and the key, and the 16 bytes of the
patient's identifier: a fifth of what their texts take, and nobody finds a row without naming the clinic.
Two keys may share a number, once in a great while: what is found there is compared like any candidate.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache
from hashlib import blake2b
from struct import unpack
from typing import TYPE_CHECKING, TypeGuard

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from porion.clinic.blocks import EVERYBODY, block_keys, terms
from porion.clinic.shortlist import LARGEST_BLOCK, likeliest
from porion.store.driver import fetched, filled, one_of
from porion.store.rows import Rows
from porion.store.schema import patient_counts, patient_keys, patients, register_index

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from porion.clinic.patient import Patient
    from porion.dicom.person import Identifier

INDEX_VERSION = 4
"""To be raised with every change of what :mod:`porion.clinic.blocks` and the foldings behind it make."""

NOBODY = "-"
"""What no term and no patient's identifier is."""

# No key is likelier to be this number than two keys are to share one; PostgreSQL takes a small number for
# one of another type.
_NO_NUMBER = -(2**63)
# SQLite takes no more than 500 parts of a union.
_MOST_BLOCKS = 64


class PatientIndex(Rows):
    """The index of one clinic; it follows every change of the register that it is told of."""

    def owners(self, keys: Sequence[str]) -> list[str]:
        """The identifiers of those who own most of these block keys; a key of too many is left out."""
        blocks: defaultdict[int, list[bytes]] = defaultdict(list)
        for start in range(0, len(keys), _MOST_BLOCKS):
            part = keys[start : start + _MOST_BLOCKS]
            numbers = filled(self._numbers(map(_block, part)), _NO_NUMBER)
            for at, patient in fetched(self._connection, _blocks(len(numbers)), numbers):
                blocks[start + at].append(patient)
        return [one.hex() for one in likeliest(blocks.values())]

    def carriers(self, identifier: Identifier) -> list[str]:
        """The identifiers of patients who may carry an identifier."""
        (number,) = self._numbers([_identifier(identifier)])
        key = patient_keys.c.key == number
        return [one.hex() for one in self._connection.scalars(sa.select(patient_keys.c.patient).where(key))]

    def frequency(self, terms: Sequence[str]) -> Mapping[str, int]:
        """How many active patients carry each term."""
        asked = filled(terms, NOBODY)
        found = fetched(self._connection, _counts(len(asked)), (self._clinic_id, *asked))
        return Counter(dict(found))

    def change(self, before: Patient | None, after: Patient) -> None:
        """Follow a patient from one state to another."""
        patient = bytes.fromhex(after.id)
        old, new = self._numbers_of(before), self._numbers_of(after)
        for statement, keys in ((_WITHOUT, old - new), (_WITH, new - old)):
            if keys:
                rows = [{"number": key, "owner": patient} for key in sorted(keys)]
                self._connection.execute(statement, rows)
        carried, carries = _carried(before), _carried(after)
        self._count(dict.fromkeys(carried - carries, -1))
        self._count(dict.fromkeys(carries - carried, 1))

    def include(self, many: Iterable[Patient]) -> None:
        """Take in patients of whom the index holds nothing yet, all at once."""
        held: list[tuple[int, bytes]] = []
        carried: Counter[str] = Counter()
        for patient in many:
            owner = bytes.fromhex(patient.id)
            held += ((number, owner) for number in self._numbers_of(patient))
            carried.update(_carried(patient))
        if held:
            self._hold(sorted(held))
        self._count(carried)

    def forget(self) -> None:
        """Drop what the index holds, which another version may have made."""
        everybody = sa.select(patients.c.id).where(patients.c.clinic_id == self._clinic_id)
        if self._connection.execute(everybody.limit(1)).first():
            theirs = self._in_hex(patient_keys.c.patient).in_(everybody)
            self._connection.execute(sa.delete(patient_keys).where(theirs))
        for table in (patient_counts, register_index):
            self._connection.execute(sa.delete(table).where(table.c.clinic_id == self._clinic_id))

    def note_version(self) -> None:
        """Note that the index holds this version's keys."""
        self._insert(register_index, [{"version": INDEX_VERSION}])

    def _in_hex(self, column: sa.Column[bytes]) -> sa.ColumnElement[str]:
        if self._connection.dialect.name == "postgresql":
            return sa.func.encode(column, "hex")
        return sa.func.lower(sa.func.hex(column))

    def _numbers_of(self, patient: Patient | None) -> set[int]:
        return set(self._numbers(keys_of(patient))) if _is_active(patient) else set()

    def _numbers(self, keys: Iterable[str]) -> tuple[int, ...]:
        clinic = self._clinic_id
        made = [blake2b(f"{clinic}|{key}".encode(), digest_size=8).digest() for key in keys]
        return unpack(f">{len(made)}q", b"".join(made))

    def _hold(self, held: Sequence[tuple[int, bytes]]) -> None:
        if self._connection.dialect.name == "postgresql":
            numbers, owners = map(list, zip(*held, strict=True))
            self._connection.execute(_WITH_ALL, {"numbers": numbers, "owners": owners})
        else:
            self._connection.execute(_WITH, [{"number": number, "owner": owner} for number, owner in held])

    def _count(self, changes: Mapping[str, int]) -> None:
        rows = [
            {"clinic_id": self._clinic_id, "term": term, "patients": change}
            for term, change in sorted(changes.items())
        ]
        if rows:
            self._connection.execute(_more(self._connection.dialect.name), rows)


def keys_of(patient: Patient) -> set[str]:
    """All keys under which an active patient is found."""
    return {_block(key) for key in block_keys(patient)} | {_identifier(one) for one in patient.identifiers}


def _is_active(patient: Patient | None) -> TypeGuard[Patient]:
    return patient is not None and patient.merged_into is None


def _carried(patient: Patient | None) -> set[str]:
    return {EVERYBODY, *terms(patient)} if _is_active(patient) else set()


def _block(key: str) -> str:
    return f"block:{key}"


def _identifier(identifier: Identifier) -> str:
    return f"id:{identifier.issuer}|{identifier.value}"


@cache
def _blocks(count: int) -> str:
    """The first patients of so many blocks, one more of each than may count, with the number of the block."""
    block = "SELECT * FROM (SELECT {0} AS at, patient FROM patient_keys WHERE key = ? LIMIT {1}) AS block{0}"
    return " UNION ALL ".join(block.format(at, LARGEST_BLOCK + 1) for at in range(count))


@cache
def _counts(count: int) -> str:
    """How many of a clinic carry each of so many terms."""
    counted = "SELECT term, patients FROM patient_counts WHERE clinic_id = ? AND "
    return counted + one_of("term", count)


_WITH = sa.insert(patient_keys).values(key=sa.bindparam("number"), patient=sa.bindparam("owner"))
# PostgreSQL takes a row of a statement's many rows as slowly as a statement.
_WITH_ALL = sa.text(
    "INSERT INTO patient_keys (key, patient)"
    " SELECT * FROM unnest(CAST(:numbers AS bigint[]), CAST(:owners AS bytea[]))"
)
_WITHOUT = sa.delete(patient_keys).where(
    patient_keys.c.key == sa.bindparam("number"), patient_keys.c.patient == sa.bindparam("owner")
)


@cache
def _more(dialect: str) -> sa.Insert:
    """Add to the counts of terms."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(patient_counts)
    total = patient_counts.c.patients + statement.excluded.patients
    keys = [patient_counts.c.clinic_id, patient_counts.c.term]
    return statement.on_conflict_do_update(index_elements=keys, set_={"patients": total})
