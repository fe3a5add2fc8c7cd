"""Whether the spool may take more: a reserve on the disk, a quota of its own, and no failed flush.

A flush that failed is told to every process of this Porion by a note in the spool: what one of them
heard from the disk, the others need not hear again. The next start of `porion serve` takes it away.
"""

from __future__ import annotations

import os
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from porion.services.errors import OutOfSpace, StorageFailed
from porion.store.disk import Unflushed, told_in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Begins with a dot: no batch.
_NOTE = ".distrusted"

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
        self._broken = ""

    def must_have_room(self) -> None:
        """OutOfSpace or StorageFailed when nothing more may be taken."""
        self.must_be_trusted()
        with told_in_words("The spool's disk cannot be asked for its room"):
            left = os.statvfs(self._root)
            waiting = self._waiting() if self._quota else 0
        if self._reserve and left.f_bavail * left.f_frsize < self._reserve:
            raise OutOfSpace(
                f"Less than {self._reserve >> 20} MiB are left on the disk of {self._root}: make room."
            )
        if waiting > self._quota:
            raise OutOfSpace(f"More than {self._quota >> 20} MiB wait in the spool: the worker is behind.")

    def taken(self, size: int) -> None:
        """So many bytes were added."""
        with self._lock:
            self._bytes += size

    def must_be_trusted(self) -> None:
        """StorageFailed after a flush that failed, in whichever process."""
        if why := self._broken or why_distrusted(self._root):
            raise StorageFailed(f"The disk is not trusted any more: {why}. Look at it, then restart Porion.")

    def break_down(self, reason: str) -> None:
        """Take nothing more, index nothing more, until a restart."""
        self._broken = reason
        with suppress(OSError):
            (self._root / _NOTE).write_text(reason, encoding="utf-8")

    def trust_again(self) -> None:
        """A restart: somebody has looked at the disk."""
        self._broken = ""
        with told_in_words("The spool cannot be written to"):
            (self._root / _NOTE).unlink(missing_ok=True)

    @contextmanager
    def flushing(self) -> Iterator[None]:
        """The first flush in the block that fails is the last one that anybody tries."""
        try:
            yield
        except Unflushed as error:
            self.break_down(f"a flush failed ({error.strerror})")
            raise

    def _waiting(self) -> int:
        with self._lock:
            if self._clock() - self._counted_at > _HOLDS:
                self._bytes = sum(_sizes(self._root))
                self._counted_at = self._clock()
            return self._bytes


def why_distrusted(root: Path) -> str:
    """Why the disk below a spool is not trusted any more; empty as long as it is."""
    # Asked for every instance: to open what is not there takes several times as long as this look.
    note = os.path.join(root, _NOTE)  # noqa: PTH118 - a Path would take as long as the look
    try:
        os.stat(note)  # noqa: PTH116
        return Path(note).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except OSError as error:
        return f"the spool cannot be read ({error.strerror})"


def _sizes(root: Path) -> Iterator[int]:
    for path in root.glob("*/*.dcm"):
        # The worker may take it away at any moment.
        with suppress(FileNotFoundError):
            yield path.stat().st_size
