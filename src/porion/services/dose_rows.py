"""Exposures as rows and back."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from porion.dicom.exposure import Exposure, merge_exposures
from porion.dicom.units import QUANTITIES, Observation
from porion.services.records import ExposureRow, ObservationRow

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from porion.services.ports import Transaction

# Which observation is used follows from all of them, and is not stored.
_OBSERVED = tuple(f.name for f in fields(Observation) if f.name != "used")


def exposure_rows(
    exposure_id: str, study_id: str, exposure: Exposure
) -> tuple[ExposureRow, list[ObservationRow]]:
    """An exposure and its observations as rows."""
    row = ExposureRow(
        id=exposure_id,
        study_id=study_id,
        event_key=exposure.event_key,
        event_uid=exposure.event_uid,
        event_uid_source=exposure.event_uid_source,
        started_at=exposure.started_at.isoformat() if exposure.started_at else None,
        missing={str(quantity): reason for quantity, reason in exposure.missing},
        problems=[asdict(problem) for problem in exposure.problems],
        **{quantity: getattr(exposure, quantity) for quantity in QUANTITIES},
    )
    observed = [_observation_row(exposure_id, seen) for seen in exposure.observations]
    return row, list(dict.fromkeys(observed))


def _observation_row(exposure_id: str, seen: Observation) -> ObservationRow:
    return ObservationRow(exposure_id, **{name: getattr(seen, name) for name in _OBSERVED})


def exposure_of(row: ExposureRow, observed: Sequence[ObservationRow]) -> Exposure:
    """The exposure that the rows tell of: its numbers are derived from its observations anew."""
    event: Any = {
        "event_uid": row.event_uid,
        "event_uid_source": row.event_uid_source,
        "event_key": row.event_key,
        "started_at": datetime.fromisoformat(row.started_at) if row.started_at else None,
        "observations": tuple(
            Observation(**{name: getattr(seen, name) for name in _OBSERVED}) for seen in observed
        ),
    }
    alone = Exposure(**event)
    return merge_exposures(alone, alone)


def exposures_of(tx: Transaction, rows: Collection[ExposureRow]) -> Mapping[str, Exposure]:
    """The exposures that these rows and their observations tell of, by identifier."""
    observed = tx.exposures.observations([row.id for row in rows])
    return {row.id: exposure_of(row, observed[row.id]) for row in rows}
