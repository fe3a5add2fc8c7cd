from __future__ import annotations

from starlette.testclient import TestClient

from tests.fhir.resources import a_bundle, a_patient

MATCH = "/fhir/Patient/$match"


def test_patients_come_in_and_are_found(admin: TestClient) -> None:
    answer = admin.post("/fhir", json=a_bundle(a_patient("1"), a_patient("2", name=[{"family": "Muster"}])))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/fhir+json"
    assert [one["response"]["status"] for one in answer.json()["entry"]] == ["201 Created"] * 2

    found = admin.post(MATCH, json=a_patient("1", id=None), headers={"Content-Type": "application/fhir+json"})

    first = found.json()["entry"][0]
    assert first["search"]["extension"][0]["valueCode"] == "certain"
    assert first["resource"]["name"][0]["family"] == "Beispiel"


def test_what_makes_no_sense_is_an_operation_outcome(admin: TestClient) -> None:
    answer = admin.post(MATCH, json={"resourceType": "Device"})
    assert answer.status_code == 422
    (issue,) = answer.json()["issue"]
    assert issue["severity"] == "error"
    assert "Parameters" in issue["diagnostics"]


def test_what_there_is_can_be_asked_without_a_password(admin: TestClient) -> None:
    answer = admin.get("/fhir/metadata")
    assert answer.json()["resourceType"] == "CapabilityStatement"
    assert answer.headers["content-type"] == "application/fhir+json"
