"""The application as a whole: its description, and what no address and no log may hold."""

from __future__ import annotations

import logging

import pytest
from fastapi.testclient import TestClient

from tests.http.house import House


def test_the_description_tells_each_routes_purpose_permission_and_problems(house: House) -> None:
    for path, methods in house.app.openapi()["paths"].items():
        for method, route in methods.items():
            where = f"{method} {path}"
            assert route["summary"], where
            assert f"Permission: `{route['x-permission']}`" in route["description"], where
            assert "application/problem+json" in route["responses"]["default"]["content"], where
            assert "HTTPValidationError" not in str(route["responses"]), where


def test_the_description_holds_together(house: House) -> None:
    text = house.nobody().get("/api/openapi.json").text
    schema = house.app.openapi()
    assert {"Problem", "ImageAnswer", "Candidates"} <= set(schema["components"]["schemas"])
    assert set(schema["components"]["securitySchemes"]) == {"token", "session"}
    for part in text.split('"#/components/schemas/')[1:]:
        assert part.split('"')[0] in schema["components"]["schemas"]


def test_every_name_in_an_answer_is_camel_case(house: House) -> None:
    schemas = house.app.openapi()["components"]["schemas"]
    names = {name for schema in schemas.values() for name in schema.get("properties", {})}
    assert not [name for name in names if "_" in name]


def test_a_patients_name_is_in_no_log(
    house: House, admin: TestClient, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO, "porion")
    admin.post("/api/patients", json={"family": "Geheim", "given": "Anna"})
    admin.post("/api/patients/search", json={"q": "Geheim"})
    admin.put("/api/patients/Geheim", json={"family": "Geheim", "version": "Geheim"})
    out = capsys.readouterr()
    assert "Geheim" not in out.out + out.err
    assert not [record for record in caplog.records if record.name.startswith("porion")]


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/api/", "/api/patients/"])
def test_nothing_answers_that_is_not_in_the_description(house: House, path: str) -> None:
    assert house.nobody().get(path).status_code == 404
