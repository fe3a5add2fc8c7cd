"""The MLLP server: a thread for each connection, its messages answered in the order in which they came."""

from __future__ import annotations

import selectors
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING

import structlog

from porion.hl7.ack import acknowledgement
from porion.hl7.answer import answer
from porion.hl7.mllp import Frames, framed
from porion.services.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Collection
    from ipaddress import IPv4Network, IPv6Network

    from porion.services.ports import Porion

log = structlog.get_logger("porion.hl7")

_READS = 1 << 16


@dataclass(frozen=True, slots=True)
class Limits:
    """Connections at once, and seconds: between messages, within one, and for stopping."""

    connections: int = 16
    idle: float = 3600.0
    message: float = 30.0
    stopping: float = 10.0


@dataclass(frozen=True, slots=True)
class Door:
    """What the server needs: a Porion, whose register it feeds, and who may connect."""

    porion: Porion
    clinic_id: str
    peers: Collection[IPv4Network | IPv6Network]
    limits: Limits = Limits()


class Server:
    """Listens on one socket until told to stop."""

    def __init__(self, door: Door, listener: socket.socket) -> None:
        self._door = door
        self._listener = listener
        self._wake, self._woken = socket.socketpair()
        self._threads: dict[threading.Thread, socket.socket] = {}
        self._lock = threading.Lock()

    def run(self) -> None:
        """Serve until :meth:`stop`; a message that is being applied is still answered."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._woken, selectors.EVENT_READ, "stop")
            self._listener.setblocking(False)
            selector.register(self._listener, selectors.EVENT_READ, "knock")
            while "stop" not in {key.data for key, _ in selector.select()}:
                self._accept()
        self._end()

    def stop(self) -> None:
        """End :meth:`run`; may be called from a signal handler or another thread."""
        with suppress(OSError):
            self._wake.send(b"!")

    def _accept(self) -> None:
        try:
            sock, peer = self._listener.accept()
        except OSError as error:
            log.warning("a connection could not be accepted", kind=type(error).__name__)
            return
        sock.setblocking(True)
        with self._lock:
            full = len(self._threads) >= self._door.limits.connections
        if full or not self._admits(peer[0]):
            log.warning("a connection was refused", address=peer[0], full=full)
            sock.close()
            return
        thread = threading.Thread(target=self._serve, args=(sock,), daemon=True, name=f"hl7 {peer[0]}")
        with self._lock:
            self._threads[thread] = sock
        thread.start()

    def _admits(self, peer: str) -> bool:
        address = ip_address(peer.partition("%")[0])
        address = getattr(address, "ipv4_mapped", None) or address
        return any(address in network for network in self._door.peers if network.version == address.version)

    def _serve(self, sock: socket.socket) -> None:
        try:
            self._converse(sock)
        except OSError:
            log.debug("a connection ended")
        except Exception as error:  # noqa: BLE001 - the thread's outermost: one peer's misfortune is its own
            log.warning("unexpected error", kind=type(error).__name__)
        finally:
            sock.close()
            with self._lock:
                self._threads.pop(threading.current_thread(), None)

    def _converse(self, sock: socket.socket) -> None:
        frames, limits = Frames(), self._door.limits
        while True:
            sock.settimeout(limits.message if frames.begun else limits.idle)
            data = sock.recv(_READS)
            if not data:
                return
            try:
                messages = frames.feed(data)
            except Invalid as error:
                sock.sendall(framed(self._unreadable(str(error))))
                return
            for message in messages:
                said = answer(self._door.porion, self._door.clinic_id, message)
                sock.settimeout(limits.message)
                sock.sendall(framed(said.acknowledgement))

    def _unreadable(self, reason: str) -> bytes:
        porion = self._door.porion
        return acknowledgement(None, "AR", reason, porion.new_id()[:20], porion.now())

    def _end(self) -> None:
        with self._lock:
            under_way = dict(self._threads)
        for sock in under_way.values():
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RD)
        for thread in under_way:
            thread.join(self._door.limits.stopping)
        self._wake.close()
        self._woken.close()
