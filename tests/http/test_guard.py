"""What stands before every route."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from porion.http.guard import HEADERS, host_name
from tests.http.house import House


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "", "localhost@evil.example", "[localhost"]
)
def test_a_foreign_name_in_the_host_header_is_refused(house: House, host: str) -> None:
    answer = house.nobody().get("/api/health", headers={"Host": host})
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:porion:problem:unknown-host")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8040", "localhost:1"])
def test_our_own_name_is_let_in_with_any_port(house: House, host: str) -> None:
    assert house.nobody().get("/api/health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    ("header", "name"),
    [("[::1]:8040", "::1"), ("[::1]", "::1"), ("Porion.Local:80", "porion.local"), ("10.0.0.1", "10.0.0.1")],
)
def test_a_host_header_is_read_without_its_port(header: str, name: str) -> None:
    assert host_name(header) == name


@pytest.mark.parametrize("path", ["/api/health", "/api/session", "/nowhere", "/api/openapi.json"])
def test_every_answer_carries_the_security_headers(house: House, path: str) -> None:
    answer = house.nobody().get(path)
    assert {name: answer.headers.get(name) for name in HEADERS} == dict(HEADERS)


def test_even_a_refused_host_and_a_crash_carry_them(house: House) -> None:
    broken = house.with_settings()
    broken.app.state.door = replace(broken.app.state.door, porion=None)
    for answer in (
        house.nobody().get("/", headers={"Host": "evil.example"}),
        broken.nobody().get("/api/session", headers={"Authorization": "Bearer x"}),
    ):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_small_route_does_not_read_a_large_body(admin: TestClient) -> None:
    answer = admin.post("/api/patients", json={"family": "x" * (1 << 20)})
    assert answer.status_code == 413
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_an_upload_above_the_limit_ends_without_its_length_being_stated(house: House) -> None:
    client = house.with_settings(upload_limit=100_000).holder()
    headers = {"Content-Type": "multipart/form-data; boundary=b"}

    def endless() -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\n'
        for _ in range(100):
            yield bytes(10_000)

    answer = client.post("/api/imaging/dicom/import", content=endless(), headers=headers)
    assert answer.status_code == 413
    assert "100000 bytes" in answer.json()["detail"]
    assert not list(house.scratch.iterdir())


def test_a_stated_length_above_the_limit_is_refused_before_anything_is_read(house: House) -> None:
    client = house.with_settings(upload_limit=1000).holder()
    files = {"f": ("x.dcm", bytes(2000))}
    assert client.post("/api/imaging/dicom/import", files=files).status_code == 413
