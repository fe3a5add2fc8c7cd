"""What all row classes share: one connection, one clinic, and dataclasses in and out."""

from __future__ import annotations

from dataclasses import is_dataclass
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa

from porion.services.records import column_names, columns

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

Record = TypeVar("Record")

# SQLite takes at most 32,766 bound parameters in one statement; a batch stays far below.
CHUNK = 500


def chunks(values: Collection[Any]) -> Iterator[list[Any]]:
    """The values in lists short enough for one statement's IN."""
    iterator = iter(values)
    while part := list(islice(iterator, CHUNK)):
        yield part


def plain(row: Any) -> dict[str, Any]:
    """A flat record as the columns it is stored in."""
    return columns(row) if is_dataclass(row) else dict(row)


# Made once: to build such statements takes longer than to run them.
@cache
def selected(table: sa.Table, record: Callable[..., Any]) -> sa.Select[tuple[Any, ...]]:
    """The columns that a record is made of, of all clinics."""
    return sa.select(*(table.c[name] for name in column_names(record)))


@cache
def _selection(
    table: sa.Table, record: Callable[..., Any], column: sa.Column[Any], in_order: sa.Column[Any] | None
) -> sa.Select[tuple[Any, ...]]:
    found = selected(table, record).where(*among(column))
    return found if in_order is None else found.order_by(in_order)


def among(column: sa.Column[Any]) -> tuple[sa.ColumnElement[bool], ...]:
    """What holds for rows of the clinic ``clinic`` whose column has one of the values ``wanted``.

    SQLite keeps no statistics here: for more than three values it would rather go through all that a
    clinic has. So the clinic looks like a way only where an index has it together with the column.
    """
    clinic = column.table.c.clinic_id
    together = any(list(key.columns)[:2] == [clinic, column] for key in _keys(column.table))
    of_clinic = clinic if together else clinic.concat("")
    wanted: sa.BindParameter[Any] = sa.bindparam("wanted", expanding=True)
    return of_clinic == sa.bindparam("clinic", type_=sa.Text), column.in_(wanted)


def _keys(table: Any) -> Iterator[sa.Index | sa.UniqueConstraint | sa.PrimaryKeyConstraint]:
    yield from table.indexes
    for constraint in table.constraints:
        if isinstance(constraint, sa.UniqueConstraint | sa.PrimaryKeyConstraint):
            yield constraint


@cache
def _insertion(table: sa.Table) -> sa.Insert:
    return sa.insert(table)


class Rows:
    """Rows of one clinic on one connection; every statement built here names the clinic."""

    def __init__(self, connection: sa.Connection, clinic_id: str) -> None:
        self._connection = connection
        self._clinic_id = clinic_id

    def _query(self, table: sa.Table, record: Callable[..., Record]) -> sa.Select[Any]:
        return selected(table, record).where(table.c.clinic_id == self._clinic_id)

    def _led(self, table: sa.Table, record: Callable[..., Record]) -> sa.Select[Any]:
        """The same where something else leads to the rows, or their order; see :func:`among`."""
        return selected(table, record).where(self._is_ours(table))

    def _is_ours(self, table: sa.Table) -> sa.ColumnElement[bool]:
        return table.c.clinic_id.concat("") == self._clinic_id

    def _all(self, record: Callable[..., Record], statement: sa.Select[Any]) -> list[Record]:
        return [record(*row) for row in self._connection.execute(statement)]

    def _one(self, record: Callable[..., Record], statement: sa.Select[Any]) -> Record | None:
        row = self._connection.execute(statement.limit(1)).first()
        return record(*row) if row else None

    def _where_in(
        self,
        table: sa.Table,
        record: Callable[..., Record],
        column: sa.Column[Any],
        values: Collection[Any],
        in_order: sa.Column[Any] | None = None,
    ) -> Iterator[Record]:
        statement = _selection(table, record, column, in_order)
        for part in chunks(values):
            found = self._connection.execute(statement, {"clinic": self._clinic_id, "wanted": part})
            yield from [record(*row) for row in found]

    def _insert(self, table: sa.Table, rows: Iterable[Any]) -> None:
        values = [{"clinic_id": self._clinic_id, **plain(row)} for row in rows]
        if values:
            self._connection.execute(_insertion(table), values)

    def _update(self, table: sa.Table, row_id: str, changes: dict[str, Any], *where: Any) -> bool:
        statement = (
            sa.update(table)
            .where(table.c.clinic_id == self._clinic_id, table.c.id == row_id, *where)
            .values(**changes)
        )
        return self._connection.execute(statement).rowcount == 1

    def _page(
        self,
        table: sa.Table,
        record: Callable[..., Record],
        where: Sequence[Any],
        after: str | None,
        limit: int,
    ) -> list[Record]:
        """Newest first; identifiers rise with time, so an identifier is a cursor."""
        statement = self._led(table, record).where(*where).order_by(table.c.id.desc()).limit(limit)
        if after is not None:
            statement = statement.where(table.c.id < after)
        return self._all(record, statement)
