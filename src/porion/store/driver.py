"""Statements that go straight to the database's driver, for questions that are asked several times a claim.

SQLite answers such a question in a few microseconds; SQLAlchemy takes fifty more to ask it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Sequence

_STEP = 8


def fetched(connection: sa.Connection, statement: str, values: Sequence[Any]) -> Sequence[Any]:
    """All rows, as the driver gives them, of a statement with a ``?`` for each value.

    It belongs to the connection's transaction, and errors are SQLAlchemy's; listeners hear nothing of it.
    """
    if not connection.in_transaction():
        connection.begin()
    dialect = connection.dialect
    asked = _in_style(statement, dialect.paramstyle)
    driver: Any = dialect.loaded_dbapi
    raw = connection.connection
    try:
        cursor = raw.cursor()
        cursor.execute(asked, values)
        return cursor.fetchall()
    except driver.Error as error:
        if dialect.is_disconnect(error, raw, None):
            connection.invalidate(error)
        raise sa.exc.DBAPIError.instance(
            asked, tuple(values), error, driver.Error, dialect=dialect
        ) from error


def filled(values: Sequence[Any], filler: Any) -> list[Any]:
    """The values, filled up to steps of eight: few statements have to be prepared."""
    return [*values, *[filler] * (-len(values) % _STEP)]


def one_of(column: str, count: int) -> str:
    """The condition that a column has one of so many values."""
    return f"{column} IN ({', '.join('?' * count)})"


@cache
def _in_style(statement: str, style: str) -> str:
    return statement if style == "qmark" else statement.replace("?", "%s")
