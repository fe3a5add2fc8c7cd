"""One batch on its way into rows: what is known is fetched once, what is new is written once."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from porion.dicom.category import Category
from porion.dicom.exposure import Exposure, merge_exposures
from porion.dicom.habits import NO_HABITS
from porion.dicom.verdict import Verdict, propose
from porion.dicom.volume import Volume, assemble
from porion.services.claims import claim_json
from porion.services.dose_rows import exposure_rows, exposures_of
from porion.services.records import (
    DecisionRow,
    ImageRow,
    InstanceRow,
    ItemRow,
    Json,
    Origin,
    SeriesRow,
    StudyRow,
    columns,
)
from porion.services.searched import series_columns, study_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from porion.dicom.slices import SliceGeometry
    from porion.services.arrival import Arrival, HeaderFacts
    from porion.services.ports import Porion, Spooled, Transaction

# What an image says when another data set came under the identity of one of its instances.
_CONTESTED: Json = {
    "tag": "(0008,0018)",
    "reason": "another data set came under the same SOP Instance UID; it is among the conflicts",
}

Row = TypeVar("Row")
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an instance ended up, and what its image shows."""

    result: str
    reason: str | None = None
    image_id: str | None = None
    category: str | None = None


class Known(dict[Key, Row]):
    """Rows that the database or this batch holds already; ``new`` are the ones to write."""

    def __init__(self, held: Mapping[Key, Row]) -> None:
        super().__init__(held)
        self.new: list[Row] = []

    def get_or(self, key: Key, make: Callable[[], Row]) -> Row:
        """The row under that key, made now if nobody has it."""
        if key not in self:
            self[key] = make()
            self.new.append(self[key])
        return self[key]


class _Slices:
    """The slices of one volume that came in this batch, and the most that one of them announced."""

    def __init__(self) -> None:
        self.geometries: list[SliceGeometry] = []
        self.expected: int | None = None

    def add(self, geometry: SliceGeometry, announced: int | None) -> None:
        """One more slice."""
        self.geometries.append(geometry)
        self.expected = max((count for count in (self.expected, announced) if count), default=None)


