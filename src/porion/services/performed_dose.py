"""The dose that performed steps state, on the exposures of their images."""

from __future__ import annotations

from dataclasses import asdict, fields
from decimal import Decimal
from typing import TYPE_CHECKING

from porion.dicom.exposure import Exposure, merge_exposures
from porion.dicom.units import Observation
from porion.services.dose_rows import exposure_rows, exposures_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from porion.dicom.performed import PerformedStep
    from porion.services.ports import Transaction
    from porion.services.records import Json
    from porion.services.worklist_records import PerformedRow

_OBSERVED = tuple(one.name for one in fields(Observation) if one.name != "used")


def dose_json(said: PerformedStep) -> Json:
    """The dose that a report states, as its row keeps it; nothing for what it does not state."""
    dose: Json = {}
    if said.total:
        dose["total"] = [_plain(one) for one in said.total]
    if said.exposures is not None:
        dose["exposures"] = [[_plain(one) for one in each] for each in said.exposures]
    return dose


def _plain(seen: Observation) -> Json:
    plain = {name: value for name, value in asdict(seen).items() if name in _OBSERVED}
    return plain | {"value": None if seen.value is None else str(seen.value)}


def _observation(plain: Json) -> Observation:
    value = plain["value"]
    return Observation(**{**plain, "value": None if value is None else Decimal(value)})


def attach_dose_of(tx: Transaction, sop_instance_uids: Collection[str]) -> None:
    """Images have come: what was reported of them before goes to their exposures."""
    found = tx.performed.that_made(sop_instance_uids)
    for row in {row.id: row for row in found.values()}.values():
        attach_dose(tx, row)


def attach_dose(tx: Transaction, row: PerformedRow) -> None:
    """Add a report's observations to the exposures of its images, where it tells which belongs to which."""
    if not row.dose:
        return
    exposure_ids = _exposures_of(tx, [uid for _, uid in row.facts.get("images", ())])
    shares = shared(row.dose, row.facts.get("exposures"), len(exposure_ids))
    for exposure_id, observed in zip(exposure_ids, shares, strict=False):
        _add(tx, exposure_id, observed)


def shared(dose: Json, number: int | None, images: int) -> Sequence[Iterable[Json]]:
    """For each of so many exposures with an image its observations, or nothing where that is not told.

    A step of one exposure has the whole step's dose. Of several, each has its own as listed; the total is
    nobody's then, and a list of another length (a repeated exposure without an image) is nobody's either.
    """
    total, each = dose.get("total", []), dose.get("exposures", [])
    if images == 1 and (number or len(each) or 1) == 1 and len(each) <= 1:
        return [[*total, *(each[0] if each else [])]]
    return each if len(each) == images and number in (None, images) else []


def _exposures_of(tx: Transaction, uids: Sequence[str]) -> list[str]:
    """The exposures of instances that the clinic holds, in the order in which they are named."""
    held = tx.imaging.instances_by_uid(uids)
    firsts = (held[uid][0].exposure_id for uid in uids if held.get(uid))
    return list(dict.fromkeys(one for one in firsts if one is not None))


def _add(tx: Transaction, exposure_id: str, observed: Iterable[Json]) -> None:
    row = tx.exposures.by_id([exposure_id]).get(exposure_id)
    if row is None:
        return
    held = exposures_of(tx, [row])[exposure_id]
    said = Exposure(
        event_uid=held.event_uid,
        event_uid_source=held.event_uid_source,
        event_key=held.event_key,
        started_at=None,
        observations=tuple(_observation(one) for one in observed),
    )
    tx.exposures.save([exposure_rows(row.id, row.study_id, merge_exposures(held, said))])
