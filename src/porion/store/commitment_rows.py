"""What devices asked us to commit to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from porion.services.records import CommitmentRow
from porion.store.rows import Rows
from porion.store.schema import commitments

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from porion.services.records import Json


class CommitmentRows(Rows):
    """See :class:`porion.services.row_ports.CommitmentRows`."""

    def asked_for(self, device_id: str, transaction_uid: str) -> CommitmentRow | None:
        """What a device asked for under a Transaction UID."""
        statement = self._query(commitments, CommitmentRow).where(
            commitments.c.device_id == device_id, commitments.c.transaction_uid == transaction_uid
        )
        return self._one(CommitmentRow, statement)

    def due(self, now: datetime) -> Sequence[CommitmentRow]:
        """Those that are to be looked at by now, the longest due first."""
        statement = self._query(commitments, CommitmentRow).where(commitments.c.next_attempt_at <= now)
        return self._all(CommitmentRow, statement.order_by(commitments.c.next_attempt_at))

    def list(self, after: str | None, limit: int) -> Sequence[CommitmentRow]:
        """All of them, newest first."""
        return self._page(commitments, CommitmentRow, (), after, limit)

    def add(self, row: CommitmentRow) -> None:
        """Insert one."""
        self._insert(commitments, [row])

    def update(self, commitment_id: str, changes: Json) -> None:
        """Change columns of one."""
        self._update(commitments, commitment_id, changes)

    def claim(self, row: CommitmentRow, changes: Json) -> bool:
        """Change columns of one that is due as it was read; whether nobody was quicker."""
        return self._update(
            commitments, row.id, changes, commitments.c.next_attempt_at == row.next_attempt_at
        )

    def hasten(self, device_id: str, now: datetime) -> None:
        """Make everything that is still under way for a device due."""
        statement = sa.update(commitments).where(
            commitments.c.clinic_id == self._clinic_id,
            commitments.c.device_id == device_id,
            commitments.c.next_attempt_at > now,
        )
        self._connection.execute(statement.values(next_attempt_at=now))

    def clinics_with_due(self, now: datetime) -> Sequence[str]:
        """The clinics that have something due."""
        due = commitments.c.next_attempt_at <= now
        found = self._connection.execute(sa.select(commitments.c.clinic_id).where(due).distinct())
        return [row.clinic_id for row in found]
