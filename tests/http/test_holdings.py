"""Conflicts, quarantine and the count of everything."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from tests.builders import a_panoramic, uid
from tests.http.house import House
from tests.world import bring


def test_every_instance_is_in_exactly_one_state(house: House, admin: TestClient) -> None:
    bring(house.world, a_panoramic(), a_panoramic(KVP="60"), a_panoramic(2), b"no image")
    assert admin.get("/api/imaging/states").json() == {
        "linked": 0, "pending": 2, "conflict": 1, "quarantined": 1,
    }  # fmt: skip


def test_a_conflict_names_the_instance_that_came_first(house: House, admin: TestClient) -> None:
    bring(house.world, a_panoramic(), a_panoramic(KVP="60"))
    (conflict,) = admin.get("/api/imaging/conflicts").json()["items"]
    assert conflict["sopInstanceUid"] == uid("panoramic", 1)
    assert conflict["conflictsWith"] != conflict["id"]
    assert conflict["path"] == "2.dcm"


def test_a_quarantined_file_comes_with_its_reason(house: House, admin: TestClient) -> None:
    bring(house.world, b"no image")
    (file,) = admin.get("/api/imaging/quarantine").json()["items"]
    assert (file["path"], file["size"], bool(file["reason"])) == ("1.dcm", 8, True)
    assert file["source"]["door"] == "test"


@pytest.mark.parametrize("kind", ["conflicts", "quarantine"])
def test_lists_go_by_cursor(house: House, admin: TestClient, kind: str) -> None:
    bring(house.world, a_panoramic(), *(a_panoramic(KVP=str(n)) for n in (1, 2, 3)), b"a", b"b", b"c")
    first = admin.get(f"/api/imaging/{kind}", params={"limit": 2}).json()
    rest = admin.get(f"/api/imaging/{kind}", params={"limit": 2, "cursor": first["nextCursor"]}).json()
    assert len({one["id"] for one in (*first["items"], *rest["items"])}) == 3
    assert rest["nextCursor"] is None
