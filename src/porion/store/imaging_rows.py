"""Studies, series, instances, images and the quarantine of one clinic."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from porion.dicom.slices import SliceGeometry
from porion.services.records import (
    ImageFilter,
    ImageRow,
    InstanceRow,
    Json,
    QuarantineRow,
    SeriesRow,
    StudyRow,
)
from porion.store.rows import Rows
from porion.store.schema import images, instances, items, quarantine, series, studies

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

_IN_CONFLICT = instances.c.conflicts_with.is_not(None)


class ImagingRows(Rows):
    """See :class:`porion.services.row_ports.ImagingRows`."""

    def instances_by_uid(self, uids: Collection[str]) -> Mapping[str, Sequence[InstanceRow]]:
        """What the clinic holds under these SOP Instance UIDs, the first received first."""
        found: dict[str, list[InstanceRow]] = {}
        for row in self._where_in(instances, InstanceRow, instances.c.sop_instance_uid, uids):
            found.setdefault(row.sop_instance_uid, []).append(row)
        return {key: sorted(rows, key=lambda r: r.id) for key, rows in found.items()}

    def studies_by_uid(self, uids: Collection[str]) -> Mapping[str, StudyRow]:
        """Studies by Study Instance UID."""
        rows = self._where_in(studies, StudyRow, studies.c.study_instance_uid, uids)
        return {row.study_instance_uid: row for row in rows}

    def series_by_uid(self, study_ids: Collection[str]) -> Mapping[tuple[str, str], SeriesRow]:
        """The studies' series by study and Series Instance UID."""
        rows = self._where_in(series, SeriesRow, series.c.study_id, study_ids)
        return {(row.study_id, row.series_instance_uid): row for row in rows}

    def images_by_grouping(self, groupings: Collection[str]) -> Mapping[str, ImageRow]:
        """Images by what groups their instances."""
        return {row.grouping: row for row in self._where_in(images, ImageRow, images.c.grouping, groupings)}

    def instances_of(self, image_id: str) -> Sequence[InstanceRow]:
        """An image's instances in the order they came."""
        statement = self._query(instances, InstanceRow).where(instances.c.image_id == image_id)
        return self._all(InstanceRow, statement.order_by(instances.c.id))

    def instances_after(self, instance_id: str, limit: int) -> Sequence[InstanceRow]:
        """Instances of images in the order they came, behind that one."""
        behind = (instances.c.id > instance_id, instances.c.image_id.is_not(None))
        statement = self._led(instances, InstanceRow).where(*behind).order_by(instances.c.id)
        return self._all(InstanceRow, statement.limit(limit))

    def geometries_of(self, image_id: str) -> Sequence[SliceGeometry]:
        """The geometry of an image's slices, in the order they came."""
        # As text, so that the same text is decoded once however often its volume grows.
        statement = sa.select(sa.cast(instances.c.geometry, sa.Text)).where(
            instances.c.clinic_id == self._clinic_id,
            instances.c.image_id == image_id,
            instances.c.geometry.is_not(None),
        )
        return [_geometry(text) for text in self._connection.scalars(statement.order_by(instances.c.id))]

    def add_studies(self, rows: Sequence[StudyRow]) -> None:
        """Insert studies."""
        self._insert(studies, rows)

    def add_series(self, rows: Sequence[SeriesRow]) -> None:
        """Insert series."""
        self._insert(series, rows)

    def add_images(self, rows: Sequence[ImageRow]) -> None:
        """Insert images."""
        self._insert(images, rows)

    def add_instances(self, rows: Sequence[InstanceRow]) -> None:
        """Insert instances."""
        self._insert(instances, rows)

    def update_image(self, image_id: str, changes: Json) -> None:
        """Change columns of an image."""
        self._update(images, image_id, changes)

    def image(self, image_id: str) -> ImageRow | None:
        """One image."""
        return self._one(ImageRow, self._query(images, ImageRow).where(images.c.id == image_id))

    def images_of(self, item_ids: Collection[str]) -> Mapping[str, Sequence[ImageRow]]:
        """The images of each item, in the order they came."""
        found: dict[str, list[ImageRow]] = {item_id: [] for item_id in item_ids}
        for row in self._where_in(images, ImageRow, images.c.item_id, item_ids):
            found[row.item_id].append(row)
        return {item_id: sorted(rows, key=lambda row: row.id) for item_id, rows in found.items()}

    def study(self, study_id: str) -> StudyRow | None:
        """One study."""
        return self._one(StudyRow, self._query(studies, StudyRow).where(studies.c.id == study_id))

    def series(self, series_id: str) -> SeriesRow | None:
        """One series."""
        return self._one(SeriesRow, self._query(series, SeriesRow).where(series.c.id == series_id))

    def studies_by_id(self, ids: Collection[str]) -> Mapping[str, StudyRow]:
        """Studies by their identifiers."""
        return {row.id: row for row in self._where_in(studies, StudyRow, studies.c.id, ids)}

    def series_by_id(self, ids: Collection[str]) -> Mapping[str, SeriesRow]:
        """Series by their identifiers."""
        return {row.id: row for row in self._where_in(series, SeriesRow, series.c.id, ids)}

    def list_images(self, wanted: ImageFilter, after: str | None, limit: int) -> Sequence[ImageRow]:
        """Images that pass the filter, newest first, after a cursor."""
        return self._page(images, ImageRow, _image_conditions(wanted, self._clinic_id), after, limit)

    def newest_from(self, ae_title: str, limit: int) -> Sequence[ImageRow]:
        """The newest images that a device of that AE title sent."""
        prefix = f"{ae_title}|".casefold()
        of_it = images.c.source_key.startswith(prefix, autoescape=True)
        return self._page(images, ImageRow, [of_it], None, limit)

    def conflicts(self, after: str | None, limit: int) -> Sequence[InstanceRow]:
        """Instances whose SOP Instance UID had come before with another data set."""
        # The order must not lead: through all that a clinic has, to find nearly none.
        in_conflict = sa.select(instances.c.id).where(self._is_ours(instances), _IN_CONFLICT)
        return self._page(instances, InstanceRow, [instances.c.id.in_(in_conflict)], after, limit)

    def add_quarantine(self, rows: Sequence[QuarantineRow]) -> None:
        """Insert quarantined files."""
        self._insert(quarantine, rows)

    def quarantined(self, after: str | None, limit: int) -> Sequence[QuarantineRow]:
        """Quarantined files, newest first."""
        return self._page(quarantine, QuarantineRow, [], after, limit)

    def quarantined_digests(self, digests: Collection[str]) -> frozenset[str]:
        """Which of the digests are in quarantine already."""
        rows = self._where_in(quarantine, QuarantineRow, quarantine.c.digest, digests)
        return frozenset(row.digest for row in rows)

    def instance(self, instance_id: str) -> InstanceRow | None:
        """One instance."""
        statement = self._query(instances, InstanceRow).where(instances.c.id == instance_id)
        return self._one(InstanceRow, statement)

    def state_counts(self) -> Mapping[str, int]:
        """How many instances are in each state; every received one is counted exactly once."""
        held = (
            sa.select(items.c.state, sa.func.count())
            .select_from(items.join(images).join(instances, instances.c.image_id == images.c.id))
            .where(items.c.clinic_id == self._clinic_id)
            .group_by(items.c.state)
        )
        counts = {"linked": 0, "pending": 0, "conflict": 0, "quarantined": 0}
        counts.update((state, count) for state, count in self._connection.execute(held))
        counts["conflict"] = self._count(instances, self._is_ours(instances), _IN_CONFLICT)
        counts["quarantined"] += self._count(quarantine, quarantine.c.clinic_id == self._clinic_id)
        return counts

    def _count(self, table: sa.Table, *where: Any) -> int:
        statement = sa.select(sa.func.count()).select_from(table)
        return int(self._connection.scalar(statement.where(*where)) or 0)

    def digests(self) -> Iterator[str]:
        """The digest of every data set that the archive must hold."""
        statement = sa.select(instances.c.digest).where(instances.c.clinic_id == self._clinic_id).distinct()
        for part in self._connection.execute(statement).partitions(1000):
            yield from (row.digest for row in part)


