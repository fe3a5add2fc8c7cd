"""Uploads go to the scratch directory and are gone with the answer."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from porion.http.uploads import Parts, told_in_words
from porion.services.errors import Invalid, OutOfSpace, StorageFailed
from tests.http.house import House

IMPORT = "/api/imaging/dicom/import"
FORM = {"Content-Type": "multipart/form-data; boundary=b"}


def _part(disposition: str, content: bytes) -> bytes:
    return b"--b\r\nContent-Disposition: form-data; " + disposition.encode() + b"\r\n\r\n" + content + b"\r\n"


@given(content=st.binary(max_size=300), cut=st.integers(1, 40))
def test_files_arrive_whole_however_the_body_is_cut(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, cut: int
) -> None:
    folder = tmp_path_factory.mktemp("upload")
    body = _part('name="a"', b"a plain field") + _part('name="f"; filename="x.dcm"', content) + b"--b--\r\n"
    parts = Parts(folder, b"b")
    if b"\r\n--b" in content:
        return
    for start in range(0, len(body), cut):
        parts.write(body[start : start + cut])
    parts.finish()
    assert [upload.label for upload in parts.uploads] == ["x.dcm"]
    assert parts.uploads[0].path.read_bytes() == content


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "C:\\\\boot.ini", "/etc/passwd", "x" * 200, "a;b", "é.dcm"]
)
def test_a_files_name_is_a_label_and_never_a_path(tmp_path: Path, name: str) -> None:
    parts = Parts(tmp_path, b"b")
    parts.write(_part(f'name="f"; filename="{name}"', b"x") + b"--b--\r\n")
    parts.finish()
    assert [path.name for path in tmp_path.iterdir()] == ["00000000"]
    assert len(parts.uploads[0].label) >= 3


def test_an_upload_that_breaks_off_is_refused_and_leaves_nothing(house: House, admin: TestClient) -> None:
    answer = admin.post(IMPORT, content=_part('name="f"; filename="x"', b"half"), headers=FORM)
    assert answer.status_code == 422
    assert "broke off" in answer.json()["detail"]
    assert not list(house.scratch.iterdir())


@pytest.mark.parametrize("body", [b"", b"nonsense", _part('name="a"', b"a plain field") + b"--b--\r\n"])
def test_a_body_without_a_file_is_refused(admin: TestClient, body: bytes) -> None:
    assert admin.post(IMPORT, content=body, headers=FORM).status_code == 422


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data", "text/csv", ""])
def test_another_media_type_is_refused_with_the_one_that_is_taken(admin: TestClient, kind: str) -> None:
    answer = admin.post(IMPORT, content=b"{}", headers={"Content-Type": kind})
    assert answer.status_code == 415
    assert "multipart/form-data" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("code", "kind"), [(errno.ENOSPC, OutOfSpace), (errno.EDQUOT, OutOfSpace), (errno.EIO, StorageFailed)]
)
def test_a_disk_that_refuses_is_told_in_words(code: int, kind: type[Exception]) -> None:
    with pytest.raises(kind, match="upload"), told_in_words():
        raise OSError(code, "the system's word")


def test_a_scratch_directory_that_is_gone_is_a_storage_failure(house: House, admin: TestClient) -> None:
    house.scratch.rmdir()
    assert admin.post(IMPORT, files={"f": ("x.dcm", b"x")}).status_code == 503


def test_too_many_headers_on_a_part_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="no multipart form"):
        Parts(tmp_path, b"b").write(b"--b\r\n" + b"X: y\r\n" * 100)
