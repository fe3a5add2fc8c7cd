from __future__ import annotations

from starlette.testclient import TestClient

NODES = "/api/imaging/nodes"
PACS = {"name": "PACS", "aeTitle": "ORTHANC", "host": "192.168.1.5", "port": 4242, "token": "secret"}


def test_a_node_is_added_seen_changed_and_removed(admin: TestClient) -> None:
    added = admin.post(NODES, json=PACS)
    assert added.status_code == 201
    node = added.json()
    assert (node["hasToken"], "token" in node) == (True, False)
    assert admin.post(NODES, json=PACS).status_code == 409
    one = f"{NODES}/{node['id']}"
    assert admin.get(one).json() == node
    assert admin.patch(one, json={"uses": ["query"]}).json()["uses"] == ["query"]
    assert [row["name"] for row in admin.get(NODES).json()["items"]] == ["PACS"]
    assert admin.delete(one).status_code == 204
    assert admin.get(one).status_code == 404


def test_this_machine_is_no_node_unless_it_is_said(admin: TestClient) -> None:
    local = {**PACS, "host": "127.0.0.1", "port": 1}
    refused = admin.post(NODES, json=local)
    assert refused.status_code == 422
    assert "this machine" in refused.json()["detail"]
    node = admin.post(NODES, json={**local, "mayBeLocal": True}).json()
    tried = admin.post(f"{NODES}/{node['id']}/test").json()
    assert "cannot be reached" in tried["abilities"]["echo"]
