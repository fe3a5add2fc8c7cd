"""What the composition root hands to the DICOM door, and who is on the other end of an association."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from porion.dicom.habits import NO_HABITS, Habits
from porion.dimse.limits import Limits

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable
    from socket import socket

    from porion.dimse.call import Service
    from porion.services.ports import Porion
    from porion.services.remote_ports import Remotes
    from porion.services.remote_records import ExpectedRow
    from porion.services.sending_ports import Sending


@dataclass(frozen=True, slots=True)
class WayOut:
    """How images get to the destination of a C-MOVE."""

    remotes: Remotes
    sending: Sending


@dataclass(frozen=True, slots=True)
class Door:
    """Everything that the DICOM door needs.

    ``service_for`` finds the service for a command field and an abstract syntax, None when it is not offered.
    Without a ``way_out`` no destination is known.
    """

    porion: Porion
    service_for: Callable[[int, str], Service | None]
    limits: Limits = field(default_factory=Limits)
    way_out: WayOut | None = None


@dataclass(frozen=True, slots=True)
class Peer:
    """An approved device on the other end of an association.

    ``certificate`` is the SHA-256 fingerprint that it showed, ``implementation`` its version name, else
    its class UID. A node that sends on our request has no ``device_id`` but what is ``expected`` of it.
    ``rights`` are words of :class:`~porion.services.rights.Right`.
    """

    clinic_id: str
    device_id: str
    calling: str
    called: str
    address: str
    tls: bool
    certificate: str | None
    implementation: str
    habits: Habits = NO_HABITS
    rights: frozenset[str] = frozenset()
    expected: tuple[ExpectedRow, ...] = ()


BACKLOG = 512
"""Connections that wait to be accepted: as many as a busy moment brings."""


@dataclass(frozen=True, slots=True)
class Listener:
    """A bound, listening socket, and the TLS context if it speaks TLS."""

    socket: socket
    tls: ssl.SSLContext | None = None
