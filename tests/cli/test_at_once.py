from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from porion.cli.at_once import at_once


def test_sources_run_beside_each_other() -> None:
    meeting = threading.Barrier(2, timeout=20)

    def source(name: str) -> Callable[[Callable[[], bool]], Iterator[str]]:
        def run(_stop: Callable[[], bool]) -> Iterator[str]:
            meeting.wait()
            yield name

        return run

    assert sorted(at_once([source("a"), source("b")])) == ["a", "b"]
    assert list(at_once([])) == []


def test_when_nobody_takes_any_more_all_are_told_to_stop() -> None:
    ended = threading.Event()

    def endless(stop: Callable[[], bool]) -> Iterator[int]:
        number = 0
        try:
            while not stop():
                number += 1
                yield number
        finally:
            ended.set()

    found = at_once([endless])
    assert next(found) == 1
    found.close()  # type: ignore[attr-defined]
    assert ended.wait(20)


def test_an_error_of_a_source_is_raised() -> None:
    def broken(_stop: Callable[[], bool]) -> Iterator[int]:
        yield 1
        raise ValueError("broken")

    found = at_once([broken])
    assert next(found) == 1
    with pytest.raises(ValueError, match="broken"):
        next(found)
