"""Counts and marks for the head of the page: each is one short statement over an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from porion.store.rows import Rows
from porion.store.schema import audit, decisions, images, items

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


class OverviewRows(Rows):
    """See :class:`porion.services.overview.OverviewRows`."""

    def waiting(self) -> tuple[int, datetime | None]:
        """How many items with images wait, and since when the first one does."""
        has_images = sa.exists().where(images.c.item_id == items.c.id)
        mine = (items.c.clinic_id == self._clinic_id, items.c.state == "pending", has_images)
        count = self._connection.execute(sa.select(sa.func.count()).select_from(items).where(*mine)).scalar()
        first = sa.select(items.c.created_at).where(*mine).order_by(items.c.id).limit(1)
        return int(count or 0), self._connection.execute(first).scalar()

    def linked_since(self, moment: datetime) -> int:
        """How many links were made since then and were not taken back."""
        # Identifiers rise with time (milliseconds in their first twelve digits): the index needs no other.
        edge = f"{int(moment.timestamp() * 1000):012x}"
        undoing = decisions.alias()
        statement = (
            sa.select(sa.func.count())
            .select_from(decisions)
            .where(
                decisions.c.clinic_id == self._clinic_id,
                decisions.c.id >= edge,
                decisions.c.made_at >= moment,
                decisions.c.kind.in_(("link", "create")),
                ~sa.exists().where(undoing.c.undoes == decisions.c.id),
            )
        )
        return int(self._connection.execute(statement).scalar() or 0)

    def newest_arrival(self) -> datetime | None:
        """When the newest image came in."""
        newest = sa.select(images.c.received_at).where(images.c.clinic_id == self._clinic_id)
        return self._connection.execute(newest.order_by(images.c.id.desc()).limit(1)).scalar()

    def told_since(self, number: int, most: int) -> Sequence[tuple[str, str]]:
        """Action and kind of object of the links of the audit chain after a number, the newest ``most``."""
        after = (
            sa.select(audit.c.action, audit.c.object_kind)
            .where(audit.c.clinic_id == self._clinic_id, audit.c.number > number)
            .order_by(audit.c.number.desc())
            .limit(most)
            .subquery()
        )
        statement = sa.select(after.c.action, after.c.object_kind).distinct()
        return [(str(action), str(kind)) for action, kind in self._connection.execute(statement)]
