"""Asking remote nodes what they hold."""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Iterator
from functools import partial
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from pydantic import Field

from porion.http.access import GuardedRoute
from porion.http.params import TheDoor, Who
from porion.http.patient_shapes import NameParts
from porion.http.shapes import Shape, Text
from porion.services.query import MOST, Asked, Found, Outcome, query
from porion.services.query_shapes import found_json, outcome_json
from porion.services.remote_ports import Level

router = APIRouter(prefix="/api/imaging/dicom", tags=["remote nodes"], route_class=GuardedRoute)

LINES = "application/x-ndjson"
# How often, and after how many seconds each, is looked whether a piece that nobody takes has come.
_CLOSES, _PAUSE = 200, 0.05


class NodeQuery(Shape):
    """Which nodes are asked (by name or identifier), at which level, and for what, by keyword.

    Dates may be written 2026-03-02, ranges of them 2026-01-01-2026-03-02; names may have wildcards.
    """

    nodes: Annotated[list[Text], Field(min_length=1, max_length=20)]
    level: Level = Level.STUDY
    keys: Annotated[dict[Text, Text], Field(default_factory=dict)]
    limit: Annotated[int, Field(ge=1, le=MOST)] = 200


class FoundAnswer(Shape):
    """An answer of a node: what it says by keyword, what we hold of it, and whose it may be."""

    node: str
    level: Level
    attributes: dict[str, Any]
    held: int | None
    stated: int | None
    patient_id: str | None
    patient: NameParts | None
    grade: str | None
    modalities: list[str]


class OutcomeOfNode(Shape):
    """How one node answered; ``capped`` says that it has more than was asked for."""

    node: str
    answers: int
    capped: bool
    way: str
    error: str | None


class QueryAnswer(Shape):
    """What all nodes answered, and how each of them did."""

    items: list[FoundAnswer]
    outcomes: list[OutcomeOfNode]


@router.post("/query", response_model=QueryAnswer, responses={200: {"content": {LINES: {}}}})
async def query_nodes(door: TheDoor, actor: Who, request: Request, body: NodeQuery) -> StreamingResponse:
    """Ask remote nodes; the answer is written as the nodes answer, and they are stopped when nobody reads it.

    With ``Accept: application/x-ndjson`` each answer, and at its end each node's outcome, is a line.
    """
    over = threading.Event()
    asked = Asked(tuple(body.nodes), body.level, body.keys, body.limit, over.is_set)
    found = await run_in_threadpool(query, door.porion, door.remotes, actor, asked)
    lines = LINES in request.headers.get("accept", "")
    written = _lines(found) if lines else _document(found)
    return StreamingResponse(_stoppable(written, over), media_type=LINES if lines else "application/json")


def _lines(found: Iterator[Found | Outcome]) -> Iterator[str]:
    for one in found:
        yield json.dumps(found_json(one) if isinstance(one, Found) else outcome_json(one)) + "\n"


def _document(found: Iterator[Found | Outcome]) -> Iterator[str]:
    outcomes, before = [], '{"items":['
    for one in found:
        if isinstance(one, Outcome):
            outcomes.append(outcome_json(one))
            continue
        yield before + json.dumps(found_json(one))
        before = ","
    opened = "" if before == "," else before
    yield f'{opened}],"outcomes":{json.dumps(outcomes)}}}'


async def _stoppable(written: Iterator[str], over: threading.Event) -> AsyncIterator[str]:
    """Each piece as it comes; whoever leaves stops the nodes, though they may be silent just then."""
    wait = partial(next, written, None)
    try:
        while (piece := await to_thread.run_sync(wait, abandon_on_cancel=True)) is not None:
            yield piece
    finally:
        over.set()
        await asyncio.shield(asyncio.to_thread(_closed, written))


def _closed(written: Iterator[str]) -> None:
    """Take what is left, so that the nodes' associations end; another thread may still wait for a piece."""
    for _ in range(_CLOSES):
        try:
            for _piece in written:
                pass
        except ValueError:
            time.sleep(_PAUSE)
        else:
            return
