"""Errors leave as problem documents, and nothing of a patient with them."""

from __future__ import annotations

import inspect
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.requests import Request
from structlog.testing import capture_logs

from porion.http.problems import PROBLEMS, problem, told
from porion.services import errors
from tests.http.house import House

CLASSES = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, errors.PorionError) and kind is not errors.PorionError
]


def test_every_error_of_the_services_is_in_the_table() -> None:
    assert set(CLASSES) == set(PROBLEMS)


def test_every_kind_of_problem_has_a_type_of_its_own() -> None:
    assert len({row.kind for row in PROBLEMS.values()}) == len(PROBLEMS)


@pytest.mark.parametrize("kind", CLASSES)
def test_a_problem_says_what_happened_to_what(kind: type[errors.PorionError]) -> None:
    request = Request({"type": "http", "method": "GET", "path": "/api/x", "headers": [], "query_string": b""})
    answer = problem(request, kind("What happened."))
    assert answer.media_type == "application/problem+json"
    assert answer.status_code == PROBLEMS[kind].status
    assert b'"detail":"What happened."' in answer.body
    assert b'"instance":"/api/x"' in answer.body


def test_an_error_of_another_package_is_told_like_its_parent() -> None:
    class Odd(errors.Stale):
        """A derived class."""

    assert told(Odd("")).kind == "stale"


def test_a_request_that_does_not_fit_names_each_field_but_not_its_value(admin: TestClient) -> None:
    body = {"family": "Geheim", "sex": "Geheim", "birthDate": "Geheim", "colour": "Geheim"}
    answer = admin.post("/api/patients", json=body)
    assert answer.status_code == 422
    assert {one["field"] for one in answer.json()["errors"]} == {"body.sex", "body.birthDate", "body.colour"}
    assert "Geheim" not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [("GET", "/api/nowhere", 404, "no-such-route"), ("DELETE", "/api/health", 405, "no-such-method")],
)
def test_routes_that_do_not_exist_are_problems_too(
    house: House, method: str, path: str, status: int, kind: str
) -> None:
    answer = house.nobody().request(method, path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["type"] == f"urn:porion:problem:{kind}"


def test_a_mistake_of_ours_is_logged_by_number_without_anybodys_data(house: House) -> None:
    def failing(_data: bytes) -> Any:
        raise RuntimeError("cannot digest Geheim^Anna")

    house.app.state.door = replace(house.app.state.door, read_csv=failing)
    with capture_logs() as logs:
        answer = house.holder().post(
            "/api/patients/import", content=b"Geheim", headers={"Content-Type": "text/csv"}
        )
    assert (answer.status_code, answer.json()["type"]) == (500, "urn:porion:problem:unexpected")
    assert logs[0]["number"] == answer.json()["number"]
    assert logs[0]["kind"] == "RuntimeError"
    assert any("test_problems.py" in place for place in logs[0]["where"])
    assert "Geheim" not in answer.text + str(logs)
