"""Without a way to run them beside each other, sources are asked one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, cast

from porion.services.remote_ports import Remotes


def test_sources_are_asked_one_after_the_other_and_none_is_stopped() -> None:
    remotes = Remotes(cast("Any", None), cast("Any", None), lambda _: ())
    asked: list[tuple[str, bool]] = []

    def source(name: str) -> Callable[[Callable[[], bool]], Iterator[Any]]:
        def answers(stop: Callable[[], bool]) -> Iterator[Any]:
            asked.append((name, stop()))
            yield from (f"{name}1", f"{name}2")

        return answers

    assert list(remotes.at_once([source("a"), source("b")])) == ["a1", "a2", "b1", "b2"]
    assert asked == [("a", False), ("b", False)]
