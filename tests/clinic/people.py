"""Anna Müller, her relatives, and what devices claim of them: values for the matcher's tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from porion.clinic.matching import Candidate, match
from porion.clinic.patient import Patient
from porion.clinic.register import MemoryRegister
from porion.dicom.person import ClaimedIdentity, Identifier, PersonName

BORN = date(2012, 4, 3)


def an_id(value: str, issuer: str = "CLINIC") -> Identifier:
    """An ID, from the clinic itself unless said otherwise."""
    return Identifier(value, issuer)


def a_patient(family: str = "Müller", given: str = "Anna", n: int = 1, **overrides: Any) -> Patient:
    """A girl born on 2012-04-03 with the ID 000101, 000102, ..."""
    made = Patient(f"p{n}", PersonName(family, given), BORN, "F", (an_id(f"{100 + n:06}"),))
    return replace(made, **overrides)


def claim_of(patient: Patient, **overrides: Any) -> ClaimedIdentity:
    """What a device states that has the patient's data right, but for the overrides."""
    claim = ClaimedIdentity(
        patient.name, identifiers=patient.identifiers, birth_date=patient.birth_date, sex=patient.sex
    )
    return replace(claim, **overrides)


def sentences(candidate: Candidate) -> tuple[str, ...]:
    """What forbids "certain", in words."""
    return tuple(veto.sentence for veto in candidate.vetoes)


def matched(claim: ClaimedIdentity, *patients: Patient, **options: Any) -> tuple[Candidate, ...]:
    """The candidates among these patients."""
    return match(claim, MemoryRegister(patients), **options)


def level(candidate: Candidate, field: str) -> str:
    """The level of one field of the evidence, in words."""
    return next(line.level for line in candidate.evidence if line.field == field)
