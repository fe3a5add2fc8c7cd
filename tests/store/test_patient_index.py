from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from porion.clinic.blocks import EVERYBODY, block_keys, terms
from porion.dicom.person import Identifier
from porion.store.patient_index import PatientIndex
from porion.store.schema import patient_counts, patient_keys
from tests.services.scenes import ANNA, BERTA
from tests.world import NOON, World, another_clinic

A, B = "a" * 32, "b" * 32
ANNA_A, BERTA_B = replace(ANNA, id=A), replace(BERTA, id=B)


def held(connection: sa.Connection) -> int:
    return int(connection.scalar(sa.select(sa.func.count()).select_from(patient_keys)) or 0)


def test_keys_of_one_clinic_find_nobody_of_another(each_world: World) -> None:
    there = another_clinic(each_world)
    with each_world.engine.connect() as connection:
        ours, theirs = (PatientIndex(connection, one.clinic_id) for one in (each_world, there))
        ours.change(None, ANNA_A)
        assert ours.owners(sorted(block_keys(ANNA))) == ours.carriers(ANNA.identifiers[0]) == [A]
        assert theirs.owners(sorted(block_keys(ANNA))) == theirs.carriers(ANNA.identifiers[0]) == []


def test_a_change_writes_only_what_differs(each_world: World) -> None:
    written: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        written.append(statement.split(maxsplit=1)[0])

    with each_world.engine.connect() as connection:
        index = PatientIndex(connection, each_world.clinic_id)
        index.change(None, ANNA_A)
        full, known = held(connection), index.frequency([EVERYBODY, *sorted(terms(ANNA))])
        sa.event.listen(connection, "before_cursor_execute", note)
        index.change(ANNA_A, replace(ANNA_A, sex="M"))
        assert written == []
        other = replace(ANNA_A, identifiers=(Identifier("P-9", "CLINIC"),))
        index.change(ANNA_A, other)
        assert written == ["DELETE", "INSERT"]
        assert (index.carriers(ANNA.identifiers[0]), index.carriers(other.identifiers[0])) == ([], [A])
        index.change(other, replace(other, merged_into=B))
        assert (held(connection), index.frequency([EVERYBODY])[EVERYBODY]) == (0, 0)
        index.change(replace(other, merged_into=B), ANNA_A)
        assert (held(connection), index.frequency([EVERYBODY, *sorted(terms(ANNA))])) == (full, known)


def test_many_at_once_are_held_like_one_after_the_other(each_world: World) -> None:
    merged = replace(BERTA, id="c" * 32, merged_into=A)
    sister = replace(ANNA, id="d" * 32, identifiers=())
    everybody, tables = [ANNA_A, BERTA_B, merged, sister], (patient_keys, patient_counts)
    with each_world.engine.connect() as connection:
        index = PatientIndex(connection, each_world.clinic_id)
        for one in everybody:
            index.change(None, one)
        expected = [sorted(connection.execute(sa.select(table))) for table in tables]
        for table in tables:
            connection.execute(sa.delete(table))
        index.include([])
        index.include(everybody[:1])
        index.include(everybody[1:])
        assert [sorted(connection.execute(sa.select(table))) for table in tables] == expected


def test_only_the_own_clinic_is_forgotten(each_world: World) -> None:
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        tx.patients.add(ANNA_A, NOON)
    there = another_clinic(each_world)
    with each_world.engine.connect() as connection:
        ours, theirs = (PatientIndex(connection, one.clinic_id) for one in (each_world, there))
        theirs.change(None, BERTA_B)
        ours.forget()
        assert ours.owners(sorted(block_keys(ANNA))) == []
        assert ours.frequency([EVERYBODY])[EVERYBODY] == 0
        assert theirs.owners(sorted(block_keys(BERTA))) == [B]
