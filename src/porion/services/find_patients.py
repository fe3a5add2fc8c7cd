"""Find patients as somebody types: by words, by birth date, and by names that only sound or look alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from porion.clinic.matching import match
from porion.clinic.permissions import Action, Actor
from porion.clinic.wanted import wanted_patient
from porion.services.errors import must
from porion.services.trail import show

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from porion.clinic.patient import Patient
    from porion.clinic.wanted import WantedPatient
    from porion.services.ports import Porion, Transaction


def find_patients(porion: Porion, actor: Actor, typed: str, limit: int = 20) -> Sequence[Patient]:
    """At most ``limit`` patients: those who carry the words first, then those who were perhaps meant."""
    must(actor, Action.SEE_PATIENTS)
    with porion.store.read(actor.clinic_id) as tx:
        found: dict[str, Patient] = {}
        for patient in _found(porion, tx, typed, limit):
            found.setdefault(patient.id, patient)
            if len(found) == limit:
                break
    shown = {"patients": list(found)}
    show(porion, actor, "patients listed", ("clinic", actor.clinic_id), shown)
    return list(found.values())


def _found(porion: Porion, tx: Transaction, typed: str, limit: int) -> Iterator[Patient]:
    wanted = wanted_patient(typed)
    if wanted.dates:
        yield from _born(tx, wanted, limit)
    else:
        yield from tx.patients.list(typed, None, limit)
    for claim in wanted.claims:
        yield from (candidate.patient for candidate in match(claim, tx.patients, model=porion.model))


def _born(tx: Transaction, wanted: WantedPatient, limit: int) -> Iterator[Patient]:
    """Those of the date; with words besides, only those of them who carry the words."""
    carriers = None
    if wanted.words:
        carriers = {one.id for one in tx.patients.list(" ".join(wanted.words), None, limit)}
    for born in wanted.dates:
        for patient in tx.patients.born_on(born, limit):
            if carriers is None or patient.id in carriers:
                yield patient
