from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from porion.services.trail import read_trail, show, verify_trail
from porion.store.together import LATELY, Together
from tests.world import World


class Ledger:
    """Transactions that write nothing down but who was in them; they wait for ``gate``."""

    def __init__(self) -> None:
        self.commits: list[list[Any]] = []
        self.gate = threading.Event()
        self.opened = threading.Event()

    @contextmanager
    def open(self, _clinic_id: str) -> Iterator[list[Any]]:
        inside: list[Any] = []
        self.opened.set()
        assert self.gate.wait(30)
        yield inside
        self.commits.append(inside)

    def write(self, tx: Any, said: Sequence[Any]) -> None:
        if "refused" in said:
            raise ValueError("refused")
        tx.extend(said)


def a_crowd(ledger: Ledger, together: Together, words: Sequence[str]) -> dict[str, BaseException | None]:
    """The first one writes while the others come to wait; what each heard."""
    heard: dict[str, BaseException | None] = {}

    def one(word: str) -> None:
        try:
            together.say("clinic", word, ledger.write)
        except ValueError as error:
            heard[word] = error
        else:
            heard[word] = None

    threads = [threading.Thread(target=one, args=[word]) for word in words]
    threads[0].start()
    assert ledger.opened.wait(30)
    for thread in threads[1:]:
        thread.start()
    while len(together._waiting["clinic"]) < len(words) - 1:
        threading.Event().wait(0.001)
    ledger.gate.set()
    for thread in threads:
        thread.join(30)
    return heard


def test_those_who_wait_at_the_same_time_share_one_commit() -> None:
    ledger = Ledger()
    heard = a_crowd(ledger, Together(ledger.open), [str(n) for n in range(20)])
    assert set(heard.values()) == {None}
    assert [sorted(commit, key=int) for commit in ledger.commits] == [["0"], [str(n) for n in range(1, 20)]]


def test_what_the_database_refuses_takes_nobody_else_with_it() -> None:
    ledger = Ledger()
    heard = a_crowd(ledger, Together(ledger.open), ["first", "refused", "a", "b"])
    assert [word for word, error in heard.items() if error is not None] == ["refused"]
    assert sorted(word for commit in ledger.commits for word in commit) == ["a", "b", "first"]


def test_what_was_said_under_a_key_lately_is_not_said_again() -> None:
    ledger, now = Ledger(), [0.0]
    ledger.gate.set()
    together = Together(ledger.open, lambda: now[0])
    for at, said, key in ((0, "a", 1), (1, "b", 1), (2, "c", 2), (LATELY - 1, "d", 1), (LATELY, "e", 1)):
        now[0] = float(at)
        together.say("clinic", said, ledger.write, key)
    together.say("another", "f", ledger.write, 1)
    assert ledger.commits == [["a"], ["c"], ["e"], ["f"]]


def test_what_failed_under_a_key_is_said_again() -> None:
    ledger = Ledger()
    ledger.gate.set()
    together = Together(ledger.open)
    with pytest.raises(ValueError, match="refused"):
        together.say("clinic", "refused", ledger.write, 1)
    together.say("clinic", "a", ledger.write, 1)
    assert ledger.commits == [["a"]]


def test_a_crowd_of_looks_leaves_a_whole_chain(each_world: World) -> None:
    porion, actor = each_world.porion, each_world.actor
    looks = [
        threading.Thread(target=show, args=[porion, actor, "looked", ("image", str(n))]) for n in range(24)
    ]
    for look in looks:
        look.start()
    for look in looks:
        look.join(60)
    links = read_trail(porion, actor, before=None, limit=50, object_id=None)
    assert {link.object_id for link in links} == {str(n) for n in range(24)}
    assert verify_trail(porion, actor).whole
