"""Answers of remote nodes as JSON, the same on the command line and over HTTP."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from porion.dicom.problems import tag_text

if TYPE_CHECKING:
    from porion.dicom.elements import Element
    from porion.services.query import Found, Outcome
    from porion.services.records import Json


def found_json(found: Found) -> Json:
    """An answer: its attributes by keyword, one value as it is and several as a list."""
    return {
        "node": found.node,
        "level": found.level.value,
        "attributes": {
            one.keyword or tag_text(one.tag): _shown(one)
            for one in found.attributes.values()
            if one.vr != "SQ"
        },
        "held": found.held,
        "stated": found.stated,
        "patientId": found.patient_id,
        "patient": asdict(found.patient) if found.patient else None,
        "grade": found.grade,
        "modalities": list(found.modalities),
    }


def outcome_json(outcome: Outcome) -> Json:
    """How a node answered."""
    return {
        "node": outcome.node,
        "answers": outcome.answers,
        "capped": outcome.capped,
        "way": outcome.way,
        "error": outcome.error,
    }


def _shown(element: Element) -> Any:
    values = [value for value in element.values if not isinstance(value, bytes)]
    return values if len(values) > 1 else next(iter(values), None)
