"""A request that is answered piece by piece: cancelled, left, broken off."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from porion.dimse.call import Call, Reply, Service
from porion.dimse.dispatch import service_for
from porion.dimse.door import Door
from porion.dimse.line import how_it_ended
from porion.dimse.negotiation import STUDY_ROOT_FIND
from porion.dimse.protocol.commands import Command, Field, read_command, write_command
from porion.dimse.protocol.errors import AbortReason, ProtocolError
from porion.dimse.protocol.pdus import Abort, Fragment, ReleaseRequest
from porion.dimse.protocol.upper_layer import Failed, Lost
from porion.services.devices import DeviceChange, edit_device
from tests.dimse.house import ECHO, House, Raw, a_house
from tests.world import World

PENDING, CANCEL, SUCCESS = 0xFF00, 0xFE00, 0
CANCEL_REQUEST = Command(Field.C_CANCEL_RQ, message_id_responded_to=7)


class Endless:
    """A service that answers until it is cancelled, and tells that it has ended."""

    def __init__(self) -> None:
        self.over = threading.Event()

    def __call__(self, door: Door, call: Call) -> Iterator[Reply]:
        del door
        call.data_set(1 << 20)
        try:
            while not call.cancelled:
                yield Reply(PENDING, data_set=bytes(64))
            yield Reply(CANCEL)
        finally:
            self.over.set()

    def offered(self, field: int, abstract_syntax: str) -> Service | None:
        """In the place of C-FIND."""
        return self if field == Field.C_FIND_RQ else service_for(field, abstract_syntax)


@pytest.fixture
def endless() -> Endless:
    return Endless()


@pytest.fixture
def house(world: World, endless: Endless) -> Iterator[House]:
    with a_house(world, services=endless.offered) as made:
        edit_device(world.porion, world.actor, "PAN1", DeviceChange(rights=["query"]))
        yield made


def asking(house: House) -> Raw:
    """A peer that has asked and heard the first answer."""
    peer = house.raw().associate(STUDY_ROOT_FIND, ECHO)
    request = Command(Field.C_FIND_RQ, 7, affected_sop_class_uid=STUDY_ROOT_FIND, data_set_type=0)
    peer.layer.send(1, write_command(request), is_command=True)
    peer.layer.send(1, bytes(8), is_command=False)
    peer.flush()
    assert status(peer) == PENDING
    return peer


def status(peer: Raw) -> int | None:
    """The status of the next response; its data set is passed over."""
    while isinstance(event := peer.next(), Fragment):
        if event.is_command:
            return read_command(event.data).status
    return None


def last_status(peer: Raw) -> int | None:
    while (told := status(peer)) == PENDING:
        pass
    return told


def test_a_cancelled_request_ends_and_the_association_goes_on(house: House) -> None:
    peer = asking(house)
    peer.layer.send(1, write_command(CANCEL_REQUEST), is_command=True)
    peer.flush()
    assert last_status(peer) == CANCEL
    peer.layer.send(3, write_command(Command(Field.C_ECHO_RQ, 8)), is_command=True)
    peer.flush()
    assert status(peer) == SUCCESS


def test_what_is_over_cannot_be_cancelled_and_nobody_minds(house: House) -> None:
    peer = house.raw().associate(ECHO)
    for command in (CANCEL_REQUEST, Command(Field.C_ECHO_RQ, 8)):
        peer.layer.send(1, write_command(command), is_command=True)
    peer.flush()
    assert status(peer) == SUCCESS


def test_another_message_cannot_be_cancelled_in_its_place(house: House) -> None:
    peer = asking(house)
    other = replace(CANCEL_REQUEST, message_id_responded_to=6)
    peer.layer.send(1, write_command(other), is_command=True)
    peer.flush()
    assert [status(peer) for _ in range(50)] == [PENDING] * 50


def test_a_second_request_before_the_first_is_answered_breaks_the_protocol(house: House) -> None:
    peer = asking(house)
    peer.layer.send(3, write_command(Command(Field.C_ECHO_RQ, 8)), is_command=True)
    peer.flush()
    while isinstance(event := peer.next(), Fragment):
        pass
    assert isinstance(event, Abort)


@pytest.mark.parametrize("leave", ["close", "abort", "reset"])
def test_a_peer_that_goes_leaves_nothing_behind(house: House, endless: Endless, leave: str) -> None:
    peer = asking(house)
    if leave == "abort":
        peer.layer.abort()
        peer.flush()
    elif leave == "reset":
        peer.socket.setsockopt(1, 13, b"\1\0\0\0\0\0\0\0")
    peer.close()
    assert endless.over.wait(60)


def test_porion_can_stop_in_the_middle(house: House, endless: Endless) -> None:
    peer = asking(house)
    house.server.stop()
    while isinstance(event := peer.next(), Fragment):
        pass
    assert isinstance(event, Abort)
    assert endless.over.wait(60)


def test_who_may_not_query_is_told_in_the_negotiation(house: House) -> None:
    world = house.world
    edit_device(world.porion, world.actor, "PAN1", DeviceChange(rights=[]))
    with house.association(STUDY_ROOT_FIND, ECHO) as held:
        assert [context.abstract_syntax for context in held.accepted_contexts] == [ECHO]
        assert [context.result for context in held.rejected_contexts] == [1]
    house.stop()
    told = {row["abstractSyntax"]: row["why"] for row in house.device().asked["contexts"]}
    assert told[STUDY_ROOT_FIND] == "the device does not have the right to it"


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        (Abort(2, 1), "It aborted the association (source 2, reason 1)."),
        (Lost(), "It closed the connection without a release."),
        (Failed(ProtocolError(AbortReason.NOT_SPECIFIED, "Bad.")), "It broke the protocol: Bad."),
        (ReleaseRequest(), "It sent what does not belong there."),
    ],
)
def test_an_ending_is_a_sentence(event: object, sentence: str) -> None:
    assert how_it_ended(event) == sentence
