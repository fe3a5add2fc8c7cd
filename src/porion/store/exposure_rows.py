"""Exposures and what was observed of their dose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from porion.services.records import ExposureRow, ImageRow, ObservationRow
from porion.store.rows import Rows, plain
from porion.store.schema import dose_observations, exposures, images, instances, items

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
