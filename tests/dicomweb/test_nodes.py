from __future__ import annotations

import json
from typing import Any

import pytest

from porion.dicomweb import nodes as under_test
from porion.dicomweb.nodes import WebNodes
from porion.services.errors import NodeFailed
from porion.services.remote_ports import Counts, Level, Question, Wanted
from tests.builders import a_panoramic, file_bytes
from tests.dicomweb.server import a_site, multipart
from tests.dimse.test_fetching import Kept

ROW = {"0020000D": {"vr": "UI", "Value": ["1.2"]}, "00100010": {"vr": "PN", "Value": [{"Alphabetic": "A^B"}]}}
JSON = {"Content-Type": "application/dicom+json"}


def rows(*found: Any) -> Any:
    return lambda _path, _headers: (200, JSON, json.dumps(found).encode())


@pytest.mark.parametrize(
    ("level", "keys", "path"),
    [
        (Level.STUDY, {"PatientName": "A*"}, "/dicom-web/studies?PatientName=A%2A&limit=10"),
        (Level.SERIES, {"StudyInstanceUID": "1.2"}, "/dicom-web/studies/1.2/series?limit=10"),
        (Level.SERIES, {"Modality": "PX\\DX"}, "/dicom-web/series?Modality=PX%2CDX&limit=10"),
        (
            Level.IMAGE,
            {"StudyInstanceUID": "1.2", "SeriesInstanceUID": "1.3", "Rows": ""},
            "/dicom-web/studies/1.2/series/1.3/instances?limit=10&includefield=Rows",
        ),
        (Level.IMAGE, {"StudyInstanceUID": "1.2"}, "/dicom-web/studies/1.2/instances?limit=10"),
        (Level.IMAGE, {}, "/dicom-web/instances?limit=10"),
    ],
)
def test_each_level_has_its_resource(level: Level, keys: dict[str, str], path: str) -> None:
    with a_site(rows(ROW)) as site:
        (found,) = WebNodes().find(site.target("secret"), Question(level, keys, 10))
        assert (found.text("StudyInstanceUID"), found.text("PatientName")) == ("1.2", "A^B")
        ((asked, headers),) = site.asked
    assert asked == path
    assert headers["Host"] == f"pacs.example:{site.port}"
    assert headers["Authorization"] == "Bearer secret"


def test_no_more_than_the_limit_is_taken_and_nothing_is_no_answer() -> None:
    with a_site(rows(ROW, ROW, ROW)) as site:
        assert len(list(WebNodes().find(site.target(), Question(Level.STUDY, {}, 2)))) == 2
        site.answer = lambda _path, _headers: (204, {}, b"")
        assert list(WebNodes().find(site.target(), Question(Level.STUDY, {}))) == []


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ((401, {}, b""), "another token"),
        ((500, {}, b""), "status 500"),
        ((302, {"Location": "http://127.0.0.1:1/"}, b""), "status 302"),
        ((200, JSON, b"no json"), "no JSON"),
        ((200, JSON, b"{}"), "no list"),
        ((200, JSON, b'[{"x": 1}]'), "cannot be read"),
        ((200, JSON, b"[" * 100_000), "no JSON"),
        ((200, {"Content-Length": "100", **JSON}, b"[]"), "broke off"),
    ],
)
def test_what_is_no_answer_to_a_query_is_told(answer: Any, told: str) -> None:
    with a_site(lambda _path, _headers: answer) as site, pytest.raises(NodeFailed, match=told):
        list(WebNodes().find(site.target(), Question(Level.STUDY, {})))


def test_answers_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(under_test, "LONGEST_ANSWERS", 100)
    with a_site(rows(*[ROW] * 10)) as site, pytest.raises(NodeFailed, match="longer than 100"):
        list(WebNodes().find(site.target(), Question(Level.STUDY, {})))


def test_patients_are_not_known_there() -> None:
    with a_site(rows()) as site, pytest.raises(NodeFailed, match="study level"):
        list(WebNodes().find(site.target(), Question(Level.PATIENT, {})))


def test_instances_come_as_they_are() -> None:
    made = [file_bytes(a_panoramic(number)) for number in (1, 2, 3)]
    headers, body = multipart(*made)
    sink, told = Kept(wanted=tuple(str(a_panoramic(n).SOPInstanceUID) for n in (1, 2))), list[Counts]()
    with a_site(lambda _path, _headers: (200, headers, body)) as site:
        counts = WebNodes().get(site.target(), Wanted("1.2"), sink, told.append)
        ((path, asked),) = site.asked
    assert (counts.completed, counts.failed) == (2, 1)
    assert [one.completed for one in told] == [1, 2, 2]
    assert path == "/dicom-web/studies/1.2"
    assert "transfer-syntax=*" in asked["Accept"]
    assert set(sink.taken) == set(sink.wanted)


def test_single_instances_are_asked_for_one_by_one() -> None:
    made = file_bytes(a_panoramic(1))
    with a_site(lambda _path, _headers: (200, {"Content-Type": "application/dicom"}, made)) as site:
        wanted = Wanted("1.2", "1.3", ("1.4", "1.5"))
        WebNodes().get(site.target(), wanted, Kept(), lambda _counts: None)
        assert [path.rpartition("/")[2] for path, _ in site.asked] == ["1.4", "1.5"]


@pytest.mark.parametrize(
    ("headers", "body", "told"),
    [
        ({"Content-Type": "text/html"}, b"<html>", "answers with text/html"),
        (multipart(b"no DICOM at all")[0], multipart(b"no DICOM at all")[1], "cannot be read"),
        (multipart(b"x")[0], multipart(file_bytes(a_panoramic(1)))[1][:-200], "broke off"),
        (multipart(b"x")[0], b"no multipart message", "not the multipart message|broke off"),
    ],
)
def test_what_is_no_instance_is_told(headers: dict[str, str], body: bytes, told: str) -> None:
    with a_site(lambda _path, _headers: (200, headers, body)) as site, pytest.raises(NodeFailed, match=told):
        WebNodes().get(site.target(), Wanted("1.2"), Kept(), lambda _counts: None)


def test_what_can_be_done_there_is_found_out() -> None:
    with a_site(rows()) as site:
        assert WebNodes().abilities(site.target()) == {"qido": None, "wado": None}
    assert "cannot be reached" in str(WebNodes().abilities(site.target())["qido"])
