from __future__ import annotations

from fastapi.testclient import TestClient

from tests.builders import a_panoramic, file_bytes, uid
from tests.http.house import House
from tests.world import bring

INSTANCE = (
    f"/dicom-web/studies/{uid('study-1')}/series/{uid('study-1', 'series', 1)}"
    f"/instances/{uid('panoramic', 1)}"
)


def test_one_instance_is_fetched_in_ranges(house: House, viewer: TestClient) -> None:
    content = file_bytes(a_panoramic())
    bring(house.world, content)
    accept = {"Accept": "application/dicom; transfer-syntax=*"}
    whole = viewer.get(INSTANCE, headers=accept)
    assert (whole.content, whole.headers["accept-ranges"]) == (content, "bytes")
    assert whole.headers["content-disposition"].startswith("attachment")
    part = viewer.get(INSTANCE, headers={**accept, "Range": "bytes=128-131"})
    assert (part.status_code, part.content) == (206, b"DICM")
    assert part.headers["content-range"] == f"bytes 128-131/{len(content)}"
    beyond = viewer.get(INSTANCE, headers={**accept, "Range": "bytes=99999999-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(content)}")
