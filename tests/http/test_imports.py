"""Bringing images in over HTTP: every file has an outcome."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from zipfile import ZipFile

import pytest
from fastapi.testclient import TestClient

from porion.services.errors import OutOfSpace, StorageFailed
from porion.services.import_files import BATCH_FILES
from porion.services.incoming import Found, Incoming
from tests.builders import a_cbct_series, a_panoramic, an_intra_oral, file_bytes, uid
from tests.http.house import House
from tests.world import incoming

IMPORT = "/api/imaging/dicom/import"


def _zip(**files: bytes) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_files_of_every_kind_in_one_upload_each_have_their_outcome(admin: TestClient) -> None:
    panoramic = file_bytes(a_panoramic())
    files = [
        ("one", ("pan.dcm", panoramic)),
        ("two", ("again.dcm", panoramic)),
        ("two", ("letter.pdf", b"%PDF-1.7 a letter")),
        ("three", ("broken.dcm", panoramic[:300])),
        ("four", ("disc.zip", _zip(a=file_bytes(an_intra_oral())))),
    ]
    answer = admin.post(IMPORT, files=files)
    outcomes = {one["path"]: one for one in answer.json()["outcomes"]}
    assert answer.status_code == 200
    assert {path: one["outcome"] for path, one in outcomes.items()} == {
        "pan.dcm": "pending",
        "again.dcm": "duplicate",
        "letter.pdf": "skipped",
        "broken.dcm": "quarantined",
        "disc.zip!a": "pending",
    }
    assert answer.json()["summary"] == {"pending": 2, "duplicate": 1, "skipped": 1, "quarantined": 1}
    assert outcomes["pan.dcm"]["sopInstanceUid"] == uid("panoramic", 1)
    assert outcomes["pan.dcm"]["category"] == "PANORAMIC"
    assert outcomes["pan.dcm"]["imageId"] == outcomes["again.dcm"]["imageId"]
    assert outcomes["letter.pdf"]["reason"]
    assert outcomes["broken.dcm"]["reason"]


def test_another_data_set_under_the_same_uid_is_a_conflict(admin: TestClient) -> None:
    first, second = a_panoramic(), a_panoramic(KVP="60")
    admin.post(IMPORT, files={"f": ("1.dcm", file_bytes(first))})
    (outcome,) = admin.post(IMPORT, files={"f": ("2.dcm", file_bytes(second))}).json()["outcomes"]
    assert (outcome["outcome"], bool(outcome["reason"])) == ("conflict", True)


def test_a_volume_of_many_files_becomes_one_image(admin: TestClient) -> None:
    files = [("f", (f"{n}.dcm", file_bytes(one))) for n, one in enumerate(a_cbct_series(5))]
    outcomes = admin.post(IMPORT, files=files).json()["outcomes"]
    assert len({one["imageId"] for one in outcomes}) == 1
    image = admin.get(f"/api/imaging/images/{outcomes[0]['imageId']}").json()
    assert (image["slices"], image["volume"]["verdict"], image["category"]) == (5, "complete", "CBCT")


def test_the_scratch_directory_is_empty_afterwards(house: House, admin: TestClient) -> None:
    admin.post(IMPORT, files={"f": ("disc.zip", _zip(a=file_bytes(a_panoramic())))})
    assert not list(house.scratch.iterdir())


@pytest.mark.parametrize(("error", "status"), [(OutOfSpace("Full."), 507), (StorageFailed("Broken."), 503)])
def test_when_the_disk_refuses_in_between_what_was_safe_is_told(
    house: House, error: Exception, status: int
) -> None:
    def unpack(_path: Path, _label: str) -> Iterator[Found]:
        for n in range(3 * BATCH_FILES):
            yield incoming(b"no image %d" % n, f"{n}.dcm")
        yield Incoming("full.dcm", None, refuse)

    def refuse() -> AbstractContextManager[BinaryIO]:
        raise error

    house.app.state.door = replace(house.app.state.door, unpack=unpack)
    answer = house.holder().post(IMPORT, files={"f": ("x", b"x")})
    assert answer.status_code == status
    assert answer.json()["detail"] == str(error)
    paths = [one["path"] for one in answer.json()["outcomes"]]
    assert len(paths) >= BATCH_FILES
    assert paths == [f"{n}.dcm" for n in range(len(paths))]
    assert answer.json()["summary"] == {"quarantined": len(paths)}
    assert not list(house.scratch.iterdir())


def test_a_hostile_file_name_is_shown_as_text(admin: TestClient) -> None:
    files = {"f": ("\x1b[31m<script>alert(1)</script>\u202e.txt", b"hello")}
    (outcome,) = admin.post(IMPORT, files=files).json()["outcomes"]
    assert outcome["path"].isprintable()
    assert "<script>" in outcome["path"]
