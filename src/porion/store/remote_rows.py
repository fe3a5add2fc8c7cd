"""What is held of what nodes hold, what is expected from them, and retrieval rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from porion.services.records import column_names
from porion.services.remote_ports import Level
from porion.services.remote_records import ExpectedRow, RuleRow
from porion.store.remote_tables import expected, rules
from porion.store.rows import Rows, plain
from porion.store.schema import images, instances, series, studies

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

_UIDS: Mapping[Level, sa.Column[Any]] = {
    Level.STUDY: studies.c.study_instance_uid,
    Level.SERIES: series.c.series_instance_uid,
}


class RemoteRows(Rows):
    """See :class:`porion.services.node_ports.RemoteRows`."""

    def held(self, level: Level, uid: str) -> int:
        """How many instances are held of a study, a series, or under a SOP Instance UID."""
        if level is Level.IMAGE:
            known = instances.c.clinic_id == self._clinic_id, instances.c.sop_instance_uid == uid
            return int(self._connection.scalar(sa.select(sa.exists().where(*known))) or 0)
        return len(self._below(_UIDS[level] == uid))

    def held_of_study(self, study_uid: str) -> frozenset[str]:
        """The SOP Instance UIDs that are held of a study."""
        return self._below(studies.c.study_instance_uid == study_uid)

    def _below(self, place: sa.ColumnElement[bool]) -> frozenset[str]:
        """The SOP Instance UIDs in a place: those of its images, and those in conflict, each by an index."""
        of_series = studies.join(series, series.c.study_id == studies.c.id)
        of_images = of_series.join(images, images.c.series_id == series.c.id)
        shown = of_images.join(instances, instances.c.image_id == images.c.id)
        in_conflict = instances.c.conflicts_with.is_not(None)
        apart = of_series.join(instances, sa.and_(instances.c.series_id == series.c.id, in_conflict))
        uids = sa.select(instances.c.sop_instance_uid)
        ours = studies.c.clinic_id == self._clinic_id, series.c.clinic_id == self._clinic_id, place
        both = sa.union(*(uids.select_from(joined).where(*ours) for joined in (shown, apart)))
        return frozenset(self._connection.scalars(both))

    def expect(self, row: ExpectedRow) -> None:
        """Insert what a job expects, in the place of what it expected before."""
        self.expect_no_more(row.job_id)
        self._insert(expected, [row])

    def expect_no_more(self, job_id: str) -> int:
        """Delete what a job expects; how many instances were refused meanwhile."""
        mine = expected.c.clinic_id == self._clinic_id, expected.c.job_id == job_id
        refused = self._connection.scalar(sa.select(sa.func.sum(expected.c.refused)).where(*mine))
        self._connection.execute(sa.delete(expected).where(*mine))
        return int(refused or 0)

    def expected_from(self, ae_title: str, now: datetime) -> Sequence[ExpectedRow]:
        """What is expected now of whoever calls itself so."""
        statement = self._query(expected, ExpectedRow).where(
            expected.c.ae_title == ae_title, expected.c.until > now
        )
        return self._all(ExpectedRow, statement.order_by(expected.c.id))

    def note_refused(self, expected_id: str) -> None:
        """Count an instance that came and had not been asked for."""
        self._update(expected, expected_id, {"refused": expected.c.refused + 1})

    def rules(self) -> Sequence[RuleRow]:
        """All rules by name."""
        return self._all(RuleRow, self._query(rules, RuleRow).order_by(rules.c.name))

    def add_rule(self, row: RuleRow) -> None:
        """Insert a rule."""
        self._insert(rules, [row])

    def save_rule(self, row: RuleRow) -> None:
        """Write a rule anew."""
        self._update(rules, row.id, plain(row))

    def remove_rule(self, rule_id: str) -> None:
        """Delete a rule."""
        mine = rules.c.clinic_id == self._clinic_id, rules.c.id == rule_id
        self._connection.execute(sa.delete(rules).where(*mine))

    def due_anywhere(self, now: datetime) -> Sequence[tuple[str, RuleRow]]:
        """Rules of all clinics that are to run now, each with its clinic."""
        wanted = [rules.c[name] for name in column_names(RuleRow)]
        due = sa.select(rules.c.clinic_id, *wanted).where(rules.c.enabled, rules.c.next_run_at <= now)
        return [(row[0], RuleRow(*row[1:])) for row in self._connection.execute(due.order_by(rules.c.id))]