# The slices of a few volumes that arrive at a time; a value follows from its key alone.
@lru_cache(maxsize=4096)
def _geometry(text: str) -> SliceGeometry:
    stored: Json = json.loads(text)
    values: Json = {k: tuple(v) if isinstance(v, list) else v for k, v in stored.items()}
    return SliceGeometry(**values)


def _image_conditions(wanted: ImageFilter, clinic_id: str) -> list[Any]:
    of_item = {"patient_id": wanted.patient_id, "study_id": wanted.study_id, "state": wanted.status}
    asked = {column: value for column, value in of_item.items() if value is not None}
    conditions = [_of_items(asked, clinic_id)] if asked else []
    for column in ("item_id", "category", "file_type", "needs_review"):
        value = getattr(wanted, column)
        conditions += [images.c[column] == value] if value is not None else []
    return conditions


def _of_items(asked: Mapping[str, str], clinic_id: str) -> sa.ColumnElement[bool]:
    """Images of such items: looked up by them where they are few, asked one by one of nearly all."""
    found = sa.select(items.c.id).where(*(items.c[column] == value for column, value in asked.items()))
    if asked == {"state": "linked"}:
        return found.where(items.c.id == images.c.item_id).exists()
    # Its index has the state together with the clinic.
    few = found.where(items.c.clinic_id == clinic_id) if "state" in asked else found
    return images.c.item_id.in_(few)
