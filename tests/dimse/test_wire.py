"""What a wire takes at once, and how long it waits for what is not there."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from porion.dimse.tls import Identity, client_context, server_context
from porion.dimse.wire import Wire, wire_of
from porion.store.certificates import Certificates

LONG = bytes(range(256)) * 40_000
"""More than the system takes while nobody reads."""


@dataclass
class Ends:
    """Our wire and the socket behind it, and the peer's."""

    wire: Wire
    ours: socket.socket
    theirs: socket.socket


def _joined(encrypted: Path | None) -> Ends:
    with socket.create_server(("127.0.0.1", 0)) as server:
        theirs = socket.create_connection(server.getsockname())
        ours, _ = server.accept()
    if encrypted is None:
        return Ends(wire_of(ours), ours, theirs)
    made = Certificates(encrypted)
    made.make_server(["127.0.0.1"], datetime.now(UTC))
    made.make_device("PAN1", datetime.now(UTC))
    device = Identity(made.root / "device-PAN1.crt", made.root / "device-PAN1.key", made.authority)
    server_end = server_context(Identity(*made.server, made.authority)).wrap_socket(
        ours, server_side=True, do_handshake_on_connect=False
    )
    thread = threading.Thread(target=server_end.do_handshake)
    thread.start()
    client_end = client_context(device).wrap_socket(theirs, server_hostname="porion")
    thread.join()
    return Ends(wire_of(server_end), server_end, client_end)


@pytest.fixture(params=["plain", "TLS"])
def ends(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ends]:
    joined = _joined(tmp_path / "certificates" if request.param == "TLS" else None)
    yield joined
    joined.ours.close()
    joined.theirs.close()


def _received(ends: Ends, count: int) -> bytes:
    room, found = memoryview(bytearray(65_536)), b""
    while len(found) < count:
        found += room[: ends.wire.receive(room, 10)]
    return found


def test_everything_comes_in_order_however_it_is_cut(ends: Ends) -> None:
    sender = threading.Thread(target=ends.theirs.sendall, args=(LONG,))
    sender.start()
    assert _received(ends, len(LONG)) == LONG
    sender.join()


def test_silence_is_waited_for_and_no_longer(ends: Ends) -> None:
    with pytest.raises(TimeoutError):
        ends.wire.receive(memoryview(bytearray(10)), 0.01)
    assert not ends.wire.is_readable(0)
    ends.theirs.sendall(b"late")
    assert ends.wire.is_readable(10)
    assert _received(ends, 4) == b"late"


def test_a_deadline_that_is_over_leaves_what_is_there(ends: Ends) -> None:
    ends.theirs.sendall(b"there")
    assert ends.wire.is_readable(10)
    room = memoryview(bytearray(10))
    assert room[: ends.wire.receive(room, -5)] == b"there"


def test_what_is_left_of_a_message_can_be_read_without_waiting(ends: Ends) -> None:
    ends.theirs.sendall(b"two parts")
    assert ends.wire.receive(memoryview(bytearray(4)), 10) == 4
    assert ends.wire.is_readable(0)
    assert _received(ends, 5) == b"parts"


def test_the_end_can_be_read(ends: Ends) -> None:
    ends.theirs.shutdown(socket.SHUT_WR)
    assert ends.wire.is_readable(10)
    assert ends.wire.receive(memoryview(bytearray(10)), 10) == 0


def test_shutting_down_wakes_who_waits(ends: Ends) -> None:
    heard: list[int] = []

    def wait() -> None:
        heard.append(ends.wire.receive(memoryview(bytearray(10)), 60))

    waiting = threading.Thread(target=wait)
    waiting.start()
    socket.socket.shutdown(ends.ours, socket.SHUT_RD)
    waiting.join(30)
    assert heard == [0]


def test_what_the_peer_takes_slowly_is_sent_whole(ends: Ends) -> None:
    taken = bytearray()

    def take() -> None:
        while len(taken) < len(LONG) and (piece := ends.theirs.recv(65_536)):
            taken.extend(piece)

    taking = threading.Thread(target=take)
    taking.start()
    ends.wire.send(LONG, 30)
    taking.join()
    assert bytes(taken) == LONG


def test_a_peer_that_takes_nothing_is_given_up(ends: Ends) -> None:
    with pytest.raises(TimeoutError):
        ends.wire.send(LONG, 0.05)
