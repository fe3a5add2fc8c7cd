"""A file as an answer: an attachment under our name, whole, of either data set of a conflict."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from tests.builders import a_panoramic, file_bytes
from tests.http.house import House

SECOND = file_bytes(a_panoramic(KVP="70"))


@pytest.fixture
def contested(house: House) -> str:
    first, second = house.world.bring(a_panoramic(), SECOND)
    assert (first.outcome, second.outcome) == ("pending", "conflict")
    return str(first.image_id)


def test_both_data_sets_of_a_conflict_can_be_fetched_and_compared(admin: TestClient, contested: str) -> None:
    (conflict,) = admin.get("/api/imaging/conflicts").json()["items"]
    second = admin.get(f"/api/imaging/conflicts/{conflict['id']}/file")
    first = admin.get(f"/api/imaging/images/{contested}/file")

    assert second.content[132:] == SECOND[132:] != first.content[132:]
    for answer in (first, second):
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert int(answer.headers["Content-Length"]) == len(answer.content)


def test_the_image_says_that_another_data_set_came(admin: TestClient, contested: str) -> None:
    problems = admin.get(f"/api/imaging/images/{contested}").json()["problems"]

    assert [p["tag"] for p in problems if "another data set" in p["reason"]] == ["(0008,0018)"]


def test_what_is_no_conflict_is_not_found_among_them(admin: TestClient, contested: str) -> None:
    assert admin.get(f"/api/imaging/conflicts/{contested}/file").status_code == 404
