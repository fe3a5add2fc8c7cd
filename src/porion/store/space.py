"""Whether the spool may take more: a reserve on the disk, a quota of its own, and no failed flush."""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING

from porion.services.errors import OutOfSpace, StorageFailed
from porion.store.disk import told_in_words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# Seconds for which a count of the spool's bytes holds; what this process adds is counted at once.
_HOLDS = 1.0


class Space:
    """The room that is left; ``reserve`` and ``quota`` are in bytes, a quota of 0 sets none."""

    def __init__(
        self, root: Path, *, reserve: int = 0, quota: int = 0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._root = root
        self._reserve = reserve
        self._quota = quota
        self._clock = clock
        self._lock = threading.Lock()
        self._counted_at = float("-inf")
        self._bytes = 0
        self.broken: str | None = None

    def must_have_room(self) -> None:
        """OutOfSpace or StorageFailed when nothing more may be taken."""
        if self.broken:
            raise StorageFailed(f"The disk is not trusted any more: {self.broken}. Look at it, then restart.")
        with told_in_words("The spool's disk cannot be asked for its room"):
            left = os.statvfs(self._root)
        if self._reserve and left.f_bavail * left.f_frsize < self._reserve:
            raise OutOfSpace(
                f"Less than {self._reserve >> 20} MiB are left on the disk of {self._root}: make room."
            )
        if self._quota and self._waiting() > self._quota:
            raise OutOfSpace(f"More than {self._quota >> 20} MiB wait in the spool: the worker is behind.")

    def taken(self, size: int) -> None:
        """So many bytes were added."""
        with self._lock:
            self._bytes += size

    def break_down(self, reason: str) -> None:
        """Take nothing more in this process's life."""
        self.broken = reason

    def _waiting(self) -> int:
        with self._lock:
            if self._clock() - self._counted_at > _HOLDS:
                self._bytes = sum(path.stat().st_size for path in _files(self._root))
                self._counted_at = self._clock()
            return self._bytes


def _files(root: Path) -> list[Path]:
    return [path for path in root.glob("*/*.dcm") if path.exists()]
