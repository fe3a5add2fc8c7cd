"""Devices and the network over HTTP."""

from __future__ import annotations

from fastapi.testclient import TestClient

from porion.services.commitment import Reference, request_commitment
from porion.services.devices import Knock, admit
from tests.http.house import House

KNOCK = Knock("PAN1", "PORION", "10.0.0.5", False, None, "PAN_3", (("1.2", ("1.3",)),))


def test_a_device_that_waits_is_approved_with_one_call(house: House, admin: TestClient) -> None:
    admit(house.world.porion, KNOCK)
    (waiting,) = admin.get("/api/imaging/devices").json()["items"]
    assert (waiting["state"], waiting["asked"]["called"]) == ("waiting", "PORION")
    url = f"/api/imaging/devices/{waiting['id']}"
    assert admin.get(f"{url}/diagnosis").json()["findings"][0]["severity"] == "fault"
    assert admin.post(f"{url}/approve").json()["state"] == "approved"
    assert admin.post(f"{url}/approve", json={"address": "10.0.0.0/24"}).json()["address"] == "10.0.0.0/24"
    assert admin.patch(url, json={"name": "Pan", "port": 104}).json()["port"] == 104
    assert admin.post(f"{url}/block").json()["state"] == "blocked"
    assert admin.get(url).json()["name"] == "Pan"


def test_a_device_is_added_and_mistakes_are_told(admin: TestClient) -> None:
    added = admin.post("/api/imaging/devices", json={"aeTitle": "CEPH", "address": "10.0.0.6"})
    assert (added.status_code, added.json()["address"]) == (201, "10.0.0.6/32")
    again = admin.post("/api/imaging/devices", json={"aeTitle": "CEPH", "address": "10.0.0.6"})
    assert again.status_code == 409
    assert admin.post("/api/imaging/devices", json={"aeTitle": "CEPH", "address": "x"}).status_code == 422
    assert admin.get("/api/imaging/devices/none").status_code == 404


def test_the_network(admin: TestClient) -> None:
    assert admin.get("/api/imaging/network").json()["aeTitle"] == "PORION"
    told = admin.put("/api/imaging/network", json={"listen": "192.168.1.5:11112"}).json()
    assert (told["listen"], told["aeTitle"]) == ("192.168.1.5:11112", "PORION")


def test_commitments_page_by_page(house: House, admin: TestClient) -> None:
    peer = {"address": "10.0.0.5", "calling": "PAN1", "called": "PORION", "tls": False}
    for n in range(3):
        request_commitment(
            house.world.porion, house.world.clinic_id, "d" * 32, f"1.2.{n}", [Reference("1.2", "1.3")], peer
        )
    first = admin.get("/api/imaging/commitments", params={"limit": 2}).json()
    assert [one["transactionUid"] for one in first["items"]] == ["1.2.2", "1.2.1"]
    rest = admin.get("/api/imaging/commitments", params={"cursor": first["nextCursor"]}).json()
    assert [one["asked"] for one in rest["items"]] == [[["1.2", "1.3"]]]
