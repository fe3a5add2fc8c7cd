"""The process that plays the devices: what it sends, how it waits, and what it says."""

from __future__ import annotations

import gc
import json
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

import pytest

from porion.cli.demo_clinic import book, settle
from porion.cli.demo_sender import Play, perform, player
from porion.emulator.devices import UNITS
from porion.services.devices import add_device, list_devices
from porion.services.performed import list_performed
from porion.services.worklist import see_schedule
from porion.services.worklist_records import StepFilter
from tests.dimse.house import a_house, nobody_there
from tests.emulator.small import CROWD, small_visits
from tests.world import World


class Enough(Exception):
    """The test has seen what it wanted."""


@dataclass
class Sleeper:
    """Notes how long somebody wants to wait, and ends it after so many times."""

    most: int
    waits: list[float] = field(default_factory=list)

    def __call__(self, seconds: float) -> None:
        self.waits.append(seconds)
        if len(self.waits) == self.most:
            raise Enough


def a_play(morning: int = 3, *, keep_sending: bool = False, as_json: bool = True) -> Play:
    """Small visits of the demo's clinic."""
    return Play(small_visits(), "PORION", morning, 2, keep_sending, as_json)


def let_in(world: World) -> None:
    """Approve the demo's devices."""
    for unit in UNITS:
        add_device(world.porion, world.actor, unit.title, "127.0.0.1/32", unit.name)


def test_a_morning_is_sent_study_by_study(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    let_in(world)
    sleeper = Sleeper(99)
    with a_house(world) as house:
        perform(a_play(), ("127.0.0.1", house.port), sleeper)
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["device"] for one in told] == [visit.unit.title for visit in islice(small_visits(), 3)]
    assert {(one["event"], one["instances"], one["refused"]) for one in told} == {("sent", 1, 0)}
    assert sleeper.waits == [1.0, 1.0, 1.0]
    assert sum(device.stored for device in list_devices(world.porion, world.actor)) == 3


def test_a_device_with_a_worklist_answers_it_and_reports(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    settle(world.porion, world.actor, Path(), CROWD)
    book(world.porion, world.actor, islice(small_visits(), 1))
    with a_house(world) as house:
        perform(a_play(2), ("127.0.0.1", house.port), Sleeper(99))
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["byWorklist"] for one in told] == [True, False]
    (row,) = list_performed(world.porion, world.actor)
    (view,) = see_schedule(world.porion, world.actor, StepFilter())
    assert (row.state, row.steps, view.step.state) == ("completed", [view.step.id], "completed")


def test_after_the_morning_one_comes_now_and_then(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    let_in(world)
    sleeper = Sleeper(3)
    with a_house(world) as house, pytest.raises(Enough):
        perform(a_play(1, keep_sending=True), ("127.0.0.1", house.port), sleeper)
    assert len(capsys.readouterr().out.splitlines()) == 2
    assert sleeper.waits == [1.0, 20.0, 20.0]


def test_people_read_who_sent_what(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    let_in(world)
    with a_house(world) as house:
        perform(a_play(1, as_json=False), ("127.0.0.1", house.port), Sleeper(99))
    assert capsys.readouterr().out == "  PANCEPH sent a panoramic: as registered\n"


# pynetdicom leaves the socket that could not connect to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_study_that_cannot_be_sent_is_told_and_the_next_one_tried(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with nobody_there() as port:
        perform(a_play(2), ("127.0.0.1", port), Sleeper(99))
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("takes no association") == 2
    gc.collect()


def test_the_process_sends_once_it_knows_where_and_ends_with_the_block(world: World) -> None:
    let_in(world)
    with player(replace(a_play(1), pause=0.0)) as begin, a_house(world) as house:
        begin("127.0.0.1", house.port)
        while not sum(device.stored for device in list_devices(world.porion, world.actor)):
            pass
