from __future__ import annotations

from datetime import timedelta

from starlette.testclient import TestClient

from porion.services.unattended import link_settled
from tests.http.house import House

LINKING = "/api/imaging/linking"
PERSON = {
    "family": "Beispiel",
    "given": "Anna",
    "birthDate": "2012-04-03",
    "sex": "F",
    "identifiers": [{"value": "P-1", "issuer": "CLINIC"}],
}


def test_a_source_links_by_itself_until_somebody_finds_an_error(house: House, admin: TestClient) -> None:
    admin.post("/api/patients", json=PERSON)
    item_id, _ = house.a_pending_item()
    (source,) = admin.get(LINKING).json()["items"]
    assert (source["unattended"], source["images"]) == (False, 1)
    wanted = {"sourceKey": source["sourceKey"], "unattended": True}
    assert admin.put(LINKING, json=wanted).json()["unattended"] is True

    house.world.clock.pass_by(timedelta(minutes=5))
    assert link_settled(house.world.porion, house.world.clinic_id) == [item_id]

    (sample,) = admin.get(f"{LINKING}/samples").json()["items"]
    judged = admin.post(f"{LINKING}/samples/{sample['id']}", json={"right": False})
    assert judged.json()["state"] == "refuted"
    (source,) = admin.get(LINKING).json()["items"]
    assert (source["unattended"], source["linked"]) == (False, 1)
    assert "found a sampled link wrong" in source["stopped"]
    assert admin.get(f"{LINKING}/samples", params={"state": "all"}).json()["items"] != []
