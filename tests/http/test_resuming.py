"""Large files over HTTP, in pieces."""

from __future__ import annotations

import hashlib
import io
import zipfile

from fastapi.testclient import TestClient

from tests.builders import a_lateral_ceph, a_panoramic, file_bytes
from tests.http.house import House

UPLOADS = "/api/imaging/uploads"


def a_zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.dcm", file_bytes(a_panoramic()))
        archive.writestr("b.dcm", file_bytes(a_lateral_ceph()))
    return packed.getvalue()


def test_an_upload_that_broke_goes_on_where_it_stopped(admin: TestClient) -> None:
    whole = a_zip()
    begun = admin.post(UPLOADS, json={"name": "scans.zip", "size": len(whole)}).json()
    address = f"{UPLOADS}/{begun['id']}"
    middle = len(whole) // 2
    admin.put(address, params={"offset": 0}, content=whole[:middle])
    again = admin.put(address, params={"offset": 0}, content=whole[:middle])
    assert (again.status_code, admin.get(address).json()["offset"]) == (409, middle)
    assert admin.put(address, params={"offset": middle}, content=whole[middle:]).json()["offset"] == len(
        whole
    )
    told = admin.post(f"{address}/finish", json={"digest": hashlib.sha256(whole).hexdigest()}).json()
    assert told["summary"] == {"pending": 2}
    assert [one["path"] for one in told["outcomes"]] == ["scans.zip!a.dcm", "scans.zip!b.dcm"]
    assert admin.get(address).status_code == 404


def test_an_upload_can_be_ended(admin: TestClient) -> None:
    begun = admin.post(UPLOADS, json={"name": "a.dcm", "size": 10}).json()
    assert admin.delete(f"{UPLOADS}/{begun['id']}").status_code == 204
    assert admin.post(f"{UPLOADS}/{begun['id']}/finish", json={}).status_code == 404


def test_nobody_goes_on_with_somebody_elses_upload(house: House, admin: TestClient) -> None:
    begun = admin.post(UPLOADS, json={"name": "a.dcm", "size": 10}).json()
    assert house.holder().get(f"{UPLOADS}/{begun['id']}").status_code == 404


def test_a_piece_larger_than_said_is_refused(admin: TestClient) -> None:
    begun = admin.post(UPLOADS, json={"name": "a.dcm", "size": 3 << 20}).json()
    too_large = bytes(begun["pieceSize"] + 1)
    assert admin.put(f"{UPLOADS}/{begun['id']}", params={"offset": 0}, content=too_large).status_code == 413