class Indexing:
    """The workspace of one batch in one transaction."""

    def __init__(self, porion: Porion, tx: Transaction, arrivals: Sequence[tuple[Spooled, Arrival]]) -> None:
        self._new_id, self._now, self._tx = porion.new_id, porion.now, tx
        found = [arrival for _, arrival in arrivals]
        imaging = tx.imaging
        held = imaging.instances_by_uid({a.header.sop_instance_uid for a in found})
        self._instances: dict[str, list[InstanceRow]] = {uid: list(rows) for uid, rows in held.items()}
        self._new_instances: list[InstanceRow] = []
        self._studies = Known(imaging.studies_by_uid({a.header.study_instance_uid for a in found}))
        study_ids = {row.id for row in self._studies.values()}
        self._series = Known(imaging.series_by_uid(study_ids))
        self._images = Known(imaging.images_by_grouping({a.grouping for a in found}))
        claims = {(study_id, a.image.claim_key) for study_id in study_ids for a in found}
        self._open_items = Known(tx.inbox.open_items(claims))
        self._items = dict(tx.inbox.items({row.item_id for row in self._images.values()}))
        self._corrections = tx.inbox.corrections({a.image.device_protocol for a in found})
        stated = {a.image.exposure.event_key for a in found if a.image.exposure}
        self._exposures = _held_exposures(tx, stated)
        self._changed_exposures: set[str] = set()
        self._volumes: dict[str, _Slices] = {}
        self._contested: set[str] = set()

    def place(self, entry: Spooled, arrival: Arrival) -> Placed:
        """Give an instance its place; rows are written by :meth:`write`."""
        facts = arrival.header
        held = self._instances.setdefault(facts.sop_instance_uid, [])
        for row in held:
            if row.digest == arrival.digest:
                return Placed("duplicate", "The clinic holds this data set already.", row.image_id)
        study = self._studies.get_or(facts.study_instance_uid, lambda: self._study(facts))
        series = self._series.get_or(
            (study.id, facts.series_instance_uid), lambda: self._one_series(study, facts)
        )
        exposure_id = None if held else self._exposure(study, arrival)
        image = None if held else self._image(entry, arrival, (study, series), exposure_id)
        instance = self._instance(entry, arrival, (series, image, exposure_id), held)
        held.append(instance)
        self._new_instances.append(instance)
        return self._conflict(held[0]) if image is None else self._placed(image, arrival)

    def write(self) -> None:
        """Write everything that is new, parents before children."""
        imaging = self._tx.imaging
        imaging.add_studies(self._studies.new)
        imaging.add_series(self._series.new)
        self._tx.inbox.add_items(self._open_items.new)
        changed = [told for key, told in self._exposures.items() if key in self._changed_exposures]
        self._tx.exposures.save([exposure_rows(*told) for told in changed])
        imaging.add_images(self._images.new)
        for image_id, arrived in self._volumes.items():
            self._reassemble(image_id, arrived)
        imaging.add_instances(self._new_instances)
        for image_id in sorted(self._contested):
            self._note_conflict(image_id)

    def _conflict(self, first: InstanceRow) -> Placed:
        self._contested.update([first.image_id] if first.image_id else [])
        reason = "Another data set came first under the same SOP Instance UID; both are kept. Compare them."
        return Placed("conflict", reason, first.image_id)

    def _note_conflict(self, image_id: str) -> None:
        image = self._tx.imaging.image(image_id)
        if image is not None and _CONTESTED not in image.problems:
            self._tx.imaging.update_image(image_id, {"problems": [*image.problems, _CONTESTED]})

    def _placed(self, image: ImageRow, arrival: Arrival) -> Placed:
        item = self._items[image.item_id]
        return Placed(item.state, item.reason or _damage(arrival), image.id, image.category)

    def _study(self, facts: HeaderFacts) -> StudyRow:
        return StudyRow(
            id=self._new_id(),
            study_instance_uid=facts.study_instance_uid,
            study_date=facts.study_date,
            accession_number=facts.accession_number,
            description=facts.study_description,
            **study_columns(facts.searched),
        )

    def _one_series(self, study: StudyRow, facts: HeaderFacts) -> SeriesRow:
        return SeriesRow(
            id=self._new_id(),
            study_id=study.id,
            series_instance_uid=facts.series_instance_uid,
            modality=facts.modality,
            description=facts.series_description,
            **series_columns(facts.searched),
        )

    def _instance(
        self,
        entry: Spooled,
        arrival: Arrival,
        place: tuple[SeriesRow, ImageRow | None, str | None],
        held: Sequence[InstanceRow],
    ) -> InstanceRow:
        series, image, exposure_id = place
        facts = arrival.header
        return InstanceRow(
            id=self._new_id(),
            series_id=series.id,
            sop_instance_uid=facts.sop_instance_uid,
            sop_class_uid=facts.sop_class_uid,
            digest=arrival.digest,
            size=arrival.size,
            transfer_syntax=facts.transfer_syntax,
            frames=facts.frames,
            received_at=self._now(),
            image_id=image.id if image else None,
            instance_number=facts.instance_number,
            geometry=columns(arrival.slice) if arrival.slice else None,
            conflicts_with=None if image else held[0].id,
            path=entry.origin.label,
            exposure_id=exposure_id,
            rows=facts.rows,
            columns=facts.columns,
            bits_allocated=facts.bits_allocated,
        )

    def _image(
        self, entry: Spooled, arrival: Arrival, place: tuple[StudyRow, SeriesRow], exposure_id: str | None
    ) -> ImageRow:
        image = self._images.get_or(
            arrival.grouping, lambda: self._new_image(entry, arrival, place, exposure_id)
        )
        if arrival.slice is not None:
            arrived = self._volumes.setdefault(image.id, _Slices())
            arrived.add(arrival.slice, arrival.header.images_in_acquisition)
        return image

    def _new_image(
        self,
        entry: Spooled,
        arrival: Arrival,
        place: tuple[StudyRow, SeriesRow],
        exposure_id: str | None,
    ) -> ImageRow:
        study, series = place
        facts, shown, verdict = arrival.header, arrival.image, self._verdict(arrival)
        item = self._open_items.get_or((study.id, shown.claim_key), lambda: self._item(study, arrival))
        self._items[item.id] = item
        return ImageRow(
            id=self._new_id(),
            item_id=item.id,
            study_id=study.id,
            series_id=series.id,
            grouping=arrival.grouping,
            file_type=verdict.kind,
            category=verdict.category,
            category_confidence=verdict.confidence,
            category_evidence=[_plain(columns(evidence)) for evidence in verdict.evidence],
            needs_review=verdict.needs_review,
            modality=verdict.modality,
            dicom_modality=facts.modality,
            device_protocol=shown.device_protocol,
            source_key=_source_key(entry.origin, shown.device),
            source=_source(entry.origin, shown.device),
            received_at=self._now(),
            instance_id=None if arrival.slice else facts.sop_instance_uid,
            exposure_id=exposure_id,
            acquired_at=arrival.acquired_at,
            rows=facts.rows,
            columns=facts.columns,
            frames=facts.frames,
            slices=arrival.volume.slices if arrival.volume else None,
            volume=volume_json(arrival.volume) if arrival.volume else None,
            pixel_spacing=_plain(columns(shown.scale)),
            laterality=shown.laterality,
            teeth=list(shown.teeth),
            problems=[columns(problem) for problem in arrival.problems],
        )

    def _verdict(self, arrival: Arrival) -> Verdict:
        correction: DecisionRow | None = self._corrections.get(arrival.image.device_protocol)
        found = arrival.image.verdict
        return propose(found, Category(correction.detail["to"])) if correction else found

    def _item(self, study: StudyRow, arrival: Arrival) -> ItemRow:
        return ItemRow(
            id=self._new_id(),
            study_id=study.id,
            claim_key=arrival.image.claim_key,
            claim=claim_json(arrival.image.claim),
            state="pending",
            created_at=self._now(),
        )

    def _exposure(self, study: StudyRow, arrival: Arrival) -> str | None:
        stated = arrival.image.exposure
        if stated is None:
            return None
        key = stated.event_key
        if key not in self._exposures:
            self._exposures[key] = (self._new_id(), study.id, stated)
            self._changed_exposures.add(key)
        exposure_id, study_id, held = self._exposures[key]
        if not _repeats(stated, held):
            self._exposures[key] = (exposure_id, study_id, merge_exposures(held, stated))
            self._changed_exposures.add(key)
        return exposure_id

    def _reassemble(self, image_id: str, arrived: _Slices) -> None:
        held = self._tx.imaging.geometries_of(image_id)
        volume = assemble([*held, *arrived.geometries], arrived.expected)
        changes: Json = {"slices": volume.slices, "volume": volume_json(volume)}
        self._tx.imaging.update_image(image_id, changes)


