"""Open the database, SQLite or PostgreSQL, and bring its tables up to date."""

from __future__ import annotations

import zlib
from importlib import resources
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from porion.services.errors import WrongDataDirectory

if TYPE_CHECKING:
    import sqlite3

# Each acknowledgement hangs on a commit, so a commit must survive a power cut: FULL, not NORMAL.
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=15000",
    "cache_size=-65536",
)


def open_engine(url: str) -> sa.Engine:
    """An engine for ``sqlite:///…`` or ``postgresql+psycopg://…``; WrongDataDirectory when it won't open."""
    engine = _sqlite(url) if url.startswith("sqlite") else _postgresql(url)
    try:
        with engine.connect():
            pass
    except sa.exc.DBAPIError as error:
        raise WrongDataDirectory(f"The database cannot be opened: {error.orig}.") from error
    return engine


def _postgresql(url: str) -> sa.Engine:
    # The server may have been restarted since the connection was last used.
    return sa.create_engine(url, pool_size=8, pool_pre_ping=True)


def _sqlite(url: str) -> sa.Engine:
    engine = sa.create_engine(url, connect_args={"check_same_thread": False, "timeout": 15})
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        answer = connection.execute(f"PRAGMA {pragma}").fetchone()
        if pragma.startswith("journal_mode") and answer[0] not in ("wal", "memory"):
            raise WrongDataDirectory(
                "The data directory lies on a file system without write-ahead logging (a network share?);"
                " choose a local disk."
            )


def _begin(connection: sa.Connection) -> None:
    # A lock upgrade in the middle of a transaction fails at once instead of waiting its turn.
    immediate = connection.get_execution_options().get("porion_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def take_turn(connection: sa.Connection, clinic_id: str) -> None:
    """Wait until no other transaction writes for the clinic; the turn ends with the transaction.

    SQLite has one writer at a time. On PostgreSQL the chain of the audit trail, and what is read before
    it is written, need the same; taken first, the turn cannot deadlock.
    """
    if connection.dialect.name == "postgresql":
        turn = sa.func.pg_advisory_xact_lock(zlib.crc32(clinic_id.encode()))
        connection.execute(sa.select(turn))


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.files("porion.store") / "migrations"))
    return config


def head() -> str:
    """The revision that this version of Porion writes."""
    return str(ScriptDirectory.from_config(_alembic()).get_current_head())


def migrate(engine: sa.Engine) -> None:
    """Bring the tables up to :func:`head`; WrongDataDirectory when they come from a newer Porion."""
    config = _alembic()
    with engine.execution_options(porion_writes=True).begin() as connection:
        take_turn(connection, "")
        current = MigrationContext.configure(connection).get_current_revision()
        if current == head():
            return
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        if current is not None and current not in known:
            raise WrongDataDirectory("The data directory was written by a newer Porion; update this one.")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
