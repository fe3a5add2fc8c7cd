"""Who stands close to a patient in the register: entries that went into this one, and people alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from porion.clinic.matching import Candidate, match
from porion.clinic.permissions import Action, Actor
from porion.dicom.person import ClaimedIdentity
from porion.services.errors import must
from porion.services.patients import find_patient
from porion.services.trail import show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from porion.clinic.patient import Patient
    from porion.services.ports import Porion


@dataclass(frozen=True, slots=True)
class Relations:
    """``merged`` are entries that this one took the place of; ``alike`` may be twins, siblings or doubles."""

    merged: Sequence[Patient]
    alike: Sequence[Candidate]


def see_relations(porion: Porion, actor: Actor, patient_id: str) -> Relations:
    """Who could be taken for this patient, as the matcher sees it, and who was merged into them."""
    must(actor, Action.SEE_PATIENTS)
    with porion.store.read(actor.clinic_id) as tx:
        patient = find_patient(tx, patient_id)
        merged = tx.patients.gone_into(patient_id)
        claim = ClaimedIdentity(
            name=patient.name, birth_date=patient.birth_date, sex=patient.sex, identifiers=()
        )
        found = match(claim, tx.patients, model=porion.model)
    alike = [one for one in found if one.patient.id != patient_id]
    shown = [patient_id, *(one.id for one in merged), *(one.patient.id for one in alike)]
    show(porion, actor, "relations shown", ("patient", patient_id), {"patients": shown})
    return Relations(merged, alike)
