"""From a file to a verified link and back, over HTTP alone."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.builders import a_lateral_ceph, a_panoramic, file_bytes
from tests.http.house import House
from tests.world import bring

MATCH = "/api/imaging/dicom/match"
PENDING = "/api/imaging/pending"
ANNA = {
    "family": "Beispiel", "given": "Anna", "birthDate": "2012-04-03", "sex": "F",
    "identifiers": [{"value": "P-1", "issuer": "CLINIC"}],
}  # fmt: skip
LOOKED = ["name", "birthDate"]


def _anna(client: TestClient, **changes: Any) -> str:
    return str(client.post("/api/patients", json={**ANNA, **changes}).json()["id"])


def test_an_image_goes_from_upload_to_link_and_back_and_the_trail_tells_it(house: House) -> None:
    client = house.signed_in()
    anna = _anna(client)
    files = {"f": ("pan.dcm", file_bytes(a_panoramic()))}
    image_id = client.post("/api/imaging/dicom/import", files=files).json()["outcomes"][0]["imageId"]
    (item,) = client.get(PENDING).json()["items"]
    assert [image["id"] for image in item["images"]] == [image_id]

    found = client.post(MATCH, json={"pendingId": item["id"]}).json()
    best = found["candidates"][0]
    assert (best["patientId"], best["rank"], best["patient"]["family"]) == (anna, 1, "Beispiel")
    chosen = {"pendingId": item["id"], "patientId": anna, "verified": LOOKED, "snapshot": found["snapshot"]}
    linked = client.post(MATCH, json=chosen).json()
    assert (linked["status"], linked["patientId"], linked["imageIds"]) == ("linked", anna, [image_id])
    assert client.get(PENDING).json()["items"] == []
    (image,) = client.get("/api/imaging/images", params={"patientId": anna}).json()["items"]
    assert (image["id"], image["status"], image["patientId"]) == (image_id, "linked", anna)

    undone = client.post(f"/api/imaging/decisions/{linked['decisionId']}/undo").json()
    assert (undone["kind"], undone["undoes"]) == ("undo", linked["decisionId"])
    (again,) = client.get(PENDING).json()["items"]
    assert (again["id"], again["status"]) == (item["id"], "pending")
    assert [row["kind"] for row in again["decisions"]] == ["link", "undo"]
    actions = [
        link["action"] for link in client.get("/api/audit", params={"object": item["id"]}).json()["items"]
    ]
    assert [action for action in actions if action.startswith(("decision", "undone"))] == [
        "undone: link",
        "decision: link",
    ]
    assert client.get("/api/audit/verify").json()["whole"] is True


def test_candidates_come_with_evidence_that_adds_up(house: House, admin: TestClient) -> None:
    anna, (item_id, image_id) = _anna(admin), house.a_pending_item()
    found = admin.post(MATCH, json={"pendingId": item_id}).json()
    assert found["claimedIdentity"] == {
        "family": "Beispiel", "given": "Anna", "middle": "", "prefix": "", "suffix": "", "patientId": "P-1",
        "issuer": "CLINIC", "birthDate": "2012-04-03", "sex": "F",
        "identifiers": [{"value": "P-1", "issuer": "CLINIC"}],
    }  # fmt: skip
    assert (found["images"], found["remembered"], bool(found["model"])) == ([image_id], None, True)
    (candidate,) = found["candidates"]
    assert set(candidate) == {
        "patientId", "rank", "grade", "bits", "odds", "gap", "vetoes", "explanation", "patient", "evidence",
    }  # fmt: skip
    assert candidate["patient"]["id"] == anna
    assert set(candidate["evidence"][0]) == {"field", "claimed", "registered", "level", "bits", "reason"}
    assert sum(line["bits"] for line in candidate["evidence"]) == pytest.approx(candidate["bits"])


def test_a_decision_on_what_has_changed_since_is_stale(house: House, admin: TestClient) -> None:
    anna, (item_id, _) = _anna(admin), house.a_pending_item()
    snapshot = admin.post(MATCH, json={"pendingId": item_id}).json()["snapshot"]
    admin.put(f"/api/patients/{anna}", json={**ANNA, "given": "Anne", "version": 1})
    body = {"pendingId": item_id, "patientId": anna, "verified": LOOKED, "snapshot": snapshot}
    answer = admin.post(MATCH, json=body)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:porion:problem:stale")
    assert admin.get(f"{PENDING}/{item_id}").json()["status"] == "pending"


@pytest.mark.parametrize("verified", [[], ["theWeather"], ["name", "theWeather"]])
def test_nothing_is_linked_without_something_verified(
    house: House, admin: TestClient, verified: list[str]
) -> None:
    anna, (item_id, _) = _anna(admin), house.a_pending_item()
    body = {"pendingId": item_id, "patientId": anna, "verified": verified}
    answer = admin.post(MATCH, json=body)
    assert answer.status_code == 422
    assert "birthDate" in answer.json()["detail"]


def test_what_is_linked_is_not_linked_again(house: House, admin: TestClient) -> None:
    anna, (item_id, _) = _anna(admin), house.a_pending_item()
    body = {"pendingId": item_id, "patientId": anna, "verified": LOOKED}
    assert [admin.post(MATCH, json=body).status_code for _ in range(2)] == [200, 409]


def test_a_wrong_link_is_put_right(house: House, admin: TestClient) -> None:
    anna, (item_id, image_id) = _anna(admin), house.a_pending_item()
    berta = admin.post("/api/patients", json={**ANNA, "given": "Berta", "identifiers": []}).json()["id"]
    admin.post(MATCH, json={"pendingId": item_id, "patientId": berta, "verified": LOOKED})
    body = {"patientId": anna, "verified": LOOKED, "reason": "Her sister."}
    answer = admin.post(f"{PENDING}/{item_id}/reassign", json=body)
    assert (answer.status_code, answer.json()["imageIds"]) == (200, [image_id])
    assert admin.get(f"{PENDING}/{item_id}").json()["patientId"] == anna


def test_a_claim_becomes_a_patient(house: House, admin: TestClient) -> None:
    item_id, image_id = house.a_pending_item()
    answer = admin.post(f"{PENDING}/{item_id}/create-patient", json={"verified": LOOKED})
    assert (answer.status_code, answer.json()["imageIds"]) == (201, [image_id])
    patient = admin.get(f"/api/patients/{answer.json()['patientId']}").json()
    assert {name: patient[name] for name in ANNA} == ANNA


def test_a_link_is_remembered_for_the_next_image_with_the_same_claim(house: House, admin: TestClient) -> None:
    anna, (item_id, _) = _anna(admin), house.a_pending_item()
    admin.post(MATCH, json={"pendingId": item_id, "patientId": anna, "verified": LOOKED})
    bring(house.world, a_panoramic(2, study="study-2"))
    (item,) = admin.get(PENDING).json()["items"]
    assert item["remembered"]["patientId"] == anna


def test_rejected_images_are_put_aside_with_the_reason(house: House, admin: TestClient) -> None:
    item_id, _ = house.a_pending_item()
    answer = admin.post(f"{PENDING}/{item_id}/reject", json={"reason": "A phantom."})
    assert (answer.status_code, answer.json()["kind"]) == (200, "reject")
    (item,) = admin.get(PENDING, params={"status": "quarantined"}).json()["items"]
    assert (item["id"], item["reason"]) == (item_id, "A phantom.")


def test_a_ruled_out_candidate_is_certainly_not_and_the_item_waits(house: House, admin: TestClient) -> None:
    anna, (item_id, _) = _anna(admin), house.a_pending_item()
    body = {"reason": "Her sister.", "patientId": anna}
    assert admin.post(f"{PENDING}/{item_id}/reject", json=body).json()["kind"] == "rule-out"
    item = admin.get(f"{PENDING}/{item_id}").json()
    assert (item["status"], item["candidates"][0]["grade"]) == ("pending", "certainly-not")


def test_some_images_are_split_off_to_wait_by_themselves(house: House, admin: TestClient) -> None:
    outcomes = bring(house.world, a_panoramic(), a_lateral_ceph())
    (item,) = admin.get(PENDING).json()["items"]
    apart = admin.post(f"{PENDING}/{item['id']}/split", json={"imageIds": [outcomes[1].image_id]}).json()
    listed = admin.get(PENDING).json()["items"]
    images = {one["id"]: [image["id"] for image in one["images"]] for one in listed}
    assert images == {item["id"]: [outcomes[0].image_id], apart["detail"]["item"]: [outcomes[1].image_id]}
    refused = admin.post(f"{PENDING}/{item['id']}/split", json={"imageIds": [outcomes[0].image_id]})
    assert refused.status_code == 422


def test_the_inbox_is_read_page_by_page_the_oldest_first(house: House, admin: TestClient) -> None:
    bring(house.world, *(a_panoramic(n, study=f"study-{n}", PatientName=f"Beispiel^{n}") for n in range(3)))
    first = admin.get(PENDING, params={"limit": 2}).json()
    rest = admin.get(PENDING, params={"limit": 2, "cursor": first["nextCursor"]}).json()
    given = [item["claimedIdentity"]["given"] for item in (*first["items"], *rest["items"])]
    assert (given, rest["nextCursor"]) == (["0", "1", "2"], None)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (MATCH, {"pendingId": "none"}),
        (MATCH, {"pendingId": "none", "patientId": "none", "verified": LOOKED}),
        (f"{PENDING}/none/reject", {"reason": "x"}),
        (f"{PENDING}/none/split", {"imageIds": ["x"]}),
        ("/api/imaging/decisions/none/undo", None),
    ],
)
def test_what_does_not_exist_is_not_found(admin: TestClient, path: str, body: dict[str, Any] | None) -> None:
    assert admin.post(path, json=body).status_code == 404
