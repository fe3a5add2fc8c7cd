"""The operation $match on patients (FHIR R4 section 8.1.13)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from porion.clinic.grade import Grade
from porion.fhir.patient import claim_of, resource_of
from porion.services.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from porion.clinic.matching import Candidate
    from porion.dicom.person import ClaimedIdentity
    from porion.fhir.parts import Resource

GRADE = "http://hl7.org/fhir/StructureDefinition/match-grade"
MOST = 50
_USUAL = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is looked for, how many answers at most, and whether only certain ones."""

    claim: ClaimedIdentity
    count: int
    only_certain: bool


def asked(parameters: Resource) -> Asked:
    """Read the Parameters (``resource``, ``count``, ``onlyCertainMatches``), or a bare Patient."""
    if parameters.get("resourceType") == "Patient":
        return Asked(claim_of(parameters, {}), _USUAL, only_certain=False)
    if parameters.get("resourceType") != "Parameters":
        raise Invalid("$match takes Parameters with a Patient as the parameter “resource”.")
    listed = parameters.get("parameter")
    objects = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    stated = {one.get("name"): one for one in objects}
    resource = stated.get("resource", {}).get("resource")
    if not isinstance(resource, dict):
        raise Invalid("$match takes a Patient as the parameter “resource”.")
    count: Any = stated.get("count", {}).get("valueInteger", _USUAL)
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MOST:
        raise Invalid(f"The parameter “count” is a whole number from 1 to {MOST}.")
    certain = stated.get("onlyCertainMatches", {}).get("valueBoolean", False)
    return Asked(claim_of(resource, {}), count, only_certain=certain is True)


def match_bundle(candidates: Sequence[Candidate], *, only_certain: bool) -> Resource:
    """A searchset of candidates, best first, each with its probability and its grade."""
    wanted = [one for one in candidates if not only_certain or one.grade is Grade.CERTAIN]
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(wanted),
        "entry": [
            {
                "fullUrl": f"Patient/{one.patient.id}",
                "resource": resource_of(one.patient),
                "search": {
                    "mode": "match",
                    "score": round(1 / (1 + 1 / one.odds), 6) if one.odds > 0 else 0,
                    "extension": [{"url": GRADE, "valueCode": one.grade.value}],
                },
            }
            for one in wanted
        ],
    }
