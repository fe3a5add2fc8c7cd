"""A claimed identity as JSON in a row, and back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

from porion.dicom.person import ClaimedIdentity, Identifier, PersonName

if TYPE_CHECKING:
    from porion.services.records import Json


def claim_json(claim: ClaimedIdentity) -> Json:
    """The claim as JSON."""
    return {
        **asdict(claim),
        "identifiers": [asdict(identifier) for identifier in claim.identifiers],
        "birth_date": claim.birth_date.isoformat() if claim.birth_date else None,
    }


def claim_of(stored: Json) -> ClaimedIdentity:
    """The claim that :func:`claim_json` wrote."""
    return ClaimedIdentity(
        name=PersonName(**stored["name"]),
        ideographic=PersonName(**stored["ideographic"]),
        phonetic=PersonName(**stored["phonetic"]),
        identifiers=tuple(Identifier(**identifier) for identifier in stored["identifiers"]),
        birth_date=date.fromisoformat(stored["birth_date"]) if stored["birth_date"] else None,
        sex=stored["sex"],
    )
