"""What is sent arrives as it was, over the real network door."""

from __future__ import annotations

import gc
from itertools import islice

import pytest

from porion.emulator.devices import PLATES, UNITS, images
from porion.emulator.sender import NotReceived, send
from porion.services.devices import add_device
from porion.services.inbox import list_inbox
from porion.services.queue import index_queue
from tests.dimse.house import a_house, nobody_there
from tests.emulator.small import small_visits
from tests.world import World


def test_a_mornings_studies_are_received_and_indexed(world: World) -> None:
    morning = list(islice(small_visits(), 10))
    for unit in UNITS:
        add_device(world.porion, world.actor, unit.title, "127.0.0.1/32", unit.name)
    with a_house(world) as house:
        for visit in morning:
            assert send(images(visit), "127.0.0.1", house.port, visit.unit.title, "PORION") == [0]
        house.stop()
        assert house.device(PLATES.title).stored == 1
    queue = world.spool.queue()
    queue.await_turn()
    assert index_queue(world.porion, queue) == {"pending": 10}
    queue.close()
    assert len(list_inbox(world.porion, world.actor, state="pending", limit=50)) == 10


def test_each_study_is_an_association_of_its_own(world: World) -> None:
    data_sets = [made for visit in islice(small_visits(), 3) for made in images(visit)]
    with a_house(world) as house:
        assert send(data_sets, "127.0.0.1", house.port, "PAN1", "PORION") == [0, 0, 0]
        house.stop()
        assert house.device().stored == 3


def test_a_refusal_is_told(world: World) -> None:
    with a_house(world) as house, pytest.raises(NotReceived, match="takes no association from STRANGER"):
        send(images(next(small_visits())), "127.0.0.1", house.port, "STRANGER", "PORION")


# pynetdicom leaves the socket that could not connect to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_nobody_there_is_told() -> None:
    with nobody_there() as port, pytest.raises(NotReceived, match=f"127.0.0.1:{port}"):
        send(images(next(small_visits())), "127.0.0.1", port, "PAN1", "PORION")
    gc.collect()
