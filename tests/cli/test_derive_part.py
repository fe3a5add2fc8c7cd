"""The thread that makes copies and thumbnails goes on, whatever one round meets."""

from __future__ import annotations

import threading

import pytest

from porion.cli import derive_part
from porion.services.derive import Derived
from porion.services.errors import OutOfSpace
from porion.services.ports import Porion
from tests.world import World


def test_it_goes_on_after_every_kind_of_round(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    over, seen = threading.Event(), []
    rounds = iter([Derived(3, ["ab" * 32]), OutOfSpace("full"), RuntimeError("ours"), Derived(0, ())])

    def a_round(porion: Porion) -> Derived:
        one = next(rounds, None)
        seen.append(one)
        if one is None:
            over.set()
            return Derived(0, ())
        if isinstance(one, Exception):
            raise one
        return one

    monkeypatch.setattr(derive_part, "derive_round", a_round)
    derive_part.derive(world.porion, over, looks=0.01)
    assert len(seen) == 5


def test_it_ends_with_the_worker(world: World) -> None:
    with derive_part.deriving(world.porion):
        running = [one for one in threading.enumerate() if one.name.endswith("(derive)")]
        assert len(running) == 1
    running[0].join(30)
    assert not running[0].is_alive()
