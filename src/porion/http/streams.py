"""Server-sent events (WHATWG HTML section 9.2): what a page is told without asking again and again."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

EVERY = 1.0
"""Seconds between two looks; what happened is told within that."""

# Proxies end connections on which nothing is said for a minute.
_SILENCE = 20.0
EVENT_STREAM: Any = {200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}}
"""How the API's description declares such an answer."""

Look = Callable[[], Iterable[str]]


def an_event(name: str, data: Mapping[str, Any], number: int | None = None) -> str:
    """One event; a browser that lost the connection says the last ``number`` that it heard."""
    told = f"event: {name}\ndata: {json.dumps(data)}\n\n"
    return told if number is None else f"id: {number}\n{told}"


def stream(look: Look, closing: asyncio.Event, seconds: float) -> StreamingResponse:
    """What ``look`` finds, again and again, until so many seconds have passed or the server closes.

    ``look`` runs in a thread; an error of it ends the stream, and the browser asks anew.
    """
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_said(look, closing, seconds), media_type="text/event-stream", headers=headers)


async def _said(look: Look, closing: asyncio.Event, seconds: float) -> AsyncIterator[str]:
    ends, said_at = time.monotonic() + seconds, time.monotonic()
    yield f"retry: {int(EVERY * 3000)}\n\n"
    while True:
        for event in await run_in_threadpool(lambda: list(look())):
            said_at = time.monotonic()
            yield event
        if time.monotonic() - said_at > _SILENCE:
            said_at = time.monotonic()
            yield ": still here\n\n"
        if closing.is_set() or time.monotonic() >= ends:
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(closing.wait(), EVERY)
