"""Who has to make room, and who finds some."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from porion.dimse.connections import Connections
from porion.dimse.limits import Limits


@dataclass(eq=False)
class Somebody:
    address: str = "10.0.0.1"
    said: list[str] = field(default_factory=list)

    def break_off(self) -> None:
        self.said.append("broken off")

    def hurry(self) -> None:
        self.said.append("hurried")


def connections(**limits: int) -> Connections:
    return Connections(replace(Limits(), **limits))


def test_the_oldest_of_the_busiest_address_makes_room() -> None:
    held = connections(knocking=3)
    quiet, *crowd = Somebody("10.0.0.9"), Somebody(), Somebody(), Somebody()
    for one in (quiet, *crowd):
        held.enter(one)
    assert [one.said for one in (quiet, *crowd)] == [[], ["broken off"], [], []]
    held.make_room()
    assert crowd[1].said == ["broken off"]


def test_nobody_makes_room_when_nobody_is_there() -> None:
    connections().make_room()


def test_shares_and_the_reserve() -> None:
    held = connections(associations=2, per_device=2, reserve=1)
    first, second = Somebody(), Somebody()
    assert held.associate(first, "pan")
    assert held.associate(second, "pan")
    assert not held.associate(Somebody(), "pan")
    assert held.associate(Somebody(), "ceph")
    assert not held.associate(Somebody(), "ceph")
    held.leave(first)
    assert not held.associate(Somebody(), "ceph")
    held.leave(second)
    assert held.associate(Somebody(), "ceph")


def test_the_end_reaches_everybody() -> None:
    held = connections()
    knocking, associated = Somebody(), Somebody()
    held.enter(knocking)
    held.enter(associated)
    held.associate(associated, "pan")
    held.hurry()
    assert not held.await_end(0)
    held.break_off()
    assert knocking.said == associated.said == ["hurried", "broken off"]
    held.leave(knocking)
    held.leave(associated)
    assert held.await_end(0)
