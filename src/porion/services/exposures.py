"""A patient's exposures, each number with where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from porion.clinic.permissions import Action, Actor
from porion.services.dose_rows import exposures_of
from porion.services.errors import must
from porion.services.patients import find_patient
from porion.services.trail import show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from porion.dicom.exposure import Exposure
    from porion.services.ports import Porion
    from porion.services.records import ImageRow


@dataclass(frozen=True, slots=True)
class ExposureView:
    """One exposure of a patient, the image that shows it, and where each number comes from."""

    id: str
    exposure: Exposure
    image: ImageRow


def see_exposures(porion: Porion, actor: Actor, patient_id: str) -> Sequence[ExposureView]:
    """A patient's exposures, newest first."""
    must(actor, Action.SEE_EXPOSURES)
    with porion.store.read(actor.clinic_id) as tx:
        find_patient(tx, patient_id)
        shown = tx.exposures.of_patient(patient_id)
        told = exposures_of(tx, [row for row, _ in shown])
    views = [ExposureView(row.id, told[row.id], image) for row, image in shown]
    show(porion, actor, "exposures shown", ("patient", patient_id))
    return views
