"""How receivers wake the worker on their machine: a FIFO in the spool. A lost ring costs only time."""

from __future__ import annotations

import os
import select
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# Begins with a dot: no batch.
BELL = ".bell"


class Bell:
    """The ringing side: a ring that nobody hears, or one too many, is nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._handle = -1

    def ring(self) -> None:
        """Wake whoever waits."""
        with self._lock, suppress(OSError):
            if self._handle < 0:
                self._handle = os.open(self._path, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            try:
                os.write(self._handle, b"!")
            except BrokenPipeError:
                os.close(self._handle)
                self._handle = -1


class Listener:
    """The waiting side."""

    def __init__(self, path: Path) -> None:
        with suppress(FileExistsError):
            os.mkfifo(path, 0o600)
        # Open for both: without a writer of its own, the FIFO would end whenever the last receiver ends.
        self._handle = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)

    def wait(self, seconds: float) -> bool:
        """Return at the next ring, or after so many seconds; whether it rang."""
        rang, _, _ = select.select([self._handle], [], [], seconds)
        with suppress(BlockingIOError):
            os.read(self._handle, 65_536)
        return bool(rang)

    def close(self) -> None:
        """Listen no more."""
        os.close(self._handle)
