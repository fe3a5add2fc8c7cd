"""How the worker is woken."""

from __future__ import annotations

from pathlib import Path

from porion.store.bell import Bell, Listener


def test_a_ring_that_nobody_hears_is_nothing(tmp_path: Path) -> None:
    Bell(tmp_path / "bell").ring()
    listener = Listener(tmp_path / "bell")
    bell = Bell(tmp_path / "bell")
    bell.ring()
    assert listener.wait(600)
    listener.close()
    bell.ring()
    bell.ring()


def test_many_rings_are_heard_as_one_and_never_block(tmp_path: Path) -> None:
    listener = Listener(tmp_path / "bell")
    bells = [Bell(tmp_path / "bell") for _ in range(3)]
    for _ in range(30_000):
        bells[0].ring()
    for bell in bells:
        bell.ring()
    assert listener.wait(600)
    assert not listener.wait(0)
    listener.close()
