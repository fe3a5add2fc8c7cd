"""The audit trail over HTTP."""

from __future__ import annotations

import sqlalchemy as sa
from fastapi.testclient import TestClient

from tests.http.house import House


def test_every_showing_leaves_a_link(house: House, admin: TestClient) -> None:
    _, image_id = house.a_pending_item()
    admin.get(f"/api/imaging/images/{image_id}")
    admin.get(f"/api/imaging/images/{image_id}/file")
    links = admin.get("/api/audit", params={"object": image_id}).json()["items"]
    assert [link["action"] for link in links] == ["file read", "file read", "image shown"]
    assert links[0]["actor"].startswith("admin-")


def test_the_trail_is_read_backwards_page_by_page(house: House, admin: TestClient) -> None:
    house.a_pending_item()
    first = admin.get("/api/audit", params={"limit": 2}).json()
    rest = admin.get("/api/audit", params={"limit": 200, "before": first["before"]}).json()
    numbers = [link["number"] for link in (*first["items"], *rest["items"])]
    assert numbers == list(range(numbers[0], 0, -1))
    assert rest["before"] is None


def test_no_name_of_a_patient_is_in_the_trail(house: House, admin: TestClient) -> None:
    house.a_pending_item()
    admin.post("/api/patients", json={"family": "Geheim", "given": "Berta"})
    admin.post("/api/patients/search", json={"q": "Geheim"})
    text = admin.get("/api/audit", params={"limit": 200}).text
    assert "Beispiel" not in text
    assert "Geheim" not in text


def test_a_changed_link_is_found(house: House, admin: TestClient) -> None:
    house.a_pending_item()
    assert admin.get("/api/audit/verify").json()["brokenAt"] is None
    with house.world.engine.begin() as connection:
        connection.execute(sa.text("UPDATE audit SET actor = 'somebody else' WHERE number = 2"))
    assert admin.get("/api/audit/verify").json() == {"links": 2, "whole": False, "brokenAt": 2}
