"""What other systems said of the register."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from porion.services.records import FeedMessageRow, columns
from porion.store.rows import Rows
from porion.store.schema import feed_identifiers, feed_messages, feed_positions

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from porion.dicom.person import Identifier


class FeedRows(Rows):
    """See :class:`porion.services.row_ports.FeedRows`."""

    def message(self, source: str, message_id: str) -> FeedMessageRow | None:
        """The message that came under that number."""
        statement = self._query(feed_messages, FeedMessageRow)
        return self._one(FeedMessageRow, statement.where(*self._numbered(source, message_id)))

    def save(self, row: FeedMessageRow, keep: int) -> None:
        """Write a message; only the newest ``keep`` of its source stay."""
        of_source = (feed_messages.c.clinic_id == self._clinic_id, feed_messages.c.source == row.source)
        newest = sa.select(sa.func.max(feed_messages.c.number)).where(*of_source)
        number = (self._connection.scalar(newest) or 0) + 1
        same = sa.delete(feed_messages).where(*self._numbered(row.source, row.message_id))
        self._connection.execute(same)
        self._insert(feed_messages, [{**columns(row), "number": number}])
        oldest = sa.delete(feed_messages).where(*of_source, feed_messages.c.number <= number - keep)
        self._connection.execute(oldest)

    def list(self, limit: int) -> Sequence[FeedMessageRow]:
        """Messages, newest first."""
        statement = self._query(feed_messages, FeedMessageRow)
        newest = (feed_messages.c.at.desc(), feed_messages.c.number.desc())
        return self._all(FeedMessageRow, statement.order_by(*newest).limit(limit))

    def position(self, source: str) -> str | None:
        """How far a source has been read, as it was noted."""
        return self._connection.scalar(sa.select(feed_positions.c.position).where(*self._at(source)))

    def set_position(self, source: str, position: str) -> None:
        """Note how far a source has been read."""
        self._connection.execute(sa.delete(feed_positions).where(*self._at(source)))
        self._insert(feed_positions, [{"source": source, "position": position}])

    def last_sent(self, source: str, identifiers: Collection[Identifier]) -> datetime | None:
        """When the latest applied message about any of the identifiers was sent."""
        sent = (self._sent(source, identifier) for identifier in identifiers)
        return max((moment for moment in sent if moment is not None), default=None)

    def set_sent(self, source: str, identifiers: Collection[Identifier], at: datetime) -> None:
        """Note when a message about the identifiers was sent; never moves back."""
        for identifier in dict.fromkeys(identifiers):
            before = self._sent(source, identifier)
            if before is not None and before >= at:
                continue
            self._connection.execute(sa.delete(feed_identifiers).where(*self._under(source, identifier)))
            row = {"source": source, "issuer": identifier.issuer, "value": identifier.value, "sent_at": at}
            self._insert(feed_identifiers, [row])

    def _sent(self, source: str, identifier: Identifier) -> datetime | None:
        statement = sa.select(feed_identifiers.c.sent_at).where(*self._under(source, identifier))
        return self._connection.scalar(statement)

    def _numbered(self, source: str, message_id: str) -> tuple[sa.ColumnElement[bool], ...]:
        return (
            feed_messages.c.clinic_id == self._clinic_id,
            feed_messages.c.source == source,
            feed_messages.c.message_id == message_id,
        )

    def _at(self, source: str) -> tuple[sa.ColumnElement[bool], ...]:
        return feed_positions.c.clinic_id == self._clinic_id, feed_positions.c.source == source

    def _under(self, source: str, identifier: Identifier) -> tuple[sa.ColumnElement[bool], ...]:
        return (
            feed_identifiers.c.clinic_id == self._clinic_id,
            feed_identifiers.c.source == source,
            feed_identifiers.c.issuer == identifier.issuer,
            feed_identifiers.c.value == identifier.value,
        )
