"""A practice system that sends over MLLP."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from porion.hl7.message import read_message
from porion.hl7.mllp import Frames


class Sender:
    """A practice system on one connection."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self._frames = Frames()
        self._came: list[bytes] = []

    def send(self, wire: bytes) -> None:
        """Send bytes as they are."""
        self.socket.sendall(wire)

    def hear(self) -> tuple[str, str, str] | None:
        """The next acknowledgement's code, message number and text; None when the server closed."""
        while not self._came:
            data = b""
            with suppress(ConnectionError):
                data = self.socket.recv(65_536)
            if not data:
                return None
            self._came += self._frames.feed(data)
        said = read_message(self._came.pop(0)).first("MSA")
        assert said is not None
        return said.text(1), said.text(2), said.text(3)

    def close(self) -> None:
        """Hang up."""
        self.socket.close()


@contextmanager
def sending(port: int) -> Iterator[Sender]:
    """A connection."""
    sender = Sender(port)
    try:
        yield sender
    finally:
        sender.close()
