from __future__ import annotations

import threading
from typing import Any

import pytest
import sqlalchemy as sa

from porion.services.errors import OutOfSpace, StorageFailed
from porion.services.records import StudyRow
from porion.store.store import SqlStore
from tests.world import World


def a_study(number: int) -> StudyRow:
    return StudyRow(f"{number:032d}", f"1.2.{number}")


def studies(world: World) -> set[str]:
    with world.porion.store.read(world.clinic_id) as tx:
        return set(tx.imaging.studies_by_uid([f"1.2.{number}" for number in range(9)]))


def test_a_transaction_happens_as_a_whole(each_world: World) -> None:
    store, clinic = each_world.porion.store, each_world.clinic_id
    with store.write(clinic) as tx:
        tx.imaging.add_studies([a_study(1)])
    with pytest.raises(StorageFailed), store.write(clinic) as tx:
        tx.imaging.add_studies([a_study(2), a_study(1)])
    assert studies(each_world) == {"1.2.1"}


def test_nothing_of_a_rehearsal_stays(each_world: World) -> None:
    with each_world.porion.store.rehearse(each_world.clinic_id) as tx:
        tx.imaging.add_studies([a_study(1)])
        assert list(tx.imaging.studies_by_uid(["1.2.1"])) == ["1.2.1"]
    assert studies(each_world) == set()


def test_a_reader_sees_one_moment(each_world: World) -> None:
    store, clinic = each_world.porion.store, each_world.clinic_id
    with store.read(clinic) as tx:
        assert tx.imaging.studies_by_uid(["1.2.1"]) == {}
        with store.write(clinic) as writing:
            writing.imaging.add_studies([a_study(1)])
        assert tx.imaging.studies_by_uid(["1.2.1"]) == {}
    assert studies(each_world) == {"1.2.1"}


def test_a_writer_waits_until_the_one_before_has_finished(each_world: World) -> None:
    store, clinic = each_world.porion.store, each_world.clinic_id
    inside, order = threading.Event(), []

    def second() -> None:
        inside.wait()
        with store.write(clinic) as tx:
            order.append(sorted(tx.imaging.studies_by_uid(["1.2.1"])))

    waiting = threading.Thread(target=second)
    waiting.start()
    with store.write(clinic) as tx:
        inside.set()
        tx.imaging.add_studies([a_study(1)])
        waiting.join(timeout=0.2)
        order.append(["first"])
    waiting.join()
    assert order == [["first"], ["1.2.1"]]


def test_the_steps_of_a_commit_can_be_watched(each_world: World) -> None:
    steps: list[str] = []
    store = SqlStore(each_world.engine, steps.append)
    with store.write(each_world.clinic_id):
        steps.append("work")
    assert steps == ["work", "database.before-commit", "database.committed"]


def test_a_refusal_of_the_database_is_told_in_words(each_world: World) -> None:
    store, clinic = each_world.porion.store, each_world.clinic_id
    with pytest.raises(StorageFailed, match="The database refused"), store.write(clinic) as tx:
        tx.imaging.add_studies([a_study(1), a_study(1)])
    with pytest.raises(StorageFailed), store.write("no such clinic") as tx:
        tx.imaging.add_studies([a_study(1)])
    assert studies(each_world) == set()


def test_a_table_that_is_gone_is_told_in_words(each_world: World) -> None:
    with each_world.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE quarantine RENAME TO gone")
    store, clinic = each_world.porion.store, each_world.clinic_id
    with pytest.raises(StorageFailed), store.read(clinic) as tx:
        tx.imaging.quarantined(None, 1)


def test_a_full_disk_is_told_as_such(world: World) -> None:
    full = {"max_page_count": 1}

    def limit(connection: sa.Connection, *_: Any) -> None:
        for name, value in full.items():
            connection.exec_driver_sql(f"PRAGMA {name} = {value}")

    sa.event.listen(world.engine, "begin", limit)
    many = [a_study(number) for number in range(20_000)]
    with (
        pytest.raises(OutOfSpace, match="nothing was acknowledged"),
        world.porion.store.write(world.clinic_id) as tx,
    ):
        tx.imaging.add_studies(many)
    full["max_page_count"] = 1 << 30
    assert studies(world) == set()
