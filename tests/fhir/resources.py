"""Patients of a FHIR server that does not exist."""

from __future__ import annotations

from typing import Any

SOURCE = "https://fhir.praxis.example"


def a_patient(number: str = "1", *, version: str = "1", **changes: Any) -> dict[str, Any]:
    """A resource Patient with that logical id; a value of None leaves an element out."""
    resource = {
        "resourceType": "Patient",
        "id": number,
        "meta": {"versionId": version, "lastUpdated": "2026-01-01T13:00:00+01:00"},
        "active": True,
        "identifier": [{"system": "http://praxis.example/id", "value": f"P-{number}"}],
        "name": [{"use": "official", "family": "Beispiel", "given": ["Anna", "Maria"]}],
        "birthDate": "2012-04-03",
        "gender": "female",
        **changes,
    }
    return {key: value for key, value in resource.items() if value is not None}


def a_bundle(*resources: Any) -> dict[str, Any]:
    """A collection of them."""
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]}
