"""Scheduled steps, how devices are answered, and what they asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from porion.services.worklist_records import ProfileRow, QueryRow, StepRow
from porion.store.rows import Rows
from porion.store.schema import patients
from porion.store.worklist_tables import profiles, queries, steps

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from porion.services.records import Json
    from porion.services.worklist_records import StepFilter


class WorklistRows(Rows):
    """See :class:`porion.services.worklist_ports.WorklistRows`."""

    def get(self, step_id: str) -> StepRow | None:
        """One step by its identifier."""
        return self._one(StepRow, self._query(steps, StepRow).where(steps.c.id == step_id))

    def add(self, rows: Sequence[StepRow]) -> None:
        """Insert steps."""
        self._insert(steps, rows)

    def update(self, row: StepRow, changes: Json) -> bool:
        """Change columns of a step unless somebody else did since it was read."""
        changed = {**changes, "version": row.version + 1}
        return self._update(steps, row.id, changed, steps.c.version == row.version)

    def list(self, wanted: StepFilter, limit: int) -> Sequence[StepRow]:
        """Steps that pass the filter, in the order in which they start."""
        statement = self._query(steps, StepRow).where(*_conditions(wanted))
        return self._all(StepRow, statement.order_by(steps.c.starts_at, steps.c.id).limit(limit))

    def named(self, step_ids: Collection[str]) -> Sequence[StepRow]:
        """Steps by Scheduled Procedure Step ID."""
        return list(self._where_in(steps, StepRow, steps.c.step_id, step_ids))

    def any_of(self, studies: Collection[str], accessions: Collection[str]) -> Sequence[StepRow]:
        """Steps under any of these Study Instance UIDs or accession numbers."""
        found = [
            *self._where_in(steps, StepRow, steps.c.study_instance_uid, studies),
            *self._where_in(steps, StepRow, steps.c.accession_number, accessions),
        ]
        return sorted({row.id: row for row in found}.values(), key=lambda row: row.id)

    def ordered(self, source: str, order_key: str) -> Sequence[StepRow]:
        """The steps of an order of another system."""
        statement = self._query(steps, StepRow).where(
            steps.c.source == source, steps.c.order_key == order_key
        )
        return self._all(StepRow, statement.order_by(steps.c.id))

    def profile(self, device_id: str) -> ProfileRow | None:
        """What was set for a device."""
        statement = self._query(profiles, ProfileRow).where(profiles.c.device_id == device_id)
        return self._one(ProfileRow, statement)

    def save_profile(self, row: ProfileRow) -> None:
        """Write what is set for a device."""
        of_device = (profiles.c.clinic_id == self._clinic_id, profiles.c.device_id == row.device_id)
        self._connection.execute(sa.delete(profiles).where(*of_device))
        self._insert(profiles, [row])

    def add_query(self, row: QueryRow, keep: int) -> None:
        """Insert a query; only the device's newest ``keep`` stay."""
        self._insert(queries, [row])
        of_device = (queries.c.clinic_id == self._clinic_id, queries.c.device_id == row.device_id)
        newest = sa.select(queries.c.id).where(*of_device).order_by(queries.c.id.desc())
        last = self._connection.scalar(newest.offset(keep - 1).limit(1))
        if last is not None:
            self._connection.execute(sa.delete(queries).where(*of_device, queries.c.id < last))

    def queries(self, device_id: str, limit: int) -> Sequence[QueryRow]:
        """A device's queries, newest first."""
        of_device = (queries.c.clinic_id == self._clinic_id, queries.c.device_id == device_id)
        return self._page(queries, QueryRow, of_device, None, limit)


def _conditions(wanted: StepFilter) -> Iterator[sa.ColumnElement[bool]]:
    if wanted.first_day is not None:
        yield steps.c.starts_at >= wanted.first_day
    if wanted.last_day is not None:
        # Every moment of a day sorts before this.
        yield steps.c.starts_at < f"{wanted.last_day}U"
    if wanted.patient_id is not None:
        merged = sa.select(patients.c.id).where(patients.c.merged_into == wanted.patient_id)
        yield sa.or_(steps.c.patient_id == wanted.patient_id, steps.c.patient_id.in_(merged))
    if wanted.station_ae is not None:
        yield steps.c.station_ae.in_(["", wanted.station_ae])
    if wanted.states is not None:
        yield steps.c.state.in_(sorted(wanted.states))
