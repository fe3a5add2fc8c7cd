"""Two clinics in one deployment: what is one's does not exist for the other."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from porion.clinic.permissions import Role
from tests.builders import uid
from tests.http.house import House

LOOKED = ["name", "birthDate"]
PERSON = {"family": "Beispiel", "given": "Anna"}
# What each route is asked about; every word in braces is an identifier of the first clinic.
CALLS: list[tuple[str, str, Any]] = [
    ("GET", "/api/imaging/images/{image}", None),
    ("GET", "/api/imaging/images/{image}/tags", None),
    ("GET", "/api/imaging/images/{image}/file", None),
    ("POST", "/api/imaging/images/{image}/category", {"category": "TMJ"}),
    ("POST", "/api/imaging/dicom/match", {"pendingId": "{item}"}),
    (
        "POST",
        "/api/imaging/dicom/match",
        {"pendingId": "{item}", "patientId": "{patient}", "verified": LOOKED},
    ),
    ("GET", "/api/imaging/pending/{item}", None),
    ("POST", "/api/imaging/pending/{item}/create-patient", {"verified": LOOKED}),
    ("POST", "/api/imaging/pending/{item}/reject", {"reason": "x"}),
    (
        "POST",
        "/api/imaging/pending/{item}/reassign",
        {"patientId": "{patient}", "verified": LOOKED, "reason": "x"},
    ),
    ("POST", "/api/imaging/pending/{item}/split", {"imageIds": ["{image}"]}),
    ("POST", "/api/imaging/decisions/{decision}/undo", None),
    ("GET", "/api/patients/{patient}", None),
    ("PUT", "/api/patients/{patient}", {**PERSON, "version": 1}),
    ("POST", "/api/patients/{patient}/merge", {"otherId": "{patient}0", "reason": "x"}),
    ("POST", "/api/patients/{patient}/unmerge", {"reason": "x"}),
    ("GET", "/api/patients/{patient}/exposures", None),
    ("PATCH", "/api/users/{user}", {"active": False}),
    ("DELETE", "/api/tokens/{token}", None),
]


def _with_ids(value: Any, ids: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _with_ids(part, ids) for key, part in value.items()}
    if isinstance(value, list):
        return [_with_ids(part, ids) for part in value]
    return value.format(**ids) if isinstance(value, str) else value


def _ids(house: House, admin: TestClient) -> dict[str, str]:
    item, image = house.a_pending_item()
    corrected = admin.post(f"/api/imaging/images/{image}/category", json={"category": "TMJ"})
    assert corrected.status_code == 200
    with house.world.porion.store.read(house.world.clinic_id) as tx:
        (decision,) = tx.inbox.decisions_on_image(image)
    return {
        "item": item,
        "image": image,
        "decision": decision.id,
        "patient": admin.post("/api/patients", json=PERSON).json()["id"],
        "user": admin.get("/api/users").json()["items"][0]["id"],
        "token": admin.post("/api/tokens", json={"name": "x"}).json()["id"],
    }


def test_every_object_of_the_first_clinic_is_unknown_to_the_second(house: House, admin: TestClient) -> None:
    ids = _ids(house, admin)
    stranger = house.holder(Role.ADMIN, house.another_clinic())
    statuses = {
        (method, path): stranger.request(method, _with_ids(path, ids), json=_with_ids(body, ids)).status_code
        for method, path, body in CALLS
    }
    assert statuses == dict.fromkeys(statuses, 404)
    assert admin.get(f"/api/patients/{ids['patient']}").json()["given"] == "Anna"
    assert admin.get("/api/imaging/pending").json()["items"][0]["id"] == ids["item"]


def test_an_object_of_another_clinic_sounds_like_one_that_does_not_exist(
    house: House, admin: TestClient
) -> None:
    ids = _ids(house, admin)
    stranger = house.holder(Role.ADMIN, house.another_clinic())
    for kind in ("images/{image}", "pending/{item}"):
        real = stranger.get(f"/api/imaging/{kind}".format(**ids)).text
        made_up = stranger.get(f"/api/imaging/{kind}".format(image="0" * 32, item="0" * 32)).text
        assert real.replace(ids["image"], "0" * 32).replace(ids["item"], "0" * 32) == made_up


@pytest.mark.parametrize(
    "path",
    ["/api/imaging/images", "/api/imaging/pending?status=all", "/api/patients", "/api/imaging/conflicts"],
)
def test_the_second_clinics_lists_are_empty(house: House, admin: TestClient, path: str) -> None:
    _ids(house, admin)
    stranger = house.holder(Role.ADMIN, house.another_clinic())
    assert stranger.get(path).json() == {"items": [], "nextCursor": None}


def test_filters_do_not_reach_across(house: House, admin: TestClient) -> None:
    ids = _ids(house, admin)
    stranger = house.holder(Role.ADMIN, house.another_clinic())
    for query in ({"pendingId": ids["item"]}, {"studyId": uid("study-1")}, {"patientId": ids["patient"]}):
        assert stranger.get("/api/imaging/images", params=query).json()["items"] == []
    users = stranger.get("/api/users").json()["items"]
    assert ids["user"] not in {user["id"] for user in users}
    assert stranger.get("/api/audit", params={"object": ids["image"]}).json()["items"] == []


def test_a_patient_of_the_first_clinic_is_no_candidate_in_the_second(house: House, admin: TestClient) -> None:
    ids = _ids(house, admin)
    clinic_id = house.another_clinic()
    stranger = house.holder(Role.ADMIN, clinic_id)
    own = stranger.post("/api/patients", json=PERSON).json()["id"]
    merged = stranger.post(f"/api/patients/{own}/merge", json={"otherId": ids["patient"], "reason": "x"})
    assert merged.status_code == 404
