"""Jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from porion.services.job_records import UNFINISHED, JobRow, JobState, Waiting
from porion.services.records import column_names
from porion.store.rows import Rows
from porion.store.schema import jobs

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from porion.services.job_records import JobFilter
    from porion.services.records import Json


class JobRows(Rows):
    """See :class:`porion.services.job_ports.JobRows`."""

    def add(self, row: JobRow) -> None:
        """Insert a job."""
        self._insert(jobs, [row])

    def get(self, job_id: str) -> JobRow | None:
        """One job."""
        return self._one(JobRow, self._query(jobs, JobRow).where(jobs.c.id == job_id))

    def list(self, wanted: JobFilter, after: str | None, limit: int) -> Sequence[JobRow]:
        """Jobs that pass the filter, newest first, after a cursor."""
        pairs = (
            (jobs.c.state, wanted.state),
            (jobs.c.kind, wanted.kind),
            (jobs.c.created_by, wanted.created_by),
        )
        where = [column == value for column, value in pairs if value is not None]
        return self._page(jobs, JobRow, where, after, limit)

    def latest(self, key: str) -> JobRow | None:
        """The newest job of that key."""
        statement = self._query(jobs, JobRow).where(jobs.c.key == key)
        return self._one(JobRow, statement.order_by(jobs.c.id.desc()))

    def update(self, job_id: str, changes: Json, *, only_in: Collection[str]) -> bool:
        """Change columns of a job that is in one of these states; whether it was."""
        return self._update(jobs, job_id, changes, jobs.c.state.in_(only_in))

    def waiting_anywhere(self, limit: int) -> Sequence[Waiting]:
        """Jobs that nobody has begun, oldest first."""
        statement = sa.select(jobs.c.clinic_id, jobs.c.id, jobs.c.attempt)
        statement = statement.where(jobs.c.state == JobState.QUEUED).order_by(jobs.c.id).limit(limit)
        return [Waiting(*row) for row in self._connection.execute(statement)]

    def running_anywhere(self) -> Sequence[tuple[str, JobRow]]:
        """Jobs that are being done, each with its clinic."""
        wanted = [jobs.c[name] for name in column_names(JobRow)]
        statement = sa.select(jobs.c.clinic_id, *wanted).where(jobs.c.state == JobState.RUNNING)
        return [(row[0], JobRow(*row[1:])) for row in self._connection.execute(statement)]

    def forget_anywhere(self, ended_before: datetime) -> int:
        """Delete finished jobs; answers how many."""
        old = jobs.c.state.not_in(UNFINISHED), jobs.c.ended_at < ended_before
        return self._connection.execute(sa.delete(jobs).where(*old)).rowcount
