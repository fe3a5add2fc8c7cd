"""Workers from the side of those who ask: hired when needed, killed when too slow, replaced when gone."""

from __future__ import annotations

import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from porion.services.errors import Busy, NotFound, Unshowable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# What is said to the nursery (a limit of memory, beside one end of a pipe), and what it answers (a process).
REQUEST = struct.Struct("<Q")
ANSWER = struct.Struct("<I")

_MEMORY = 2 << 30
# Seconds: how long somebody waits for a free worker, and how long a worker may pause within an answer.
_PATIENCE = 20.0
_A_MINUTE = 60.0
_PAUSE = 10
# What a nursery takes at the most to load everything.
_START = 60.0
# A worker is replaced before what codecs leak adds up.
_TASKS = 500
# An answer's pieces, and bytes of all of them.
_MOST_PIECES, _MOST_BYTES = 1 << 16, 1 << 30
# What an interpreter may need of its environment.
_KEPT = frozenset(("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TMPDIR"))

_Answer = tuple[dict[str, Any], list[bytes]]


@dataclass(slots=True)
class _Worker:
    """``handle`` is the process (pidfd): a number may come to mean another one."""

    handle: int
    pipe: Connection
    done: int = 0

    def end(self) -> None:
        """Kill it, if it still lives."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.handle, signal.SIGKILL)
        os.close(self.handle)
        self.pipe.close()


class Crew:
    """At most ``size`` workers, each with ``memory`` bytes; ``waiting`` more callers may wait for one.

    One more does what may take longer than a minute, so that pictures never wait for volumes.
    """

    def __init__(
        self,
        size: int,
        *,
        memory: int = _MEMORY,
        waiting: int = 24,
        patience: float = _PATIENCE,
        niceness: int = 0,
    ) -> None:
        self._memory = memory
        self._patience = patience
        self._niceness = niceness
        self._free = threading.Semaphore(size)
        self._long = threading.Semaphore(1)
        self._queue = threading.Semaphore(size + waiting)
        self._lock = threading.Lock()
        self._idle: list[_Worker] = []
        self._nursery: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def __call__(self, task: str, arguments: dict[str, Any], seconds: float) -> Sequence[bytes]:
        """Have a task done; Unshowable when it cannot be, takes longer or brings its worker down."""
        asked = json.dumps({"task": task, "arguments": arguments, "seconds": seconds}).encode()
        with self._turn(self._free if seconds <= _A_MINUTE else self._long):
            answer = self._answered(asked, seconds)
        return _understood(answer)

    def close(self) -> None:
        """End all workers, and where they come from."""
        with self._lock:
            for worker in self._idle:
                worker.end()
            self._idle.clear()
            self._end_nursery()

    @contextmanager
    def _turn(self, free: threading.Semaphore) -> Iterator[None]:
        busy = Busy("Too many pictures are asked for at once: try again in a moment.")
        if not self._queue.acquire(blocking=False):
            raise busy
        try:
            if not free.acquire(timeout=self._patience):
                raise busy
            try:
                yield
            finally:
                free.release()
        finally:
            self._queue.release()

    def _answered(self, asked: bytes, seconds: float) -> _Answer:
        """What a worker says; one that had done other tasks before may have been ended for their sake."""
        worker = self._sent(asked)
        try:
            answer = _answer(worker, seconds)
        except (EOFError, OSError, ValueError, TypeError, AttributeError):  # Gone, or talking nonsense.
            worker.end()
            if worker.done:
                return self._answered(asked, seconds)
            raise Unshowable(
                "The pixels cannot be decoded: the worker that tried ended, for want of memory or"
                " because the file is damaged. The file itself is kept and can be fetched."
            ) from None
        except BaseException:
            worker.end()
            raise
        self._release(worker)
        return answer

    def _sent(self, asked: bytes) -> _Worker:
        """A worker that has the task; an idle one may have been ended by the system meanwhile."""
        while True:
            with self._lock:
                worker, idle = (self._idle.pop(), True) if self._idle else (self._hire(), False)
            try:
                worker.pipe.send_bytes(asked)
            except OSError:
                worker.end()
                if not idle:
                    raise Unshowable("No worker could be started to decode the pixels: try again.") from None
            else:
                return worker

    def _release(self, worker: _Worker) -> None:
        worker.done += 1
        with self._lock:
            if worker.done < _TASKS:
                self._idle.append(worker)
                return
        worker.end()

    def _hire(self) -> _Worker:
        """A new worker; the nursery may have ended a moment ago, then another one is asked."""
        for _ in range(2):
            with suppress(OSError, struct.error):
                return self._forked(self._running_nursery())
            self._end_nursery()
        raise Unshowable("No worker could be started to decode the pixels: try again.")

    def _forked(self, nursery: socket.socket) -> _Worker:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            # Connection reads with the system's own call: so it waits no longer than this.
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("@ll", _PAUSE, 0))
            socket.send_fds(nursery, [REQUEST.pack(self._memory)], [theirs.fileno()])
            (number,) = ANSWER.unpack(nursery.recv(ANSWER.size, socket.MSG_WAITALL))
            return _Worker(os.pidfd_open(number), Connection(ours.detach()))

    def _running_nursery(self) -> socket.socket:
        if self._control is not None and self._nursery is not None and self._nursery.poll() is None:
            return self._control
        self._end_nursery()
        self._control, theirs = socket.socketpair()
        self._control.settimeout(_START)
        with theirs:
            self._nursery = subprocess.Popen(  # noqa: S603 - this interpreter and our own module
                [
                    sys.executable,
                    "-P",
                    "-m",
                    "porion.pixels.nursery",
                    str(theirs.fileno()),
                    str(self._niceness),
                ],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env=_environment(),
            )
        return self._control

    def _end_nursery(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._nursery is not None:
            self._nursery.kill()
            self._nursery.wait()
            self._nursery = None


def _answer(worker: _Worker, seconds: float) -> _Answer:
    pipe = worker.pipe
    if not pipe.poll(seconds):
        raise Unshowable(
            f"The pixels took longer than {seconds:g} s to decode and were given up."
            " The file itself is kept and can be fetched."
        )
    said = json.loads(pipe.recv_bytes(1 << 16))
    left, pieces = _MOST_BYTES, []
    # What a hostile file has taken over may say anything: it is heard out only so far.
    for _ in range(min(_MOST_PIECES, said.get("pieces", 0))):
        pieces.append(pipe.recv_bytes(left))
        left -= len(pieces[-1])
    return said, pieces


def _environment() -> dict[str, str]:
    """No secrets of the web's; one thread for each library, since there are several workers."""
    kept = {name: value for name, value in os.environ.items() if name in _KEPT}
    return {**kept, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def _understood(answer: _Answer) -> Sequence[bytes]:
    said, pieces = answer
    if "refused" in said:
        raise Unshowable(str(said["refused"]))
    if "missing" in said:
        raise NotFound("The archive has lost the file: restore it from a backup, or import it again.")
    return pieces
