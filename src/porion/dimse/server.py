"""The DICOM server: it accepts connections and gives each a thread; nothing in it polls."""

from __future__ import annotations

import ipaddress
import selectors
import socket
import ssl
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import structlog

from porion.dimse.admission import Caller
from porion.dimse.association import Association
from porion.dimse.channel import Channel
from porion.dimse.connections import Connections
from porion.dimse.protocol.upper_layer import Role, UpperLayer
from porion.dimse.tls import fingerprint, told
from porion.services.devices import note_failure
from porion.services.errors import PorionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from porion.dimse.door import Door, Listener

log = structlog.get_logger("porion.dimse")


class Server:
    """One receiver process's part of the work; several may share listening sockets."""

    def __init__(self, door: Door, listeners: Sequence[Listener]) -> None:
        self._door = door
        self._listeners = listeners
        self._connections = Connections(door.limits)
        self._wake, self._woken = socket.socketpair()
        self._woken.setblocking(False)

    def run(self) -> None:
        """Serve until :meth:`stop`; what is under way then finishes or is aborted."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._woken, selectors.EVENT_READ)
            for listener in self._listeners:
                listener.socket.setblocking(False)
                selector.register(listener.socket, selectors.EVENT_READ, listener)
            while True:
                ready = [key.data for key, _ in selector.select()]
                if None in ready:
                    break
                for listener in ready:
                    self._accept(listener)
        self._end()

    def stop(self) -> None:
        """End :meth:`run`; may be called from a signal handler or another thread."""
        with suppress(OSError):
            self._wake.send(b"!")

    def _accept(self, listener: Listener) -> None:
        try:
            sock, peer = listener.socket.accept()
        except (BlockingIOError, ConnectionError):
            return
        except OSError as error:
            # No file handle is left: the oldest knock has to end before the next one is heard.
            log.warning("a connection could not be accepted", kind=type(error).__name__)
            self._connections.make_room()
            return
        sock.setblocking(True)
        connection = _Connection(self._door, self._connections, listener.tls, sock, plain_address(peer[0]))
        self._connections.enter(connection)
        try:
            threading.Thread(target=connection.run, daemon=True, name=f"association {peer[0]}").start()
        except RuntimeError:
            self._connections.leave(connection)
            sock.close()

    def _end(self) -> None:
        self._connections.hurry()
        if not self._connections.await_end(self._door.limits.stopping):
            log.warning("associations were broken off after the time for stopping")
            self._connections.break_off()
        self._wake.close()
        self._woken.close()


def plain_address(text: str) -> str:
    """An address as people write it: IPv4 within IPv6 is IPv4."""
    address = ipaddress.ip_address(text.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)


class _Connection:
    """A connection and its thread."""

    def __init__(
        self,
        door: Door,
        connections: Connections,
        tls: ssl.SSLContext | None,
        sock: socket.socket,
        address: str,
    ) -> None:
        self.address = address
        self._door = door
        self._connections = connections
        self._tls = tls
        self._socket = sock
        self._channel: Channel | None = None

    def run(self) -> None:
        """The thread: handshake if need be, the association, and the end of both."""
        try:
            self._run()
        except ssl.SSLError as error:
            self._note(told(error))
        except OSError:
            log.debug("a connection ended before it began", address=self.address)
        except Exception as error:  # noqa: BLE001 - the thread's outermost: one peer's misfortune is its own
            log.warning("unexpected error", kind=type(error).__name__, address=self.address)
        finally:
            if self._channel is not None:
                self._channel.close()
            self._socket.close()
            self._connections.leave(self)

    def _run(self) -> None:
        sock = self._socket if self._tls is None else self._with_tls(self._tls)
        layer = UpperLayer(Role.ACCEPTOR, self._door.limits.lengths)
        self._channel = Channel(sock, layer, self._door.limits)
        caller = Caller(
            self.address, tls=self._tls is not None, certificate=fingerprint(sock) if self._tls else None
        )
        Association(self._door, self._channel, caller, self._has_room).run()

    def _has_room(self, device_id: str) -> bool:
        return self._connections.associate(self, device_id)

    def _with_tls(self, context: ssl.SSLContext) -> ssl.SSLSocket:
        self._socket.settimeout(self._door.limits.handshake)
        sock = context.wrap_socket(self._socket, server_side=True, do_handshake_on_connect=False)
        self._socket = sock
        try:
            sock.do_handshake()
        except TimeoutError:
            self._note("It connected to the TLS port and did not finish the handshake in time.")
            raise
        return sock

    def _note(self, reason: str) -> None:
        with suppress(PorionError):
            note_failure(self._door.porion, self.address, tls=self._tls is not None, reason=reason)

    def hurry(self) -> None:
        """Let it finish what is under way."""
        if self._channel is not None:
            self._channel.hurry()
        else:
            self.break_off()

    def break_off(self) -> None:
        """Close it now, from another thread: shutting down wakes whoever waits for bytes."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
