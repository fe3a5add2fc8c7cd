"""Who is connected to a receiver, and who has to make room.

A connection is cheap until it has an association, and anybody can open one: beyond the limit the oldest
of the busiest address is closed, so that a device that says its name at once always gets through.
Associations belong to approved devices only; each device may have its share, and one that has none yet
finds a reserve.
"""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from porion.dimse.limits import Limits


class Connection(Protocol):
    """What the registry needs of a connection."""

    address: str

    def break_off(self) -> None:
        """Close it now, from another thread."""

    def hurry(self) -> None:
        """Let it finish what is under way."""


class Connections:
    """The registry of one receiver process."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._knocking: dict[Connection, None] = {}
        self._associated: dict[Connection, str] = {}
        self._gone = threading.Condition(self._lock)

    def enter(self, connection: Connection) -> None:
        """A new connection; somebody else's may be closed for it."""
        with self._lock:
            evicted = self._to_evict() if len(self._knocking) >= self._limits.knocking else None
            if evicted is not None:
                del self._knocking[evicted]
            self._knocking[connection] = None
        if evicted is not None:
            evicted.break_off()

    def associate(self, connection: Connection, device_id: str) -> bool:
        """Whether there is room for the device's association; it counts from now on."""
        with self._lock:
            held = Counter(self._associated.values())[device_id]
            total = len(self._associated)
            most = self._limits.associations + (0 if held else self._limits.reserve)
            if total >= most or held >= self._limits.per_device:
                return False
            self._knocking.pop(connection, None)
            self._associated[connection] = device_id
            return True

    def make_room(self) -> None:
        """Close the connection that :meth:`enter` would close, if there is one."""
        with self._lock:
            evicted = self._to_evict() if self._knocking else None
        if evicted is not None:
            evicted.break_off()

    def leave(self, connection: Connection) -> None:
        """A connection has ended."""
        with self._lock:
            self._knocking.pop(connection, None)
            self._associated.pop(connection, None)
            self._gone.notify_all()

    def hurry(self) -> None:
        """Nobody begins anything new."""
        for connection in self._all():
            connection.hurry()

    def await_end(self, seconds: float) -> bool:
        """Whether all connections have ended within so many seconds."""
        with self._lock:
            return self._gone.wait_for(lambda: not self._knocking and not self._associated, seconds)

    def break_off(self) -> None:
        """Close all that is left."""
        for connection in self._all():
            connection.break_off()

    def _all(self) -> list[Connection]:
        with self._lock:
            return [*self._knocking, *self._associated]

    def _to_evict(self) -> Connection:
        busiest = Counter(connection.address for connection in self._knocking).most_common(1)[0][0]
        return next(connection for connection in self._knocking if connection.address == busiest)
