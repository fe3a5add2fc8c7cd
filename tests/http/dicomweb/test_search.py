from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException

from porion.http.dicomweb.search import question_of
from porion.services import search as searching
from porion.services.search_rows import Level
from tests.builders import a_cbct_series, a_panoramic, uid
from tests.http.house import House
from tests.world import bring

WEB = "/dicom-web"
STUDY = f"{WEB}/studies/{uid('study-cbct')}"


def found(viewer: TestClient, path: str, **asked: Any) -> int:
    answer = viewer.get(path, params=asked)
    if answer.status_code == 204:
        assert answer.content == b""
        return 0
    assert answer.headers["content-type"] == "application/dicom+json"
    return len(answer.json())


def test_every_address_of_the_standard_searches(house: House, viewer: TestClient) -> None:
    bring(house.world, a_panoramic(), *a_cbct_series(4))
    series = viewer.get(f"{STUDY}/series").json()[0]["0020000E"]["Value"][0]
    counts = {
        f"{WEB}/studies": 2,
        f"{WEB}/series": 2,
        f"{WEB}/instances": 5,
        f"{STUDY}/series": 1,
        f"{STUDY}/instances": 4,
        f"{STUDY}/series/{series}/instances": 4,
        f"{WEB}/studies/1.2/series": 0,
    }
    assert {path: found(viewer, path) for path in counts} == counts


def test_keys_pages_and_fields_are_read_from_the_query(house: House, viewer: TestClient) -> None:
    bring(house.world, a_panoramic(), *a_cbct_series(4))
    assert found(viewer, f"{WEB}/studies", PatientName="beispiel*", StudyDate="20260101-") == 2
    assert found(viewer, f"{WEB}/studies", PatientName="anna", fuzzymatching="true") == 2
    assert found(viewer, f"{WEB}/instances", limit="3", offset="1") == 3
    assert found(viewer, f"{WEB}/instances", Modality="CT", InstanceNumber="2") == 1
    answer = viewer.get(f"{WEB}/series?includefield=Manufacturer,00081090&includefield=KVP&Modality=PX")
    assert answer.json()[0]["00080070"]["Value"] == ["Synthetic Devices"]
    assert answer.json()[0]["00081190"]["Value"][0].startswith("http://localhost/dicom-web/studies/")


def test_nothing_found_is_no_content(viewer: TestClient) -> None:
    assert viewer.get(f"{WEB}/studies").status_code == 204


def test_keys_that_nothing_is_done_with_are_told_in_a_warning(house: House, viewer: TestClient) -> None:
    bring(house.world, a_panoramic())
    answer = viewer.get(f"{WEB}/studies", params={"KVP": "85", 'x"\r\ny': "1"})
    assert answer.status_code == 200
    assert answer.headers["warning"] == '299 porion "These keys were not looked at: KVP, xy"'


def test_more_than_are_given_at_once_is_told_in_a_warning(
    house: House, viewer: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MOST", 1)
    bring(house.world, a_panoramic(), *a_cbct_series(4))
    assert "more results" in viewer.get(f"{WEB}/studies").headers["warning"]
    assert "warning" not in viewer.get(f"{WEB}/studies", params={"limit": "1"}).headers


@pytest.mark.parametrize(
    "asked",
    [
        {"PatientName": "a\0b"},
        {"limit": "x"},
        {"limit": "-1"},
        {"offset": "9" * 30},
        {"StudyDate": "yesterday"},
        {"StudyTime": "25h"},
    ],
)
def test_what_makes_no_sense_is_a_bad_request(viewer: TestClient, asked: dict[str, str]) -> None:
    answer = viewer.get(f"{WEB}/studies", params=asked)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/dicom+json", 200),
        ("application/json", 200),
        ("*/*", 200),
        ('multipart/related; type="application/dicom+xml", application/dicom+json;q=0.1', 200),
        ('multipart/related; type="application/dicom+xml"', 406),
        ("text/html", 406),
    ],
)
def test_answers_are_had_in_json(house: House, viewer: TestClient, accept: str, status: int) -> None:
    bring(house.world, a_panoramic())
    assert viewer.get(f"{WEB}/studies", headers={"Accept": accept}).status_code == status


@pytest.mark.parametrize("value", ["'; DROP TABLE studies; --", "%", "*" * 500, "\\", "=^=^", "_", "[a-z]*"])
def test_any_value_is_only_a_value(house: House, viewer: TestClient, value: str) -> None:
    bring(house.world, a_panoramic())
    for key in ("PatientName", "PatientID", "AccessionNumber", "StudyInstanceUID", "ModalitiesInStudy"):
        assert viewer.get(f"{WEB}/studies", params={key: value}).status_code in (200, 204)
    assert found(viewer, f"{WEB}/studies") == 1


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), max_size=6))
def test_any_query_is_a_question_or_refused(asked: list[tuple[str, str]]) -> None:
    try:
        question = question_of(asked, Level.STUDY, {})
    except HTTPException:
        assert any(name in ("limit", "offset") for name, _ in asked)
    else:
        assert question.skip >= 0
