"""How SQLite goes about what it is asked."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from tests.world import World


@contextmanager
def asked(engine: sa.Engine) -> Iterator[list[str]]:
    """What SQLite is asked by whoever takes a connection meanwhile, values and all, also past SQLAlchemy."""
    told: list[str] = []

    def listen(raw: sqlite3.Connection, *_: object) -> None:
        raw.set_trace_callback(told.append)

    def leave(raw: sqlite3.Connection, *_: object) -> None:
        raw.set_trace_callback(None)

    sa.event.listen(engine, "checkout", listen)
    sa.event.listen(engine, "checkin", leave)
    yield told
    sa.event.remove(engine, "checkout", listen)
    sa.event.remove(engine, "checkin", leave)


@contextmanager
def explained(world: World) -> Iterator[list[str]]:
    """How SQLite goes about everything that is read meanwhile."""
    told: list[str] = []

    def explain(
        connection: sa.Connection, _cursor: object, statement: str, values: object, *_: object
    ) -> None:
        if statement.startswith("SELECT"):
            raw = connection.connection.driver_connection
            assert raw
            told.extend(row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}", values))

    sa.event.listen(world.engine, "before_cursor_execute", explain)
    yield told
    sa.event.remove(world.engine, "before_cursor_execute", explain)
