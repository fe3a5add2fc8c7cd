"""Thousands of malformed PDU sequences in every state: no crash, no hang, nothing left behind.

PORION_MALFORMED sets how many, PORION_SEED which ones come after those that are always sent.
"""

from __future__ import annotations

import os
import signal
import socket
from contextlib import suppress
from pathlib import Path

from porion.cli.compose import at_the_desk
from porion.cli.settings import read_settings
from porion.services.devices import DeviceChange, edit_device
from porion.services.rights import Right
from tests.faults.judge import judge
from tests.faults.malformed import Sequence, sequences
from tests.faults.neighbour import echoes, leftovers, until_nothing_is_left
from tests.faults.serving import served
from tests.faults.traffic import approve

COUNT = int(os.environ.get("PORION_MALFORMED", "5000"))
# PS3.8 section 9.3: what an acceptor may say.
_ANSWERS = {2, 3, 4, 6, 7}


def test_no_sequence_crashes_hangs_or_leaves_anything(tmp_path: Path) -> None:
    data = tmp_path / "data"
    approve(data, "DEVICE0")
    with at_the_desk(read_settings(data, {})) as (porion, actor):
        edit_device(porion, actor, "DEVICE0", DeviceChange(rights=[one.value for one in Right]))
    with served(data, tmp_path / "log") as server:
        parts = set(server.parts())
        assert echoes(server.port)
        before = leftovers(server)
        for number, one in enumerate(sequences(COUNT, os.environ.get("PORION_SEED", "1"))):
            answer = send(server.port, one)
            assert kinds(answer) <= _ANSWERS, f"{one.what} in {one.state}: {answer[:80].hex()}"
            assert number % 500 or echoes(server.port), f"no echo after {one.what} in {one.state}"
        until_nothing_is_left(server, before)
        assert set(server.parts()) == parts
        assert server.end(signal.SIGTERM) == 0
        assert "Traceback" not in server.said()
        assert "unexpected" not in server.said()
    assert not judge(data, ())


def send(port: int, one: Sequence) -> bytes:
    """Send everything and say that it was all; what came until the other side closed, within a minute."""
    answer = b""
    with socket.create_connection(("127.0.0.1", port), 60) as peer, suppress(ConnectionError):
        with suppress(ConnectionError):
            peer.sendall(one.sent)
        with suppress(OSError):
            peer.shutdown(socket.SHUT_WR)
        while got := _more(peer, one):
            answer += got
    return answer


def _more(peer: socket.socket, one: Sequence) -> bytes:
    try:
        return peer.recv(65_536)
    except TimeoutError:
        raise AssertionError(f"{one.what} in {one.state} made it hang") from None


def kinds(answer: bytes) -> set[int]:
    """The types of the PDUs in an answer, 0 for what is no whole PDU."""
    found = set()
    while answer:
        length = int.from_bytes(answer[2:6], "big") + 6
        found.add(answer[0] if len(answer) >= length else 0)
        answer = answer[length:]
    return found
