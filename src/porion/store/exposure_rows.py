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

    def get(self, exposure_id: str) -> ExposureRow | None:
        """One exposure."""
        return self._one(
            ExposureRow, self._query(exposures, ExposureRow).where(exposures.c.id == exposure_id)
        )

    def observations(self, exposure_id: str) -> Sequence[ObservationRow]:
        """An exposure's observations in the order they were made."""
        statement = self._query(dose_observations, ObservationRow)
        statement = statement.where(dose_observations.c.exposure_id == exposure_id)
        return self._all(ObservationRow, statement.order_by(dose_observations.c.number))

    def save(self, row: ExposureRow, observations: Sequence[ObservationRow]) -> None:
        """Write an exposure; observations are only ever added."""
        values = plain(row)
        known: set[ObservationRow] = set()
        if self._update(exposures, row.id, {k: v for k, v in values.items() if k != "id"}):
            known.update(self.observations(row.id))
        else:
            self._insert(exposures, [row])
        self._insert(dose_observations, [seen for seen in observations if seen not in known])

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
