"""The register of patients: add, edit, find."""

from __future__ import annotations

from dataclasses import astuple, replace
from typing import TYPE_CHECKING

from porion.clinic.permissions import Action, Actor
from porion.services.errors import Conflict, Invalid, NotFound, Stale, must
from porion.services.trail import record, show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from porion.clinic.patient import Patient
    from porion.dicom.person import Identifier
    from porion.services.ports import Porion, Transaction


def list_patients(
    porion: Porion, actor: Actor, *, words: str | None = None, after: str | None = None, limit: int = 50
) -> Sequence[Patient]:
    """Active patients whose names or identifiers contain every word."""
    must(actor, Action.SEE_PATIENTS)
    with porion.store.read(actor.clinic_id) as tx:
        found = tx.patients.list(words, after, limit)
    detail = {"patients": [patient.id for patient in found]}
    show(porion, actor, "patients listed", ("clinic", actor.clinic_id), detail)
    return found


def see_patient(porion: Porion, actor: Actor, patient_id: str) -> Patient:
    """One patient; a merged one too, so that old references still lead somewhere."""
    must(actor, Action.SEE_PATIENTS)
    with porion.store.read(actor.clinic_id) as tx:
        patient = find_patient(tx, patient_id)
    show(porion, actor, "patient shown", ("patient", patient_id))
    return patient


def find_patient(tx: Transaction, patient_id: str) -> Patient:
    """The patient, or NotFound."""
    patient = tx.patients.get(patient_id)
    if patient is None:
        raise NotFound(f"There is no patient {patient_id} in this clinic.")
    return patient


def add_patient(porion: Porion, actor: Actor, patient: Patient) -> Patient:
    """Add a patient to the register; the identifier and version of ``patient`` are given here."""
    must(actor, Action.EDIT_PATIENTS)
    with porion.store.write(actor.clinic_id) as tx:
        return insert_patient(porion, tx, actor, patient)


def insert_patient(porion: Porion, tx: Transaction, actor: Actor, patient: Patient) -> Patient:
    """Add a patient within a transaction."""
    _must_be_somebody(patient)
    must_own_identifiers(tx, patient)
    added = replace(patient, id=porion.new_id(), version=1, merged_into=None)
    tx.patients.add(added, porion.now())
    record(porion, tx, actor.name, "patient added", ("patient", added.id))
    return added


def edit_patient(porion: Porion, actor: Actor, patient: Patient) -> Patient:
    """Write a patient's new state; Stale when ``patient.version`` is not the latest."""
    must(actor, Action.EDIT_PATIENTS)
    with porion.store.write(actor.clinic_id) as tx:
        return update_patient(porion, tx, actor, patient)


def update_patient(porion: Porion, tx: Transaction, actor: Actor, patient: Patient) -> Patient:
    """Write a patient's new state within a transaction."""
    held = find_patient(tx, patient.id)
    if held.merged_into is not None:
        raise Conflict(f"Patient {patient.id} was merged into {held.merged_into}: edit that one.")
    _must_be_somebody(patient)
    must_own_identifiers(tx, patient)
    edited = replace(patient, version=patient.version + 1, merged_into=None)
    if not tx.patients.replace(edited, patient.version, porion.now()):
        raise Stale("Somebody else edited this patient just now: look again.")
    record(porion, tx, actor.name, "patient edited", ("patient", patient.id), {"version": edited.version})
    return edited


def staying(tx: Transaction, patient_id: str) -> str:
    """Who that patient is now: the one that stayed when entries were merged."""
    patient = tx.patients.get(patient_id)
    while patient is not None and patient.merged_into is not None:
        patient_id = patient.merged_into
        patient = tx.patients.get(patient_id)
    return patient_id


# PS3.5 table 6.2-1 gives a component group of a name and an ID 64 characters; an index takes no book.
LONGEST_TEXT = 200

# What decoders put where they lost a character.
LOST_TEXT = "\ufffd"

# Persian and Indian names are written with them; they are not seen, and no harm.
_JOINERS = str.maketrans("", "", "\u200c\u200d")


def _must_be_somebody(patient: Patient) -> None:
    if not (patient.name.family.strip() or patient.name.given.strip()):
        raise Invalid("A patient needs a family name or a given name.")
    names = (part for name in (patient.name, *patient.aliases) for part in astuple(name))
    ids = (part for identifier in patient.identifiers for part in astuple(identifier))
    texts = (*names, *ids)
    if any(LOST_TEXT in text or not text.translate(_JOINERS).isprintable() for text in texts):
        raise Invalid("A name or an ID holds characters that could not be read, or that nobody can see.")
    if any(len(text) > LONGEST_TEXT for text in texts):
        raise Invalid(f"A part of a name or an ID is longer than {LONGEST_TEXT} characters: shorten it.")


def must_own_identifiers(tx: Transaction, patient: Patient) -> None:
    """Conflict when an identifier is empty or somebody else's."""
    for identifier in patient.identifiers:
        if not identifier.value.strip():
            raise Invalid("An identifier is empty: leave it out instead.")
        for other in tx.patients.by_identifier(identifier.issuer, identifier.value):
            if other.id != patient.id:
                raise Conflict(_taken(identifier, other.id))


def _taken(identifier: Identifier, owner: str) -> str:
    issuer = f" of {identifier.issuer}" if identifier.issuer else ""
    return f"The ID {identifier.value}{issuer} belongs to patient {owner} already."
