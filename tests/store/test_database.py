from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from porion.services.errors import WrongDataDirectory
from porion.store import database
from porion.store.database import head, migrate, open_engine
from porion.store.register_index import bring_up
from porion.store.schema import METADATA, patient_counts
from porion.store.store import SqlStore
from tests.engines import Opener
from tests.services.scenes import ANNA
from tests.world import NOON


def tables(engine: sa.Engine) -> set[str]:
    return set(sa.inspect(engine).get_table_names()) - {"alembic_version"}


def test_migrations_make_every_table_from_nothing(open_database: Opener) -> None:
    engine = open_database(False)
    assert tables(engine) == set()
    migrate(engine)
    assert tables(engine) == set(METADATA.tables)


def test_migrations_and_schema_say_the_same(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert context.get_current_revision() == head()
        assert compare_metadata(context, METADATA) == []


def test_migrations_can_be_taken_back_and_made_again(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        config = database._alembic()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert tables(engine) == set()
    migrate(engine)
    assert tables(engine) == set(METADATA.tables)


def test_names_are_counted_where_patients_were_already(engine: sa.Engine) -> None:
    store = SqlStore(engine)
    with store.write("") as tx:
        tx.accounts.add_clinic("c" * 32, "Clinic", NOON)
    with store.write("c" * 32) as tx:
        for number in range(3):
            tx.patients.add(replace(ANNA, id=f"{number:032d}", identifiers=()), NOON)
    with engine.connect() as connection:
        before = sorted(connection.execute(sa.select(patient_counts)))
    with engine.begin() as connection:
        config = database._alembic()
        config.attributes["connection"] = connection
        command.downgrade(config, "0004")
    migrate(engine)
    bring_up(engine)

    with engine.connect() as connection:
        assert sorted(connection.execute(sa.select(patient_counts))) == before
    assert ("c" * 32, "", 3) in before


def test_a_second_migration_changes_nothing(engine: sa.Engine) -> None:
    migrate(engine)
    assert tables(engine) == set(METADATA.tables)


def test_processes_that_start_at_once_migrate_once(open_database: Opener) -> None:
    engine, failures = open_database(False), []

    def start() -> None:
        try:
            migrate(engine)
        except sa.exc.SQLAlchemyError as error:
            failures.append(error)

    starts = [threading.Thread(target=start) for _ in range(3)]
    for one in starts:
        one.start()
    for one in starts:
        one.join()
    assert failures == []
    assert tables(engine) == set(METADATA.tables)


def test_a_database_of_a_newer_porion_is_refused(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(WrongDataDirectory, match="newer"):
        migrate(engine)


@pytest.mark.parametrize("content", [b"no database at all" * 1000, None])
def test_what_is_no_database_is_refused_in_words(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "missing" / "porion.sqlite"
    if content is not None:
        path.parent.mkdir()
        path.write_bytes(content)
    with pytest.raises(WrongDataDirectory, match="cannot be opened"):
        open_engine(f"sqlite:///{path}")


def test_a_server_that_does_not_answer_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(WrongDataDirectory, match="cannot be opened"):
        open_engine(f"postgresql+psycopg://postgres:@/none?host={tmp_path}")


def test_a_commit_on_sqlite_survives_a_power_cut(tmp_path: Path) -> None:
    with open_engine(f"sqlite:///{tmp_path / 'porion.sqlite'}").connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
