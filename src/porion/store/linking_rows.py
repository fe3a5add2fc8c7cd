"""Which sources link unattended, and the samples of what they linked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from porion.services.records import LinkingSourceRow, SampleRow
from porion.store.rows import Rows
from porion.store.schema import images, items, linking_samples, linking_sources

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from porion.services.records import Json


class LinkingRows(Rows):
    """See :class:`porion.services.row_ports.LinkingRows`."""

    def seen(self) -> Mapping[str, int]:
        """Every source that images came from, and how many did."""
        key = images.c.source_key
        statement = sa.select(key, sa.func.count()).where(images.c.clinic_id == self._clinic_id)
        rows = self._connection.execute(statement.group_by(key).order_by(key))
        return {row[0]: row[1] for row in rows}

    def source(self, source_key: str) -> LinkingSourceRow | None:
        """What was set for a source."""
        statement = self._query(linking_sources, LinkingSourceRow)
        return self._one(LinkingSourceRow, statement.where(linking_sources.c.source_key == source_key))

    def sources(self) -> Sequence[LinkingSourceRow]:
        """What was set for all sources."""
        statement = self._query(linking_sources, LinkingSourceRow)
        return self._all(LinkingSourceRow, statement.order_by(linking_sources.c.source_key))

    def save(self, row: LinkingSourceRow) -> None:
        """Write what is set for a source."""
        mine = sa.delete(linking_sources).where(
            linking_sources.c.clinic_id == self._clinic_id, linking_sources.c.source_key == row.source_key
        )
        self._connection.execute(mine)
        self._insert(linking_sources, [row])

    def settled(self, sources: Collection[str], after: datetime, before: datetime) -> Sequence[str]:
        """The pending items with images of these sources whose latest image came in that span."""
        latest = sa.func.max(images.c.received_at)
        statement = (
            sa.select(items.c.id)
            .join(images, images.c.item_id == items.c.id)
            .where(items.c.clinic_id == self._clinic_id, items.c.state == "pending")
            .group_by(items.c.id)
            .having(latest > after, latest <= before, sa.func.max(images.c.source_key).in_(sources))
            .order_by(items.c.id)
        )
        return list(self._connection.scalars(statement))

    def add_sample(self, row: SampleRow) -> None:
        """Insert a sample."""
        self._insert(linking_samples, [row])

    def sample(self, sample_id: str) -> SampleRow | None:
        """One sample."""
        return self._one(
            SampleRow, self._query(linking_samples, SampleRow).where(linking_samples.c.id == sample_id)
        )

    def samples(self, state: str | None, limit: int) -> Sequence[SampleRow]:
        """Samples, oldest first."""
        statement = self._query(linking_samples, SampleRow).order_by(linking_samples.c.id).limit(limit)
        if state is not None:
            statement = statement.where(linking_samples.c.state == state)
        return self._all(SampleRow, statement)

    def judge(self, sample_id: str, changes: Json) -> bool:
        """Write what became of a sample that is still open; whether it was."""
        return self._update(linking_samples, sample_id, changes, linking_samples.c.state == "open")
