from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from starlette.exceptions import HTTPException

from porion.clinic.permissions import Role
from porion.http.dicomweb.stow import RelatedParts
from porion.services.errors import Invalid
from porion.services.images import count_states
from tests.builders import a_lateral_ceph, a_panoramic, file_bytes, uid
from tests.http.dicomweb.multipart import related
from tests.http.house import House

STUDIES = "/dicom-web/studies"
PANORAMIC = file_bytes(a_panoramic())


def states(house: House) -> dict[str, int]:
    return {state: n for state, n in count_states(house.world.porion, house.world.admin).items() if n}


def reasons(answer: Any) -> list[int]:
    failed = answer.json().get("00081198", {}).get("Value", [])
    return [item["00081197"]["Value"][0] for item in failed]


def test_what_is_stored_is_told_and_found(house: House, viewer: TestClient) -> None:
    answer = viewer.post(STUDIES, **related(PANORAMIC, file_bytes(a_lateral_ceph())))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/dicom+json")
    told = answer.json()
    assert "00081198" not in told
    first = told["00081199"]["Value"][0]
    assert first["00081155"]["Value"] == [uid("panoramic", 1)]
    fetched = viewer.get(
        first["00081190"]["Value"][0], headers={"Accept": "application/dicom; transfer-syntax=*"}
    )
    assert fetched.content == PANORAMIC
    assert states(house) == {"pending": 2}


def test_one_instance_is_stored_without_parts(house: House, viewer: TestClient) -> None:
    answer = viewer.post(STUDIES, content=PANORAMIC, headers={"Content-Type": "application/dicom"})
    assert (answer.status_code, states(house)) == (200, {"pending": 1})


def test_the_same_again_is_a_success_and_nothing_new(house: House, viewer: TestClient) -> None:
    for _ in range(2):
        assert viewer.post(STUDIES, **related(PANORAMIC)).status_code == 200
    assert states(house) == {"pending": 1}


def test_another_data_set_under_the_same_uid_is_kept(house: House, viewer: TestClient) -> None:
    answer = viewer.post(STUDIES, **related(PANORAMIC, file_bytes(a_panoramic(Rows=5))))
    assert (answer.status_code, states(house)) == (200, {"pending": 1, "conflict": 1})


def test_what_cannot_be_read_fails_by_itself(house: House, viewer: TestClient) -> None:
    answer = viewer.post(STUDIES, **related(PANORAMIC, b"no DICOM at all"))
    assert (answer.status_code, reasons(answer)) == (202, [0xC000])
    alone = viewer.post(STUDIES, **related(b"nothing"))
    assert (alone.status_code, reasons(alone)) == (409, [0xC000])


def test_an_address_that_names_a_study_takes_that_one_s_instances_only(
    house: House, viewer: TestClient
) -> None:
    other = file_bytes(a_lateral_ceph(study="b"))
    answer = viewer.post(f"{STUDIES}/{uid('study-1')}", **related(PANORAMIC, other))
    assert (answer.status_code, reasons(answer)) == (202, [0xA900])
    assert answer.json()["00081190"]["Value"] == [f"http://localhost{STUDIES}/{uid('study-1')}"]
    assert states(house) == {"pending": 1}


def test_a_line_break_before_the_first_boundary_does_no_harm(house: House, viewer: TestClient) -> None:
    sent = related(PANORAMIC)
    sent["content"] = b"\r\n" + sent["content"]
    assert viewer.post(STUDIES, **sent).status_code == 200


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (related(PANORAMIC, kind="application/dicom+json"), 415),
        ({"content": PANORAMIC, "headers": {"Content-Type": "application/octet-stream"}}, 415),
        ({"content": PANORAMIC}, 415),
        ({"content": b"x", "headers": {"Content-Type": "multipart/related; type=application/dicom"}}, 400),
        ({**related(PANORAMIC), "content": related(PANORAMIC)["content"][:-40]}, 400),
        ({**related(PANORAMIC), "content": b"--another\r\n"}, 400),
        ({**related(PANORAMIC), "content": b""}, 400),
    ],
)
def test_a_body_that_is_no_upload_is_refused_as_a_whole(
    house: House, viewer: TestClient, sent: dict[str, Any], status: int
) -> None:
    assert viewer.post(STUDIES, **sent).status_code == status
    assert states(house) == {}


def test_parts_of_another_type_are_not_taken(house: House, viewer: TestClient) -> None:
    sent = related(b"<xml/>", kind="text/xml")
    sent["headers"]["Content-Type"] = 'multipart/related; type="application/dicom"; boundary=the-boundary'
    assert viewer.post(STUDIES, **sent).status_code == 415


def test_headers_without_end_are_refused(viewer: TestClient) -> None:
    sent = related(PANORAMIC)
    sent["content"] = b"--the-boundary\r\nContent-Type: " + b"x" * 70_000
    assert viewer.post(STUDIES, **sent).status_code == 400


def test_storing_needs_a_type_of_answer_that_we_have(house: House, viewer: TestClient) -> None:
    sent = related(PANORAMIC)
    sent["headers"]["Accept"] = "text/html"
    assert viewer.post(STUDIES, **sent).status_code == 406
    assert states(house) == {}


def test_reception_may_store(house: House) -> None:
    assert house.holder(Role.RECEPTION).post(STUDIES, **related(PANORAMIC)).status_code == 200


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    parts=st.lists(st.binary(max_size=300), min_size=1, max_size=4),
    cuts=st.lists(st.integers(1, 50), max_size=30),
)
def test_any_bytes_come_out_of_a_body_as_they_went_in(
    tmp_path_factory: pytest.TempPathFactory, parts: list[bytes], cuts: list[int]
) -> None:
    body = related(*parts, boundary="b0undary")["content"]
    folder = tmp_path_factory.mktemp("parts")
    reader = RelatedParts(folder, b"b0undary")
    at = 0
    for cut in (*cuts, len(body)):
        reader.write(body[at : at + cut])
        at += cut
    reader.finish()
    reader.close()
    if not any(b"\r\n--b0undary" in b"\r\n" + part for part in parts):
        assert [upload.path.read_bytes() for upload in reader.uploads] == parts


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(body=st.binary(max_size=200))
@example(body=b"\r\n")  # a part without a type
def test_any_body_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, body: bytes) -> None:
    reader, status = RelatedParts(tmp_path_factory.mktemp("parts"), b"x"), None
    try:
        reader.write(b"--x\r\n" + body)
        reader.finish()
    except Invalid:
        pass
    except HTTPException as refusal:
        status = refusal.status_code
    finally:
        reader.close()
    assert status in (None, 415)
