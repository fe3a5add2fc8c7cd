"""The socket of a channel: what has come is taken at once, and only what has not is waited for."""

from __future__ import annotations

import select
import socket
import ssl

_QUICKACK = getattr(socket, "TCP_QUICKACK", None)
# Seconds. A deadline that is over still leaves a look at what is there.
_LEAST = 0.001


class Wire:
    """A plain connection, used by one thread."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        # Small answers must not wait for company.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.settimeout(None)
        self._poll = select.poll()
        self._poll.register(sock, select.POLLIN)

    def receive(self, room: memoryview, seconds: float) -> int:
        """Receive something, nothing at the end; TimeoutError when none comes within so many seconds."""
        # To set a timeout, to wait, and to receive are three calls, and each lets the interpreter's other
        # threads go first: what has come is taken with one.
        while True:
            try:
                return self._sock.recv_into(room, 0, socket.MSG_DONTWAIT)
            except BlockingIOError:
                if not self.is_readable(max(_LEAST, seconds)):
                    raise TimeoutError from None

    def is_readable(self, seconds: float) -> bool:
        """Whether something has come, or the end, within so many seconds."""
        self._acknowledge()
        return bool(self._poll.poll(seconds * 1000))

    def send(self, out: bytes, seconds: float) -> None:
        """Send it all; TimeoutError when the peer does not take it within so many seconds."""
        try:
            sent = self._sock.send(out, socket.MSG_DONTWAIT)
        except BlockingIOError:
            sent = 0
        if sent < len(out):
            self._sock.settimeout(seconds)
            self._sock.sendall(memoryview(out)[sent:])
            self._sock.settimeout(None)

    def _acknowledge(self) -> None:
        # Senders that leave Nagle's algorithm on wait for our acknowledgement, and the system delays it by
        # 40 ms unless asked each time: DCMTK's storescu takes 45 ms an object instead of 4 without this.
        if _QUICKACK is not None:
            self._sock.setsockopt(socket.IPPROTO_TCP, _QUICKACK, 1)


class TlsWire(Wire):
    """A connection with TLS: what can be read is not what the system holds, so OpenSSL does the waiting."""

    _sock: ssl.SSLSocket

    def receive(self, room: memoryview, seconds: float) -> int:
        """See :meth:`Wire.receive`."""
        self._sock.settimeout(max(_LEAST, seconds))
        self._acknowledge()
        return self._sock.recv_into(room)

    def is_readable(self, seconds: float) -> bool:
        """See :meth:`Wire.is_readable`; true of a record, too, of which only a part has come."""
        return bool(self._sock.pending()) or super().is_readable(seconds)

    def send(self, out: bytes, seconds: float) -> None:
        """See :meth:`Wire.send`."""
        self._sock.settimeout(seconds)
        self._sock.sendall(out)


def wire_of(sock: socket.socket) -> Wire:
    """The wire for a connection, whose handshake is over if it has TLS."""
    return TlsWire(sock) if isinstance(sock, ssl.SSLSocket) else Wire(sock)
