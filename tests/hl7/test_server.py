from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_network

import pytest

from porion.hl7.mllp import framed
from porion.hl7.server import Door, Limits, Server
from porion.services.patients import list_patients
from tests.hl7.messages import adt
from tests.hl7.sender import Sender, sending
from tests.world import World

NO_LIMITS = Limits()


@contextmanager
def listening(
    world: World, *, peers: tuple[str, ...] = ("127.0.0.0/8",), limits: Limits = NO_LIMITS
) -> Iterator[int]:
    """A server on a free port; gives the port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        door = Door(world.porion, world.clinic_id, [ip_network(one) for one in peers], limits)
        server = Server(door, listener)
        thread = threading.Thread(target=server.run)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            server.stop()
            thread.join(30)
    assert not thread.is_alive()


def test_messages_on_one_connection_are_answered_in_order(world: World) -> None:
    with listening(world) as port, sending(port) as sender:
        wire = b"".join(framed(adt("A28", str(number), pid=f"P-{number}")) for number in range(1, 6))
        sender.send(wire[:100])
        sender.send(wire[100:])
        heard = [sender.hear() for _ in range(5)]
    assert [one[:2] for one in heard if one] == [("AA", str(number)) for number in range(1, 6)]
    assert len(list_patients(world.porion, world.actor)) == 5


def test_a_bad_message_is_refused_and_the_next_one_taken(world: World) -> None:
    with listening(world) as port, sending(port) as sender:
        sender.send(framed(b"nonsense") + framed(adt(number="2")))
        first, second = sender.hear(), sender.hear()
    assert first is not None
    assert (first[0], second and second[:2]) == ("AR", ("AA", "2"))


def test_what_is_no_mllp_is_told_and_hung_up(world: World) -> None:
    with listening(world) as port, sending(port) as sender:
        sender.send(b"GET / HTTP/1.1\r\n\r\n")
        said = sender.hear()
        assert said is not None
        assert said[0] == "AR"
        assert sender.hear() is None


@pytest.mark.parametrize("limits", [Limits(idle=0.05), Limits(message=0.05)])
def test_who_says_nothing_or_stops_in_the_middle_is_hung_up(world: World, limits: Limits) -> None:
    with listening(world, limits=limits) as port, sending(port) as sender:
        if limits.message < limits.idle:
            sender.send(b"\x0bMSH|")
        assert sender.hear() is None


def test_others_than_the_named_peers_are_hung_up(world: World) -> None:
    with listening(world, peers=("192.0.2.0/24",)) as port, sending(port) as sender:
        assert sender.hear() is None


def test_one_connection_too_many_is_hung_up_and_the_others_go_on(world: World) -> None:
    with listening(world, limits=Limits(connections=1)) as port, sending(port) as first:
        first.send(framed(adt(number="1")))
        assert first.hear() is not None
        with sending(port) as second:
            assert second.hear() is None
        first.send(framed(adt(number="2")))
        assert first.hear() is not None


def test_a_silent_connection_does_not_hold_up_the_end(world: World) -> None:
    with listening(world) as port:
        sender = Sender(port)
        sender.send(framed(adt()))
        assert sender.hear() is not None
    assert sender.hear() is None
    sender.close()
