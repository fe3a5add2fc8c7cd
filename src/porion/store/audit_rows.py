"""The audit chain of one clinic. Links are appended; nothing here changes or deletes one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from porion.services.records import AuditRow
from porion.store.rows import Rows
from porion.store.schema import audit, clinics

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class AuditRows(Rows):
    """See :class:`porion.services.row_ports.AuditRows`."""

    def end(self) -> tuple[int, str]:
        """How many links the chain must have, and the hash of the last one."""
        statement = sa.select(clinics.c.audit_links, clinics.c.audit_hash)
        links, last = self._connection.execute(statement.where(clinics.c.id == self._clinic_id)).one()
        return int(links), str(last)

    def append(self, *rows: AuditRow) -> None:
        """Add links, and move the end to the last one."""
        self._insert(audit, rows)
        moved = sa.update(clinics).where(clinics.c.id == self._clinic_id)
        self._connection.execute(moved.values(audit_links=rows[-1].number, audit_hash=rows[-1].hash))

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
