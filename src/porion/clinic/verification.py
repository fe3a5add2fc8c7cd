"""What a person must have verified before an image may be linked to a patient."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from porion.clinic.grade import Grade

if TYPE_CHECKING:
    from collections.abc import Collection


class Verified(StrEnum):
    """What was looked at and found to agree, or who said so."""

    NAME = "name"
    BIRTH_DATE = "birthDate"
    SEX = "sex"
    PATIENT_ID = "patientId"
    APPOINTMENT = "appointment"
    OPERATOR = "operator"
    IMAGE_CONTENT = "imageContent"


def what_is_lacking(grade: Grade | None, verified: Collection[Verified], reason: str | None) -> str | None:
    """What has still to be verified, as a sentence, or None when it is enough.

    ``grade`` is None for a patient whom the matcher did not propose. A certain candidate needs one
    look; everybody else two independent ones; somebody whom a person ruled out before needs a reason
    in words as well.
    """
    if not verified:
        return "Say what was verified: " + ", ".join(kind.value for kind in Verified) + "."
    if grade is not Grade.CERTAIN and len(set(verified)) < 2:
        return "This patient is not a certain candidate: verify two things, such as name and birthDate."
    if grade is Grade.CERTAINLY_NOT and not (reason or "").strip():
        return "A person ruled this patient out before: give the reason why it is this patient after all."
    return None
