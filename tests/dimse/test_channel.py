"""A connection with deadlines, under a clock that obeys."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest

from porion.dimse.channel import Channel, Overdue
from porion.dimse.limits import Limits
from porion.dimse.protocol.pdus import AssociateRequest, write_pdu
from porion.dimse.protocol.upper_layer import Role, UpperLayer
from tests.dimse.protocol.test_upper_layer import ACCEPT, REQUEST

QUICK = replace(Limits(), artim=0.05, idle=0.05, pdu=0.05, farewell=0.05)


@pytest.fixture
def peers() -> Iterator[tuple[Channel, socket.socket]]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        theirs = socket.create_connection(server.getsockname())
        ours, _ = server.accept()
    channel = Channel(ours, UpperLayer(Role.ACCEPTOR), QUICK)
    yield channel, theirs
    channel.close()
    theirs.close()


def test_nobody_asks(peers: tuple[Channel, socket.socket]) -> None:
    with pytest.raises(Overdue, match="asked for no association"):
        next(peers[0].events())


def test_a_pdu_that_does_not_end(peers: tuple[Channel, socket.socket]) -> None:
    peers[1].sendall(write_pdu(REQUEST)[:20])
    with pytest.raises(Overdue, match="did not finish it"):
        next(peers[0].events())


def test_silence_within_an_association(peers: tuple[Channel, socket.socket]) -> None:
    channel, theirs = peers
    theirs.sendall(write_pdu(REQUEST))
    events = channel.events()
    assert isinstance(next(events), AssociateRequest)
    channel.layer.accept(ACCEPT, peer_takes=0)
    with pytest.raises(Overdue, match="silent"):
        next(events)


def test_a_trickle_is_too_slow(peers: tuple[Channel, socket.socket]) -> None:
    channel, _ = peers
    channel.begin_message()
    channel._measure(31, 32_000)
    with pytest.raises(Overdue, match="less than 1000 bytes a second"):
        channel._measure(10, 5_000)
    channel.end_message()
    channel._measure(100, 1)


def test_a_peer_that_has_gone(peers: tuple[Channel, socket.socket]) -> None:
    peers[1].close()
    assert list(peers[0].events()) == []


def test_what_still_comes_after_the_last_word_is_thrown_away(peers: tuple[Channel, socket.socket]) -> None:
    channel, theirs = peers
    theirs.sendall(bytes(50_000))
    (failed,) = channel.events()
    channel.close()
    assert theirs.recv(100)[:1] == b"\x07"
    assert "no PDU" in str(failed.error)
