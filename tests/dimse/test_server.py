"""The server as its peers see it."""

from __future__ import annotations

import os
import socket
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from porion.dimse.limits import Limits
from porion.dimse.protocol.commands import Command, write_command
from porion.dimse.protocol.pdus import Abort, AssociateAccept, AssociateReject
from porion.dimse.server import plain_address
from porion.services.devices import add_device
from porion.services.queue import index_queue
from porion.store.space import Space
from tests.builders import a_cbct_series, a_panoramic
from tests.dimse.house import CT, ECHO, House, Raw, a_house
from tests.world import World


def test_what_was_sent_is_found(house: House) -> None:
    assert house.send(a_panoramic(), *a_cbct_series(5)) == [0] * 6
    queue = house.world.spool.queue()
    queue.await_turn()
    assert index_queue(house.world.porion, queue) == {"pending": 6}
    house.stop()
    house.world.spool.close()
    queue.tidy()
    queue.close()
    assert [path for path in house.world.spool.root.iterdir() if path.is_dir()] == []


def test_a_full_spool_is_told_and_passes(house: House) -> None:
    now = [0.0]
    house.world.spool.space = Space(house.world.spool.root, quota=100, clock=lambda: now[0])
    first, second = a_panoramic(1), a_panoramic(2)
    assert house.send(first, second, second) == [0, 0xA700, 0xA700]
    assert "the worker is behind" in (house_told(house) or "")
    index(house)
    now[0] = 60.0
    assert house.send(second) == [0]


def house_told(house: House) -> str | None:
    """What the house tells a device that is refused, once its association has been noted."""
    while (told := house.device().last_error) is None:
        pass
    return told


def index(house: House) -> None:
    """What the worker does."""
    queue = house.world.spool.queue()
    queue.await_turn()
    index_queue(house.world.porion, queue)
    queue.close()


def test_an_echo_is_answered(house: House) -> None:
    with house.association(ECHO) as held:
        assert held.send_c_echo().Status == 0


def test_a_device_is_counted(house: House) -> None:
    house.send(a_panoramic())
    house.stop()
    device = house.device()
    assert (device.stored, device.failed, device.last_error) == (1, 0, None)
    assert device.bytes > 0
    assert device.last_seen is not None


def test_strangers_are_turned_away_and_listed(house: House) -> None:
    rejected = house.raw().associate(ECHO, calling="STRANGER").answer
    assert rejected == AssociateReject(1, 1, 3)
    assert house.device("STRANGER").state == "waiting"
    assert house.raw().associate(ECHO, called="OTHER").answer == AssociateReject(1, 1, 7)


def test_silence_ends(world: World) -> None:
    with a_house(world, replace(Limits(), artim=0.2, idle=0.2, pdu=0.2)) as house:
        silent, partial = house.raw(), house.raw()
        partial.socket.sendall(b"\x01\x00\x00")
        assert isinstance(quick_enough(house).next(), Abort)
        assert silent.next() is None
        assert partial.next() is None


def quick_enough(house: House) -> Raw:
    """A peer that has its association: on a busy machine one may be too slow to ask for it in time."""
    for _ in range(100):
        with suppress(ConnectionError):
            peer = house.raw().associate(ECHO)
            if isinstance(peer.answer, AssociateAccept):
                return peer
    raise AssertionError("nobody was quick enough")


def test_a_length_that_is_a_lie_is_refused_before_it_comes(house: House) -> None:
    liar = house.raw()
    liar.socket.sendall(b"\x01\x00\xff\xff\xff\xff")
    assert liar.socket.recv(100)[:1] == b"\x07"


def test_beyond_the_limit_the_busiest_address_makes_room(world: World) -> None:
    with a_house(world, replace(Limits(), knocking=3)) as house:
        crowd = [house.raw() for _ in range(8)]
        for _ in range(3):
            with house.association(ECHO) as held:
                assert held.send_c_echo().Status == 0
        assert crowd[0].next() is None


def test_a_device_has_its_share_and_others_find_the_reserve(world: World) -> None:
    limits = replace(Limits(), associations=2, per_device=2, reserve=1)
    with a_house(world, limits) as house:
        held = [house.raw().associate(ECHO) for _ in range(2)]
        assert all(isinstance(one.answer, AssociateAccept) for one in held)
        assert house.raw().associate(ECHO).answer == AssociateReject(2, 3, 2)
        add_device(world.porion, world.actor, "CEPH", "127.0.0.1/32", "")
        assert isinstance(house.raw().associate(ECHO, calling="CEPH").answer, AssociateAccept)
        assert house.raw().associate(ECHO, calling="CEPH").answer == AssociateReject(2, 3, 2)


def test_stopping_ends_what_rests_at_once(house: House) -> None:
    # In this order: who has an association was accepted after the one who has none.
    knocking, resting = house.raw(), house.raw().associate(ECHO)
    assert isinstance(resting.answer, AssociateAccept)
    house.stop()
    assert isinstance(resting.next(), Abort)
    assert knocking.next() is None


def test_stopping_lets_an_object_finish(house: House) -> None:
    begun = threading.Event()
    house.world.spool.checkpoint = lambda step: begun.set() if step == "inlet.opened" else None
    sender = house.raw().associate(CT)
    first, rest = an_object_in_two(sender)
    sender.socket.sendall(first)
    assert begun.wait(30)
    stopping = threading.Thread(target=house.stop)
    stopping.start()
    sender.socket.sendall(rest)
    answer = sender.next()
    assert not isinstance(answer, Abort)
    assert isinstance(sender.next(), Abort)
    stopping.join()


def an_object_in_two(sender: Raw) -> tuple[bytes, bytes]:
    """A C-STORE of a few bytes, cut in its middle."""
    command = Command(
        field=1,
        message_id=1,
        affected_sop_class_uid=CT,
        affected_sop_instance_uid="1.2.3",
        data_set_type=1,
        priority=0,
    )
    sender.layer.send(1, write_command(command), is_command=True)
    sender.layer.send(1, bytes(1000), is_command=False)
    message = sender.layer.output()
    return message[:-500], message[-500:]


def test_nothing_is_left_behind(house: House) -> None:
    def left() -> tuple[int, int]:
        house.world.engine.dispose()
        return len(list(Path("/proc/self/fd").iterdir())), threading.active_count()

    house.send(a_panoramic())
    for _ in range(3):
        house.raw().close()
    before = left()
    # So many that a leak of one each could not hide among the database's own handles.
    peers = 60
    for n in range(peers):
        peer = house.raw()
        if n % 2:
            peer.associate(CT)
            peer.socket.sendall(an_object_in_two(peer)[0])
        peer.socket.sendall(os.urandom(50))
        peer.close()
    house.stop()
    assert left()[0] < before[0] + peers // 4
    assert left()[1] <= before[1]
    assert not list(house.world.spool.root.glob("*/*.part"))


@pytest.mark.parametrize(
    ("told", "plain"),
    [("127.0.0.1", "127.0.0.1"), ("::ffff:10.0.0.9", "10.0.0.9"), ("fe80::1%eth0", "fe80::1")],
)
def test_addresses_are_written_as_people_do(told: str, plain: str) -> None:
    assert plain_address(told) == plain


def test_a_peer_that_goes_in_the_middle_leaves_no_instance(house: House) -> None:
    sender = house.raw().associate(CT)
    sender.socket.sendall(an_object_in_two(sender)[0])
    sender.socket.shutdown(socket.SHUT_WR)
    sender.next()
    house.stop()
    assert not any(slot.stat().st_size for slot in house.world.spool.root.glob("*/*.dcm"))
    assert "under way" in (house.device().last_error or "")
