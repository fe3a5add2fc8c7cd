"""How things stand over HTTP, and the stream that tells of changes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from fastapi.testclient import TestClient

from porion.clinic.permissions import Role
from tests.http.house import House, register_anna


def _events(client: TestClient, last: str | None = None) -> list[tuple[str, list[str]]]:
    headers = {"Last-Event-ID": last} if last else {}
    text = client.get("/api/events", headers=headers).text
    blocks = [block.splitlines() for block in text.split("\n\n") if "event: changed" in block]
    return [(id_.removeprefix("id: "), json.loads(data[6:])["topics"]) for id_, _, data in blocks]


def test_counts_and_health_for_the_head_of_the_page(house: House, admin: TestClient) -> None:
    house.a_pending_item()
    told = admin.get("/api/overview").json()
    assert (told["waiting"], told["linkedToday"], told["devicesWaiting"]) == (1, 0, 0)
    assert (told["health"], told["findings"]) == ("ok", [])


def test_the_day_is_the_askers(house: House, admin: TestClient) -> None:
    patient = register_anna(house)
    item, _ = house.a_pending_item()
    body = {"pendingId": item, "patientId": patient, "verified": ["name", "birthDate"]}
    assert admin.post("/api/imaging/dicom/match", json=body).status_code == 200
    assert admin.get("/api/overview").json()["linkedToday"] == 1
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    assert admin.get("/api/overview", params={"today": tomorrow}).json()["linkedToday"] == 0
    assert admin.get("/api/overview", params={"today": "yesterday"}).status_code == 422


def test_a_stream_says_where_things_stand_and_what_changed_since(house: House) -> None:
    client = house.holder(Role.RECEPTION)
    ((number, topics),) = _events(client)
    assert topics == []
    assert _events(client, number) == []
    house.a_pending_item()
    ((later, changed),) = _events(client, number)
    assert int(later) > int(number)
    assert changed == ["images", "inbox"]


def test_no_data_is_in_the_stream(house: House) -> None:
    client = house.holder()
    ((number, _),) = _events(client)
    item, image = house.a_pending_item()
    answer = client.get("/api/events", headers={"Last-Event-ID": number})
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    assert not [word for word in ("Beispiel", item, image) if word in answer.text]


def test_a_number_that_is_none_is_refused(house: House) -> None:
    client = house.holder()
    assert client.get("/api/events", headers={"Last-Event-ID": "one"}).status_code == 422
