"""A connection driven through the protocol machine, with a deadline for everything that a peer may do."""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from porion.dimse.protocol.states import State
from porion.dimse.wire import wire_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from porion.dimse.limits import Limits
    from porion.dimse.protocol.upper_layer import Event, UpperLayer


class Overdue(Exception):
    """The peer was too slow; the message says at what."""


class Channel:
    """One connection, used by one thread; :meth:`hurry` alone may be called from others."""

    def __init__(
        self,
        sock: socket.socket,
        layer: UpperLayer,
        limits: Limits,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.layer = layer
        self._sock = sock
        self._wire = wire_of(sock)
        self._limits = limits
        self._clock = clock
        self._since = clock()
        self._artim_since: float | None = None
        self._waited = 0.0
        self._received = 0
        self._resting = True
        self._idle = False
        self.stopping = False

    def events(self) -> Iterator[Event]:
        """What the peer does, until the connection is to be closed; Overdue when it is too slow."""
        while True:
            yield from self.layer.events()
            self.flush()
            if self.layer.closing:
                return
            if self.layer.artim and self._artim_since is None:
                self._artim_since = self._clock()
            if not self._receive():
                yield from self._ended()
                return

    def _ended(self) -> Iterator[Event]:
        if self.stopping and self._resting and self.layer.may_abort:
            # It is we who end it: the peer hears so.
            self.layer.abort()
            self.flush()
            return
        event = self.layer.lost()
        if event is not None:
            yield event

    def flush(self) -> None:
        """Send what the protocol has to say."""
        out = self.layer.output()
        if out:
            self._wire.send(out, self._limits.idle)

    def send(self, context: int, command: bytes, pieces: Iterable[bytes | memoryview] = ()) -> None:
        """Send a message; its data set goes out piece by piece, however long it is."""
        self.layer.send(context, command, is_command=True)
        for piece, is_last in _with_the_last_told(pieces):
            self.layer.send(context, piece, is_command=False, is_last=is_last)
            self.flush()
        self.flush()

    def glance(self) -> bool:
        """Whether the peer has sent something that nobody has looked at; does not wait."""
        return self.layer.begun or self._wire.is_readable(0)

    def begin_message(self) -> None:
        """A message begins: its rate is measured from here."""
        self._waited, self._received, self._resting = 0.0, 0, False

    def end_message(self) -> None:
        """A message is answered: nothing is under way."""
        self._resting = True

    def hurry(self) -> None:
        """Let the peer finish what is under way and nothing more."""
        self.stopping = True
        if self._idle:
            with suppress(OSError):
                self._sock.shutdown(socket.SHUT_RD)

    def close(self) -> None:
        """Close; when we had the last word, what the peer still sends is thrown away for a moment."""
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_WR)
            end = self._clock() + self._limits.farewell
            room = bytearray(65_536)
            while (left := end - self._clock()) > 0:
                self._sock.settimeout(left)
                if not self._sock.recv_into(room):
                    break
        self._sock.close()

    def _receive(self) -> bool:
        """Receive something; False when the connection has ended."""
        room = self.layer.room()
        before = self._clock()
        if not self.layer.begun:
            self._since = before
        try:
            self._idle = self._resting and not self.layer.begun
            left = self._deadline() - before
            count = 0 if self.stopping and self._idle else self._wire.receive(room, left)
        except TimeoutError:
            if self.layer.state is State.AWAIT_TRANSPORT_CLOSE:
                return False
            raise Overdue(self._overdue()) from None
        except OSError:
            return False
        finally:
            self._idle = False
        self._measure(self._clock() - before, count)
        self.layer.received(count)
        return bool(count)

    def _deadline(self) -> float:
        limits, layer = self._limits, self.layer
        silence = self._since + limits.idle
        if layer.begun:
            silence = self._since + max(limits.pdu, layer.announced / limits.least_rate)
        if not layer.artim or self._artim_since is None:
            return silence
        return min(silence, self._artim_since + limits.artim)

    def _overdue(self) -> str:
        if self.layer.begun:
            return "It began a PDU and did not finish it in time."
        if self.layer.artim:
            return f"It connected and asked for no association within {self._limits.artim:.0f} s."
        return f"It was silent for {self._limits.idle:.0f} s."

    def _measure(self, waited: float, count: int) -> None:
        self._waited += waited
        self._received += count
        slow = self._received < self._waited * self._limits.least_rate
        if self._waited > self._limits.grace and slow and not self._resting:
            raise Overdue(f"It sent less than {self._limits.least_rate:.0f} bytes a second.")


def _with_the_last_told(
    pieces: Iterable[bytes | memoryview],
) -> Iterator[tuple[bytes | memoryview, bool]]:
    waiting = None
    for piece in pieces:
        if waiting is not None:
            yield waiting, False
        waiting = piece
    if waiting is not None:
        yield waiting, True
