from __future__ import annotations

from starlette.testclient import TestClient

from tests.http.house import House
from tests.http.test_query import a_node

RULES = "/api/imaging/retrieval-rules"


def test_a_rule_is_added_rehearsed_switched_and_removed(house: House, admin: TestClient) -> None:
    a_node(house, 1)
    added = admin.post(RULES, json={"name": "nightly", "node": "PACS", "kind": "history", "hour": 2})
    assert added.status_code == 201
    one = f"{RULES}/{added.json()['id']}"
    assert admin.get(RULES).json()["items"] == [added.json()]
    assert admin.patch(one, json={"enabled": False}).json()["enabled"] is False
    assert admin.post(f"{one}/rehearse").json() == {"items": []}
    assert admin.delete(one).status_code == 204
    assert admin.delete(one).status_code == 404
    assert admin.post(RULES, json={"name": "x", "node": "OTHER"}).status_code == 404
