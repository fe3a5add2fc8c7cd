"""Keeps the parts of ``porion serve`` running: forks them, starts anew what died, ends them together.

It has a single thread and opens no database, so that it may fork at any time. It holds the listening
sockets: while a part is started anew, connections wait instead of being refused.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import PurePath
from traceback import extract_tb
from types import FrameType
from typing import Any

import structlog

from porion.services.errors import PorionError, StorageFailed

log = structlog.get_logger("porion.supervisor")

_FORK = get_context("fork")
# Seconds: a part that lived shorter is not started anew at once, and waits longer each time.
_STABLE = 10.0
_LONGEST_PAUSE = 5.0
# Longer than the parts themselves take to end what is under way.
_PATIENCE = 40.0
_SIGNALS = (signal.SIGTERM, signal.SIGINT)

Tell = Callable[[dict[str, Any]], None]
Run = Callable[[Tell], None]


@dataclass
class Part:
    """One process: ``run`` gets a function that tells the supervisor an event, and returns when stopped."""

    name: str
    run: Run
    process: BaseProcess | None = None
    pipe: Connection | None = None
    started: float = 0.0
    deaths: int = 0
    ready: bool = False
    resume_at: float | None = None
    events: list[dict[str, Any]] = field(default_factory=list)


class Supervisor:
    """Runs parts until SIGTERM or SIGINT; ``tell`` hears their events and those of the supervisor itself."""

    def __init__(self, parts: list[Part], tell: Tell) -> None:
        self._parts = parts
        self._tell = tell
        self._stopped_by: int | None = None
        self._all_told = False

    def run(self) -> int:
        """The signal that ended it, when every part has ended; raises what kept a part from starting."""
        with _signals() as signalled:
            try:
                # What is loaded by now lives as long as the parts: a collector that walks it again and again
                # would touch, and so copy, every page that the forks share.
                gc.collect()
                gc.freeze()
                for part in self._parts:
                    self._start(part)
                while self._stopped_by is None:
                    self._watch(signalled)
            finally:
                self._end()
        return self._stopped_by

    def processes(self) -> dict[str, list[int]]:
        """The process numbers of the parts by name."""
        found: dict[str, list[int]] = {}
        for part in self._parts:
            if part.process is not None and part.process.pid is not None:
                found.setdefault(part.name, []).append(part.process.pid)
        return found

    def _start(self, part: Part) -> None:
        part.pipe, theirs = _FORK.Pipe(duplex=False)
        part.process = _FORK.Process(target=_child, args=(part.run, theirs), name=part.name)
        # A signal between the fork and the child's own handlers would be answered by a copy of ours.
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        try:
            part.process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        theirs.close()
        part.started, part.resume_at, part.ready = time.monotonic(), None, False

    def _watch(self, signalled: socket.socket) -> None:
        living = [part for part in self._parts if part.process is not None]
        pipes = {part.pipe: part for part in living if part.pipe is not None}
        ends = {part.process.sentinel: part for part in living if part.process is not None}
        for happened in wait([signalled, *pipes, *ends], self._until_resume()):
            if happened is signalled:
                self._stopped_by = signalled.recv(1)[0]
            elif isinstance(happened, Connection):
                self._hear(pipes[happened])
            elif isinstance(happened, int):
                self._died(ends[happened])
        for part in self._parts:
            if part.resume_at is not None and part.resume_at <= time.monotonic():
                self._start(part)

    def _until_resume(self) -> float | None:
        moments = [part.resume_at for part in self._parts if part.resume_at is not None]
        return max(0.0, min(moments) - time.monotonic()) if moments else None

    def _hear(self, part: Part) -> None:
        pipe = part.pipe
        if pipe is None:
            return
        try:
            event = pipe.recv()
        except EOFError:
            pipe.close()
            part.pipe = None
            return
        if isinstance(event, PorionError):
            if not self._all_told:
                raise event
            self._tell({"event": "trouble", "part": part.name, "note": str(event)})
        elif event["event"] == "up":
            part.ready = True
            self._tell_when_all_are_up()
        else:
            self._tell(event)

    def _tell_when_all_are_up(self) -> None:
        if not self._all_told and all(part.ready for part in self._parts):
            self._all_told = True
            self._tell({"event": "up", "processes": self.processes()})

    def _died(self, part: Part) -> None:
        status = None
        if part.process is not None:
            part.process.join()
            status = part.process.exitcode
        if part.pipe is not None and part.pipe.poll():
            self._hear(part)
        if not self._all_told:
            raise StorageFailed(f"The {part.name} ended with status {status} before it was ready.")
        part.process = None
        lived = time.monotonic() - part.started
        part.deaths = 0 if lived > _STABLE else part.deaths + 1
        pause = min(_LONGEST_PAUSE, 0.1 * 2.0**part.deaths) if part.deaths > 1 else 0.0
        part.resume_at = time.monotonic() + pause
        self._tell({"event": "restarted", "part": part.name, "status": status})

    def _end(self) -> None:
        living = [part.process for part in self._parts if part.process is not None]
        for process in living:
            process.terminate()
        end = time.monotonic() + _PATIENCE
        for process in living:
            process.join(max(0.0, end - time.monotonic()))
            if process.is_alive():
                process.kill()
                process.join()


def _child(run: Run, pipe: Connection) -> None:
    """A part's whole life; the terminal's Ctrl-C is the supervisor's to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
    lock = threading.Lock()

    def tell(event: dict[str, Any] | PorionError) -> None:
        with lock, suppress(OSError):
            pipe.send(event)

    try:
        run(tell)
    except PorionError as error:
        tell(error)
        os._exit(1)
    except Exception as error:  # noqa: BLE001 - a part's outermost: the supervisor tells, and starts it anew
        tell(StorageFailed(f"It failed with {type(error).__name__}; the log has the place."))
        where = [
            f"{PurePath(one.filename).name}:{one.lineno}" for one in extract_tb(error.__traceback__)[-8:]
        ]
        log.warning("unexpected error", kind=type(error).__name__, where=where)
        os._exit(1)
    os._exit(0)


def follow_parent() -> None:
    """End with the supervisor, however that ends."""
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent.join,), daemon=True).start()


def _end_after(waiting: Callable[[], None]) -> None:
    waiting()
    os._exit(1)


@contextmanager
def _signals() -> Iterator[socket.socket]:
    """A socket from which the numbers of SIGTERM and SIGINT are read when they have come."""
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)

    def note(number: int, _frame: FrameType | None) -> None:
        with suppress(OSError):
            theirs.send(bytes([number]))

    before = {number: signal.signal(number, note) for number in _SIGNALS}
    try:
        yield ours
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        ours.close()
        theirs.close()
