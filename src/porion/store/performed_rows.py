"""What devices reported of their work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from porion.services.worklist_records import PerformedRow
from porion.store.rows import Rows, chunks
from porion.store.worklist_tables import performed, performed_images

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from porion.services.records import Json


class PerformedRows(Rows):
    """See :class:`porion.services.worklist_ports.PerformedRows`."""

    def get(self, sop_instance_uid: str) -> PerformedRow | None:
        """One performed step by its SOP Instance UID."""
        statement = self._query(performed, PerformedRow)
        return self._one(PerformedRow, statement.where(performed.c.sop_instance_uid == sop_instance_uid))

    def add(self, row: PerformedRow) -> None:
        """Insert one."""
        self._insert(performed, [row])

    def update(self, performed_id: str, changes: Json) -> None:
        """Change columns of one."""
        self._update(performed, performed_id, changes)

    def list(self, after: str | None, limit: int) -> Sequence[PerformedRow]:
        """Performed steps, newest first."""
        return self._page(performed, PerformedRow, (), after, limit)

    def refer(self, performed_id: str, sop_instance_uids: Collection[str]) -> None:
        """Note that a performed step made these instances; what is noted stays."""
        known = self.that_made(sop_instance_uids)
        fresh = dict.fromkeys(uid for uid in sop_instance_uids if uid not in known)
        rows = [{"sop_instance_uid": uid, "performed_id": performed_id} for uid in fresh]
        self._insert(performed_images, rows)

    def that_made(self, sop_instance_uids: Collection[str]) -> Mapping[str, PerformedRow]:
        """The performed step of each instance, by SOP Instance UID."""
        made_by: dict[str, str] = {}
        for part in chunks(sop_instance_uids):
            statement = sa.select(performed_images.c.sop_instance_uid, performed_images.c.performed_id).where(
                performed_images.c.clinic_id == self._clinic_id, performed_images.c.sop_instance_uid.in_(part)
            )
            made_by |= {row[0]: row[1] for row in self._connection.execute(statement)}
        wanted = set(made_by.values())
        rows = {row.id: row for row in self._where_in(performed, PerformedRow, performed.c.id, wanted)}
        return {uid: rows[performed_id] for uid, performed_id in made_by.items()}
