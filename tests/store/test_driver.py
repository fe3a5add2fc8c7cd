from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from porion.services.errors import StorageFailed
from porion.store.driver import fetched, filled, one_of
from tests.services.scenes import ANNA
from tests.world import NOON, World


def test_a_question_past_sqlalchemy_is_put_as_either_driver_wants_it(each_world: World) -> None:
    with each_world.engine.connect() as connection:
        wanted = filled([each_world.clinic_id, "nobody"], "-")
        found = fetched(connection, f"SELECT id FROM clinics WHERE {one_of('id', len(wanted))}", wanted)
        assert found == [(each_world.clinic_id,)]
        assert connection.in_transaction()


def test_values_are_filled_up_to_few_lengths() -> None:
    assert [len(filled(range(count), 0)) for count in (0, 1, 8, 9)] == [0, 8, 8, 16]
    assert filled([5, 6, 7], 0) == [5, 6, 7, 0, 0, 0, 0, 0]


def test_what_the_driver_refuses_is_an_error_as_any_other(each_world: World) -> None:
    with each_world.engine.connect() as connection:
        with pytest.raises(sa.exc.DBAPIError, match="no_such_table"):
            fetched(connection, "SELECT 1 FROM no_such_table WHERE 1 = ?", [1])
        connection.rollback()
        connection.execute(sa.text("DROP TABLE patient_keys"))
        connection.commit()
    with pytest.raises(StorageFailed), each_world.porion.store.read(each_world.clinic_id) as tx:
        tx.patients.find(["name:anna"])


def test_a_connection_that_broke_is_not_used_again(each_world: World) -> None:
    if each_world.engine.dialect.name != "postgresql":
        pytest.skip("SQLite is no server that could hang up")
    with each_world.engine.connect() as connection, each_world.engine.connect() as other:
        server = connection.scalar(sa.text("SELECT pg_backend_pid()"))
        other.execute(sa.text("SELECT pg_terminate_backend(:server)"), {"server": server})
        with pytest.raises(sa.exc.DBAPIError):
            fetched(connection, "SELECT id FROM clinics WHERE id = ?", ["nobody"])
        assert connection.invalidated


def test_the_driver_reads_the_moment_of_its_transaction(each_world: World) -> None:
    store, clinic = each_world.porion.store, each_world.clinic_id
    with store.read(clinic) as tx:
        assert tx.patients.size() == 0
        with store.write(clinic) as writing:
            writing.patients.add(replace(ANNA, id="a" * 32), NOON)
            assert writing.patients.size() == 1
        assert tx.patients.size() == 0
    with store.read(clinic) as tx:
        assert tx.patients.size() == 1
