from __future__ import annotations

from starlette.testclient import TestClient

from tests.http.house import House
from tests.http.test_query import a_node

RETRIEVE = "/api/imaging/dicom/retrieve"


def test_a_retrieve_is_a_job(house: House, admin: TestClient) -> None:
    a_node(house, 1)
    asked = admin.post(RETRIEVE, json={"node": "PACS", "studyInstanceUid": "1.2.3"})
    assert asked.status_code == 202
    job = asked.json()
    assert (job["kind"], job["state"], job["arguments"]["study"]) == ("retrieve", "queued", "1.2.3")
    assert admin.get(asked.headers["location"]).json() == job
    again = admin.post(RETRIEVE, json={"node": "PACS", "studyInstanceUid": "1.2.3"})
    assert again.json()["id"] == job["id"]
    assert admin.post(RETRIEVE, json={"node": "OTHER", "studyInstanceUid": "1.2.3"}).status_code == 404
    assert admin.post(RETRIEVE, json={"node": "PACS", "studyInstanceUid": "x"}).status_code == 422
