"""Server-sent events: what is found is told at once, and a stream ends when it has to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator

import pytest

from porion.http.streams import an_event, stream


async def _read(look: list[list[str]], seconds: float, closing: asyncio.Event) -> str:
    rounds = iter(look)
    answer = stream(lambda: next(rounds, []), closing, seconds)
    return "".join([str(piece) async for piece in answer.body_iterator])


def test_an_event_has_a_name_data_and_the_number_to_go_on_from() -> None:
    lines = an_event("changed", {"topics": ["inbox"]}, 7).splitlines()
    assert lines[:2] == ["id: 7", "event: changed"]
    assert json.loads(lines[2].removeprefix("data: ")) == {"topics": ["inbox"]}
    assert an_event("changed", {"words": "line\nbreak"}).count("\n") == 3


def test_what_every_look_finds_is_told_until_the_time_is_up() -> None:
    said = asyncio.run(_read([["a\n\n"], ["b\n\n"]], 0.5, asyncio.Event()))
    assert said.startswith("retry: ")
    assert said.endswith("a\n\nb\n\n")


def test_it_ends_when_the_server_closes() -> None:
    closing = asyncio.Event()
    closing.set()
    assert asyncio.run(_read([["a\n\n"], ["b\n\n"]], 300, closing)).endswith("a\n\n")


def test_an_error_of_the_look_ends_the_stream() -> None:
    def look() -> Iterator[str]:
        raise ValueError("the database is away")

    async def read() -> None:
        async for _ in stream(look, asyncio.Event(), 300).body_iterator:
            pass

    with pytest.raises(ValueError, match="away"):
        asyncio.run(read())
