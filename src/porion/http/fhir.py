"""FHIR R4: patients in, and whom a description of one may mean."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse

from porion.fhir.bundle import apply_bundle, operation_outcome, response_bundle
from porion.fhir.match import asked, match_bundle
from porion.fhir.parts import Resource
from porion.http.access import GuardedRoute
from porion.http.params import TheDoor, Who
from porion.http.problems import told
from porion.services.errors import PorionError
from porion.services.match_claim import match_claim

router = APIRouter(prefix="/fhir", tags=["fhir"], route_class=GuardedRoute)

MEDIA_TYPE = "application/fhir+json"
FhirBody = Annotated[dict[str, Any], Body(media_type=MEDIA_TYPE)]
_SOURCE = "FHIR"


@router.get("/metadata", response_class=JSONResponse)
def capabilities() -> JSONResponse:
    """What of FHIR there is here: a CapabilityStatement."""
    return _answer(CAPABILITIES)


@router.post("/Patient/$match", response_class=JSONResponse)
def match(door: TheDoor, actor: Who, body: FhirBody) -> JSONResponse:
    """Whom a Patient may mean: candidates of the register with the four grades of FHIR."""

    def found() -> Resource:
        wanted = asked(body)
        candidates = match_claim(door.porion, actor, wanted.claim, wanted.count)
        return match_bundle(candidates, only_certain=wanted.only_certain)

    return _told(found)


@router.post("", response_class=JSONResponse)
def bundle(door: TheDoor, actor: Who, body: FhirBody) -> JSONResponse:
    """Bring a Bundle's patients into the register, and its orders and appointments into the schedule.

    Patient, ServiceRequest and Appointment; the same again changes nothing.
    """
    return _told(lambda: response_bundle(apply_bundle(door.porion, actor, body, _SOURCE, {})))


def _told(made: Callable[[], Resource]) -> JSONResponse:
    try:
        return _answer(made())
    except PorionError as error:
        return _answer(operation_outcome("error", str(error)), told(error).status)


def _answer(resource: Resource, status: int = 200) -> JSONResponse:
    return JSONResponse(resource, status, media_type=MEDIA_TYPE)


CAPABILITIES: Resource = {
    "resourceType": "CapabilityStatement",
    "status": "active",
    "date": "2026-11-24",
    "kind": "instance",
    "software": {"name": "Porion"},
    "implementation": {"description": "The register of an orthodontic clinic's patients"},
    "fhirVersion": "4.0.1",
    "format": ["json"],
    "rest": [
        {
            "mode": "server",
            "security": {"description": "An API token as a bearer token"},
            "resource": [
                {
                    "type": "Patient",
                    "operation": [
                        {
                            "name": "match",
                            "definition": "http://hl7.org/fhir/OperationDefinition/Patient-match",
                        }
                    ],
                }
            ],
            "interaction": [{"code": "batch"}],
        }
    ],
}
