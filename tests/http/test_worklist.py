"""The schedule over HTTP."""

from __future__ import annotations

from porion.clinic.permissions import Role
from porion.dicom.elements import Elements
from porion.dimse.protocol.commands import Field
from porion.services.devices import add_device
from porion.services.performed import begin_performed
from porion.services.worklist_answers import Asker, answer_worklist
from tests.asked import a_node
from tests.dimse.fake_pacs import a_pacs
from tests.http.house import House
from tests.services.test_performed import REPORTER, reported
from tests.services.test_remote_worklist import a_remote_step, answering
from tests.services.worklists import a_step, anna


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


def test_an_administrator_asks_for_worklists_ours_and_remote_ones(house: House) -> None:
    patient = anna(house.world)
    step = a_step(house.world, patient.id)
    admin = house.holder(Role.ADMIN)
    found = admin.get("/api/imaging/dicom/worklist", params={"date": "2026-03-02"}).json()
    (entry,) = found["items"]
    assert (entry["node"], entry["id"], entry["state"]) == (None, step.id, "scheduled")
    assert entry["match"] == {"patientId": patient.id, "grade": "certain"}
    assert (entry["claimedIdentity"]["family"], entry["stepId"]) == ("Beispiel", step.step_id)
    assert found["outcomes"] == []
    assert admin.get("/api/imaging/dicom/worklist", params={"node": "NOBODY"}).status_code == 404
    reception = house.holder(Role.RECEPTION)
    assert reception.get("/api/imaging/dicom/worklist").status_code == 403


def test_a_remote_step_says_whose_it_may_be(house: House) -> None:
    patient = anna(house.world)
    with a_pacs({Field.C_FIND_RQ: answering(a_remote_step())}) as pacs:
        a_node(house.world, pacs.port, "RIS")
        wanted = {"date": "2026-03-02", "node": "RIS"}
        found = house.holder(Role.ADMIN).get("/api/imaging/dicom/worklist", params=wanted).json()
    (entry,) = found["items"]
    assert (entry["node"], entry["id"], entry["stationAe"]) == ("RIS", None, "PAN9")
    assert entry["match"] == {"patientId": patient.id, "grade": "certain"}
    assert found["outcomes"] == [{"node": "RIS", "answers": 1, "capped": False, "error": None}]


def test_how_a_device_is_answered_is_seen_and_changed(house: House) -> None:
    world = house.world
    device = add_device(world.porion, world.actor, "PAN1", "127.0.0.1/32", "")
    answer_worklist(world.porion, Asker(world.clinic_id, device.id, "PAN1"), Elements())
    admin = house.holder(Role.ADMIN)
    address = f"/api/imaging/devices/{device.id}/worklist"
    changed = admin.patch(address, json={"stations": "own", "daysAhead": 3}).json()
    assert changed["profile"] == {"stations": "own", "characterSet": "", "daysBack": 0, "daysAhead": 3}
    assert (changed["aeTitle"], changed["mayAsk"], len(changed["queries"])) == ("PAN1", False, 1)
    assert changed["queries"][0]["told"][0].startswith("It names no day")
    assert admin.get(address).json() == changed
    assert admin.patch(address, json={"daysBack": 999}).status_code == 422


def test_what_devices_reported_is_listed(house: House) -> None:
    world = house.world
    begin_performed(world.porion, REPORTER(world), "1.2.9", reported())
    page = house.holder(Role.RECEPTION).get("/api/imaging/performed").json()
    (row,) = page["items"]
    assert (row["sopInstanceUid"], row["state"], row["steps"]) == ("1.2.9", "in progress", [])
    assert row["facts"]["performed_id"] == "PPS-1"
