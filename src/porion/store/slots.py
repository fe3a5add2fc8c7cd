"""Directories of empty slots, flushed beforehand: an instance that goes into one costs a single flush.

The associations of one sender share a directory of their process, also one after the other: a device that
makes an association for every image, as most intra-oral sensors do, finds it ready, and sixteen at a time
make one instead of sixteen.
"""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from porion.store.about import ABOUT, About, read_about
from porion.store.disk import flush_directories, make_empty
from porion.store.rooms import make_room, remove_if_without

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FIRST, MOST = 4, 64
"""Slots made at once: as many as were taken since the sender came, within these bounds."""

KEPT = 8
"""Empty slots that wait for a sender who has gone: the worker looks at each whenever something comes."""

SPENT = 1_024
"""Slots after which a directory is left: the worker takes older directories first, and others wait too."""

RESTING = 16
"""Directories that wait for a sender who has gone."""


class SlotRoom:
    """The directory of one sender; any thread may take and give back.

    ``spent`` says that nobody else may come: it is full, or something in it failed.
    """

    def __init__(self, directory: Path, about: About) -> None:
        self.about = about
        self.guests = 0
        self.spent = False
        self._directory = directory
        self._turn = threading.Lock()
        # Holds the directory as this process's; made with the first instance: an echo leaves nothing behind.
        self._hold: int | None = None
        self._free: list[int] = []
        self._made = 0
        self._taken = 0

    def is_whole(self) -> bool:
        """Whether the directory is still there, and says whose it is."""
        return self._hold is None or read_about(self._directory) == self.about

    def take(self) -> Path:
        """An empty slot; OSError when the disk has no room for one."""
        with self._turn:
            if not self._free:
                self._make_more()
            self._taken += 1
            return self._slot(self._free.pop())

    def give_back(self, slot: Path) -> None:
        """A slot that is empty again."""
        with self._turn:
            self._free.append(int(slot.stem))

    def rest(self) -> None:
        """The sender has gone, but may come again: a few empty slots wait."""
        with self._turn:
            self._taken = 0
            self._free.sort(reverse=True)
            self._drop(len(self._free) - KEPT)

    def close(self) -> None:
        """Nobody comes again: empty slots go, sealed instances stay in the queue."""
        with self._turn:
            if self._hold is None:
                return
            self._drop(len(self._free))
            remove_if_without(self._directory, "*.dcm")
            os.close(self._hold)
            self._hold = None

    def _drop(self, many: int) -> None:
        while many > 0:
            with suppress(OSError):
                self._slot(self._free.pop(0)).unlink(missing_ok=True)
            many -= 1

    def _make_more(self) -> None:
        more = min(max(FIRST, self._taken), MOST)
        numbers = range(self._made + 1, self._made + more + 1)
        names = [self._slot(number).name for number in numbers]
        try:
            if self._hold is None:
                self._hold = make_room(self._directory, {ABOUT: self.about.written()}, empty=names)
            else:
                make_empty(self._hold, names)
                flush_directories([self._directory])
        except OSError:
            self.spent = True
            raise
        self._made += more
        self._free = list(reversed(numbers))
        self.spent = self.spent or self._made >= SPENT

    def _slot(self, number: int) -> Path:
        return self._directory / f"{number:08d}.dcm"


class SlotRooms:
    """The directories of one process's senders."""

    def __init__(self, root: Path, new_id: Callable[[], str]) -> None:
        self._root = root
        self._new_id = new_id
        self._lock = threading.Lock()
        # Whoever left last is the last one.
        self._rooms: dict[About, SlotRoom] = {}

    def enter(self, about: About) -> SlotRoom:
        """The directory of a sender, for one association more."""
        with self._lock:
            room = self._rooms.get(about)
            # Nobody looked after one that was left: it may have been damaged or taken away meanwhile.
            lost = room if room and not room.guests and not room.is_whole() else None
            if room is None or room.spent or lost:
                room = self._rooms[about] = SlotRoom(self._root / self._new_id(), about)
            room.guests += 1
        if lost:
            lost.close()
        return room

    def leave(self, room: SlotRoom) -> None:
        """An association has ended."""
        with self._lock:
            room.guests -= 1
            gone = [] if room.guests else self._left(room)
        for each in gone:
            each.close()
        if not room.guests:
            room.rest()

    def close(self) -> None:
        """Nobody comes any more; who is still there keeps a directory as long as they or the process live."""
        with self._lock:
            gone, self._rooms = [each for each in self._rooms.values() if not each.guests], {}
        for each in gone:
            each.close()

    def _left(self, room: SlotRoom) -> list[SlotRoom]:
        """The rooms that go when everybody has left this one."""
        if self._rooms.get(room.about) is not room:
            return [room]
        del self._rooms[room.about]
        if room.spent:
            return [room]
        self._rooms[room.about] = room
        resting = [each for each in self._rooms.values() if not each.guests]
        gone = resting[: max(0, len(resting) - RESTING)]
        for each in gone:
            del self._rooms[each.about]
        return gone
