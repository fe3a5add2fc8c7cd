from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import suppress

from starlette.testclient import TestClient

from porion.dimse.protocol.commands import Field
from porion.http.query import _stoppable
from porion.services.nodes import NodeChange, add_node
from tests.asked import remotes
from tests.dimse.fake_pacs import a_pacs
from tests.http.house import House
from tests.services.test_query import a_study, answering

QUERY = "/api/imaging/dicom/query"


def a_node(house: House, port: int) -> None:
    change = NodeChange("PACS", "PACS", "127.0.0.1", port, may_be_local=True)
    add_node(house.world.porion, remotes(), house.world.admin, change)


def test_answers_and_outcomes_come_as_one_document_or_as_lines(house: House, admin: TestClient) -> None:
    with a_pacs({Field.C_FIND_RQ: answering(a_study(1), a_study(2))}) as pacs:
        a_node(house, pacs.port)
        asked = {"nodes": ["PACS"], "level": "STUDY", "keys": {"PatientName": "BEI*"}}
        answer = admin.post(QUERY, json=asked).json()
        assert [one["attributes"]["StudyInstanceUID"] for one in answer["items"]] == ["1.2.1", "1.2.2"]
        assert answer["outcomes"] == [
            {"node": "PACS", "answers": 2, "capped": False, "way": "dicom", "error": None}
        ]
        lines = admin.post(QUERY, json=asked, headers={"Accept": "application/x-ndjson"})
        assert lines.headers["content-type"].startswith("application/x-ndjson")
        told = [json.loads(line) for line in lines.text.splitlines()]
        assert [one.get("answers") for one in told] == [None, None, 2]


def test_nothing_is_an_empty_document(house: House, admin: TestClient) -> None:
    with a_pacs({Field.C_FIND_RQ: answering()}) as pacs:
        a_node(house, pacs.port)
        answer = admin.post(QUERY, json={"nodes": ["PACS"]})
    assert answer.json()["items"] == []


def test_what_makes_no_question_is_a_problem(house: House, admin: TestClient) -> None:
    a_node(house, 1)
    assert admin.post(QUERY, json={"nodes": ["OTHER"]}).status_code == 404
    assert admin.post(QUERY, json={"nodes": []}).status_code == 422
    assert admin.post(QUERY, json={"nodes": ["PACS"], "keys": {"Nonsense": "x"}}).status_code == 422
    (outcome,) = admin.post(QUERY, json={"nodes": ["PACS"]}).json()["outcomes"]
    assert "cannot be reached" in outcome["error"]


def test_whoever_leaves_while_a_node_is_silent_stops_it() -> None:
    over, waits, closed = threading.Event(), threading.Event(), threading.Event()

    def written() -> Iterator[str]:
        try:
            yield "first"
            waits.set()
            over.wait(20)
            yield "late"
        finally:
            closed.set()

    async def leave() -> None:
        pieces = _stoppable(written(), over)
        assert await anext(pieces) == "first"
        second = asyncio.ensure_future(anext(pieces))
        await asyncio.to_thread(waits.wait, 20)
        second.cancel()
        with suppress(asyncio.CancelledError):
            await second
        assert over.is_set()
        assert await asyncio.to_thread(closed.wait, 20)

    asyncio.run(leave())
