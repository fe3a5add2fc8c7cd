"""The audit chain of one clinic. Links are appended; nothing here changes or deletes one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from porion.services.audit_records import AuditRow
from porion.store.rows import Rows
from porion.store.schema import audit, clinics

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


# With every look: to build such a statement takes longer than to run it.
_OF_CLINIC = clinics.c.id == sa.bindparam("clinic")
_END = sa.select(clinics.c.audit_links, clinics.c.audit_hash).where(_OF_CLINIC)
_MOVED = (
    sa.update(clinics)
    .where(_OF_CLINIC)
    .values(audit_links=sa.bindparam("links"), audit_hash=sa.bindparam("last"))
)


class AuditRows(Rows):
    """See :class:`porion.services.row_ports.AuditRows`."""

    def end(self) -> tuple[int, str]:
        """How many links the chain must have, and the hash of the last one."""
        links, last = self._connection.execute(_END, {"clinic": self._clinic_id}).one()
        return int(links), str(last)

    def append(self, *rows: AuditRow) -> None:
        """Add links, and move the end to the last one."""
        self._insert(audit, rows)
        end = {"clinic": self._clinic_id, "links": rows[-1].number, "last": rows[-1].hash}
        self._connection.execute(_MOVED, end)

    def list(self, before: int | None, limit: int, object_id: str | None) -> Sequence[AuditRow]:
        """Links, newest first."""
        statement = self._query(audit, AuditRow).order_by(audit.c.number.desc()).limit(limit)
        if before is not None:
            statement = statement.where(audit.c.number < before)
        if object_id is not None:
            statement = statement.where(audit.c.object_id == object_id)
        return self._all(AuditRow, statement)

    def all(self) -> Iterable[AuditRow]:
        """The whole chain from its first link."""
        statement = self._query(audit, AuditRow).order_by(audit.c.number)
        for part in self._connection.execute(statement).partitions(1000):
            yield from (AuditRow(*row) for row in part)