def _held_exposures(tx: Transaction, keys: Collection[str]) -> dict[str, tuple[str, str, Exposure]]:
    """What the clinic holds of these events: identifier, study and exposure of each."""
    held = tx.exposures.by_key(keys)
    told = exposures_of(tx, held.values())
    return {key: (row.id, row.study_id, told[row.id]) for key, row in held.items()}


def _repeats(stated: Exposure, held: Exposure) -> bool:
    """Whether an exposure says nothing new; nearly every slice says what the one before said."""
    return stated.observations == held.observations or set(stated.observations) <= set(held.observations)


def _damage(arrival: Arrival) -> str | None:
    """What is wrong with the pixels, which nobody sees in a list: the sender may have an intact copy."""
    pixels = (problem.reason for problem in arrival.problems if (problem.tag or "").startswith("(7FE0,"))
    return next((f"Kept, but damaged: {reason}." for reason in pixels), None)


def _source(origin: Origin, device: str) -> Json:
    source = {"device": device or None, "aeTitle": origin.ae_title, "path": origin.label, "door": origin.door}
    return source if origin.habits == NO_HABITS else source | {"habits": asdict(origin.habits)}


def _source_key(origin: Origin, device: str) -> str:
    # Files come without a sender whom anybody knows: the unit that made them is the source.
    return f"{origin.ae_title or 'file'}|{device}".casefold()


def volume_json(volume: Volume) -> Json:
    """A volume as its image's row keeps it."""
    problems = [columns(problem) for problem in volume.problems]
    return {**_plain(columns(volume) | {"problems": ()}), "problems": problems}


def _plain(value: Any) -> Any:
    """A value as JSON stores it: tuples become lists, decimals and dates text."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return str(value)
