"""Exposures and what was observed of their dose."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from porion.services.records import (
    ExposureRow,
    ImageRow,
    LevelRow,
    LoggedExposure,
    ObservationRow,
    column_names,
)
from porion.store.rows import Rows, plain
from porion.store.schema import dose_observations, exposures, images, instances, items, reference_levels

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence


class ExposureRows(Rows):
    """See :class:`porion.services.row_ports.ExposureRows`."""

    def by_key(self, event_keys: Collection[str]) -> Mapping[str, ExposureRow]:
        """Exposures by event key."""
        rows = self._where_in(exposures, ExposureRow, exposures.c.event_key, event_keys)
        return {row.event_key: row for row in rows}

    def by_id(self, ids: Collection[str]) -> Mapping[str, ExposureRow]:
        """Exposures by their identifiers."""
        return {row.id: row for row in self._where_in(exposures, ExposureRow, exposures.c.id, ids)}

    def observations(self, ids: Collection[str]) -> Mapping[str, Sequence[ObservationRow]]:
        """The observations of each exposure in the order they were made."""
        of, in_order = dose_observations.c.exposure_id, dose_observations.c.number
        made: dict[str, list[ObservationRow]] = {one: [] for one in ids}
        for row in self._where_in(dose_observations, ObservationRow, of, ids, in_order):
            made[row.exposure_id].append(row)
        return made

    def save(self, told: Sequence[tuple[ExposureRow, Sequence[ObservationRow]]]) -> None:
        """Write exposures; observations are only ever added."""
        held = self.by_id([row.id for row, _ in told])
        self._insert(exposures, [row for row, _ in told if row.id not in held])
        for row, _ in told:
            if row.id in held:
                self._update(exposures, row.id, {k: v for k, v in plain(row).items() if k != "id"})
        known = {seen for made in self.observations(held).values() for seen in made}
        self._insert(dose_observations, [seen for _, made in told for seen in made if seen not in known])

    def of_patient(self, patient_id: str) -> Sequence[tuple[ExposureRow, ImageRow]]:
        """A patient's exposures, newest first, each with the first image that shows it."""
        shown = (
            sa.select(instances.c.exposure_id, sa.func.min(instances.c.image_id))
            .join(images, instances.c.image_id == images.c.id)
            .join(items, images.c.item_id == items.c.id)
            .where(
                self._is_ours(instances),
                items.c.patient_id == patient_id,
                instances.c.exposure_id.is_not(None),
            )
            .group_by(instances.c.exposure_id)
        )
        first = dict(map(tuple, self._connection.execute(shown)))
        by_id = {row.id: row for row in self._where_in(images, ImageRow, images.c.id, set(first.values()))}
        rows = self._where_in(exposures, ExposureRow, exposures.c.id, list(first))
        pairs = ((row, by_id[first[row.id]]) for row in rows)
        return sorted(pairs, key=lambda pair: (pair[1].id, pair[0].id), reverse=True)

    def made_between(self, first: date, last: date) -> Sequence[LoggedExposure]:
        """All exposures of these days, both included, in the order in which they were made."""
        # Of several images that show it the one that somebody linked says whose it is.
        shown = (
            sa.select(instances.c.image_id)
            .join(images, images.c.id == instances.c.image_id)
            .join(items, items.c.id == images.c.item_id)
            .where(instances.c.exposure_id == exposures.c.id)
            .order_by(items.c.patient_id.is_(None), instances.c.image_id)
            .limit(1)
        )
        logged = (
            sa.select(*_EXPOSURE, *_IMAGE, items.c.state, items.c.patient_id)
            .select_from(exposures)
            .join(images, images.c.id == shown.correlate(exposures).scalar_subquery())
            .join(items, items.c.id == images.c.item_id)
            .where(exposures.c.clinic_id == self._clinic_id)
        )
        # Asked for at once, SQLite would go through all that a clinic has.
        rows = [
            row
            for found in _made_between(first, last)
            for row in self._connection.execute(logged.where(found))
        ]
        made = [LoggedExposure(ExposureRow(*row[: len(_EXPOSURE)]), *row[len(_EXPOSURE) :]) for row in rows]
        return sorted(made, key=lambda each: (each.made_at, each.exposure.id))

    def levels(self) -> Sequence[LevelRow]:
        """The clinic's reference levels by kind, quantity and age."""
        of = reference_levels.c
        return self._all(
            LevelRow, self._query(reference_levels, LevelRow).order_by(of.category, of.quantity, of.ages)
        )

    def set_level(self, row: LevelRow) -> None:
        """Insert a reference level in the place of the one for the same kind, quantity and age."""
        for held in self.levels():
            if (held.category, held.quantity, held.ages) == (row.category, row.quantity, row.ages):
                self.remove_level(held.id)
        self._insert(reference_levels, [row])

    def remove_level(self, level_id: str) -> bool:
        """Whether there was such a reference level; it is gone."""
        of = reference_levels.c
        gone = sa.delete(reference_levels).where(of.clinic_id == self._clinic_id, of.id == level_id)
        return self._connection.execute(gone).rowcount == 1


_EXPOSURE = tuple(exposures.c[name] for name in column_names(ExposureRow))
_IMAGE = tuple(
    images.c[name]
    for name in (
        "id", "category", "dicom_modality", "source", "laterality", "teeth", "acquired_at", "received_at",
    )
)  # fmt: skip


def _made_between(first: date, last: date) -> tuple[sa.ColumnElement[bool], ...]:
    """By the exposure itself, else by its image, else by when that came in."""
    started, acquired, received = exposures.c.started_at, images.c.acquired_at, images.c.received_at
    behind = last + timedelta(days=1)
    days = first.isoformat(), behind.isoformat()
    moments = [datetime.combine(day, time(), UTC) for day in (first, behind)]
    by_image = _within(acquired, *days) | (acquired.is_(None) & _within(received, *moments))
    return _within(started, *days), started.is_(None) & by_image


def _within(column: sa.Column[Any], first: Any, behind: Any) -> sa.ColumnElement[bool]:
    return sa.and_(column >= first, column < behind)
