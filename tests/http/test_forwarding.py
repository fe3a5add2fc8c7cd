from __future__ import annotations

from starlette.testclient import TestClient

RULES = "/api/imaging/forwarding/rules"


def test_a_rule_is_added_seen_and_removed(admin: TestClient) -> None:
    pacs = {"name": "PACS", "aeTitle": "ORTHANC", "host": "192.168.1.5", "port": 4242}
    node = admin.post("/api/imaging/nodes", json=pacs).json()
    added = admin.post(RULES, json={"name": "On", "node": "PACS", "category": "CBCT"})
    assert added.status_code == 201
    rule = added.json()
    assert (rule["nodeId"], rule["category"], rule["verifiedOnly"]) == (node["id"], "CBCT", True)
    assert admin.post(RULES, json={"name": "On", "node": "PACS"}).status_code == 409
    (row,) = admin.get(RULES).json()["items"]
    assert row == {"rule": rule, "node": "PACS", "counts": {"waiting": 0, "sent": 0, "given up": 0}}
    assert admin.get("/api/imaging/forwarding").json() == {"items": [], "nextCursor": None}
    assert admin.get("/api/imaging/forwarding", params={"state": "lost"}).status_code == 422
    one = f"{RULES}/{rule['id']}"
    assert admin.patch(one, json={"enabled": False}).json() == {**rule, "enabled": False}
    assert admin.patch(one, json={"enabled": True}).json() == rule
    assert admin.post(f"{one}/retry").json() == {"instances": 0}
    assert admin.post(f"{RULES}/other/retry").status_code == 404
    assert admin.delete(one).status_code == 204
    assert admin.get(RULES).json() == {"items": []}
