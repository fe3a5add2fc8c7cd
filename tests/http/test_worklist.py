"""The schedule over HTTP."""

from __future__ import annotations

from porion.clinic.permissions import Role
from tests.http.house import House
from tests.services.worklists import anna


def test_reception_schedules_changes_and_cancels(house: House) -> None:
    patient, client = anna(house.world), house.holder(Role.RECEPTION)
    body = {
        "patientId": patient.id,
        "startsAt": "2026-03-02T08:00",
        "template": "initial-orthodontic-records",
    }
    made = client.post("/api/imaging/worklist", json={**body, "stationAe": "PANCEPH"})
    assert made.status_code == 201, made.text
    first, *others = made.json()["items"]
    assert len(others) == 2
    assert (first["category"], first["state"], first["startsAt"]) == (
        "PANORAMIC",
        "scheduled",
        "2026-03-02T08:00:00",
    )
    assert first["patient"]["family"] == "Beispiel"
    address = f"/api/imaging/worklist/{first['id']}"
    edited = client.patch(address, json={"startsAt": "2026-03-02T09:00", "stationAe": ""}).json()
    assert (edited["startsAt"], edited["stationAe"]) == ("2026-03-02T09:00:00", "")
    assert client.get(address).json() == edited
    listed = client.get("/api/imaging/worklist", params={"date": "2026-03-02", "state": "scheduled"}).json()
    assert [one["id"] for one in listed["items"]] == [others[0]["id"], others[1]["id"], first["id"]]
    assert client.get("/api/imaging/worklist", params={"from": "2026-03-03"}).json() == {"items": []}
    assert client.post(f"{address}/cancel").json()["state"] == "cancelled"
    assert client.post(f"{address}/reschedule").json()["state"] == "scheduled"
    assert client.post(f"{address}/complete").json()["state"] == "completed"
    refused = client.post(f"{address}/cancel")
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:porion:problem:conflict")


def test_steps_with_codes_of_their_own(house: House) -> None:
    patient, client = anna(house.world), house.holder(Role.CLINICIAN)
    code = {"scheme": "99X", "value": "7", "meaning": "Sinus"}
    step = {"dicomModality": "DX", "description": "Sinus", "codes": [code]}
    body = {
        "patientId": patient.id,
        "startsAt": "2026-03-02T08:00",
        "steps": [step],
        "accessionNumber": "A-1",
    }
    made = client.post("/api/imaging/worklist", json=body).json()["items"][0]
    assert (made["codes"], made["accessionNumber"], made["category"]) == ([code], "A-1", None)


def test_what_makes_no_sense_is_told(house: House) -> None:
    patient, client = anna(house.world), house.holder(Role.RECEPTION)
    body = {"patientId": patient.id, "startsAt": "2026-03-02T08:00"}
    for more in ({"steps": []}, {"template": "none"}, {"startsAt": "soon"}, {"studyInstanceUid": "x"}):
        assert client.post("/api/imaging/worklist", json={**body, **more}).status_code == 422
    assert client.get("/api/imaging/worklist", params={"date": "tomorrow"}).status_code == 422
    assert client.get("/api/imaging/worklist", params={"date": "2026-02-31"}).status_code == 422


def test_templates_are_listed(house: House) -> None:
    (only,) = house.holder(Role.RECEPTION).get("/api/imaging/worklist/templates").json()["items"]
    assert only["categories"] == ["PANORAMIC", "CEPHALOMETRIC_LATERAL", "CEPHALOMETRIC_PA"]
