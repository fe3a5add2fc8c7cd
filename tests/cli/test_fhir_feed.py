"""``porion feed fhir``: a real server on this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.desk import Desk
from tests.fhir.resources import a_patient
from tests.fhir.server import fhir_server


def test_a_servers_patients_come_into_the_register(desk: Desk, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("secret\n")
    with fhir_server() as server:
        server.patients = {str(number): a_patient(str(number)) for number in range(3)}
        words = ("--issuer", "http://praxis.example/id=CLINIC", "--token-file", token, "--json")
        said = desk.do("feed", "fhir", server.base, *words).document
        assert said == {"added": 3}
        assert server.headers[0]["Authorization"] == "Bearer secret"
        assert desk.do("feed", "fhir", server.base).out in ("Nothing changed.\n", "3 replayed\n")
    (first, *_) = desk.do("patients", "list", "--json").lines
    assert first["identifiers"][0] == {"value": "P-0", "issuer": "CLINIC"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("http://fhir.example",), "no https address"),
        (("ftp://127.0.0.1",), "no https address"),
        (("https://fhir.example", "--issuer", "CLINIC"), "SYSTEM=ISSUER"),
        (("https://fhir.example", "--token-file", "/nowhere"), "cannot be read"),
    ],
)
def test_what_makes_no_sense_is_told(desk: Desk, words: tuple[str, ...], told: str) -> None:
    said = desk.run("feed", "fhir", *words)
    assert said.status == 2
    assert told in said.err


def test_a_server_that_fails_is_told(desk: Desk) -> None:
    with fhir_server() as server:
        server.failing = 1
        said = desk.run("feed", "fhir", server.base)
        base = server.base
    assert said.status != 0
    assert f"The server {base} answers 500" in said.err
    said = desk.run("feed", "fhir", base)
    assert "cannot be reached" in said.err
