"""Whether Porion answers."""

from __future__ import annotations

from tests.http.house import House


def test_anybody_may_ask_and_learns_nothing_else(house: House) -> None:
    answer = house.nobody().get("/api/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "server" not in answer.headers
