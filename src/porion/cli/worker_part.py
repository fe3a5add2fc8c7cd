"""The worker part of ``porion serve``: indexes what came over the network and finishes what was cut off."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import PurePath
from traceback import extract_tb

import structlog

from porion.cli.compose import opened
from porion.cli.derive_part import deriving
from porion.cli.identities import identity_of
from porion.cli.settings import Settings
from porion.cli.supervisor import Tell, follow_parent
from porion.dimse.event_report import deliver_due
from porion.dimse.tls import Identity
from porion.services.accounts import the_clinic
from porion.services.errors import PorionError
from porion.services.ports import Porion, Queue
from porion.services.queue import index_queue
from porion.services.reconcile import receive_leftovers, reconcile
from porion.services.unattended import link_all_settled

log = structlog.get_logger("porion.worker")

# Seconds. Receivers wake the worker; it looks by itself only for what a lost ring or a failure left.
_LOOKS = 5.0
_TIDIES = 30.0
# One transaction costs as much as indexing thirty instances: what comes in quick succession shares one, but
# nothing waits longer than these moments together.
_MOMENT, _MOST_MOMENTS = 0.05, 4
# Receivers come first: their senders wait, and the queue does not.
_NICENESS = 5
_ANSWERS = 2.0


class _Stop(Exception):
    """Told to stop."""


def run_worker(settings: Settings, tell: Tell) -> None:
    """Index until told to stop; another worker on the same spool waits for its turn."""
    os.nice(_NICENESS)
    with opened(settings, reads_many=True, in_background=True) as porion:
        stopping = Stopping()
        signal.signal(signal.SIGTERM, stopping.note)
        follow_parent()
        with closing(porion.spool.queue()) as queue:
            _Work(porion, queue, tell).run(stopping, identity_of(settings))


@contextmanager
def _answering(porion: Porion, identity: Identity) -> Iterator[None]:
    """A thread answers storage commitments: a device that cannot be reached must not hold indexing up."""
    over = threading.Event()
    thread = threading.Thread(target=_answer, args=(porion, identity, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(_ANSWERS)


def _answer(porion: Porion, identity: Identity, over: threading.Event) -> None:
    while not over.wait(_ANSWERS):
        try:
            deliver_due(porion, identity)
        except PorionError as error:
            log.warning("storage commitments have to wait", kind=type(error).__name__)
        except Exception as error:  # noqa: BLE001 - the thread's outermost: without it nobody is answered
            frames = extract_tb(error.__traceback__)[-8:]
            where = [f"{PurePath(one.filename).name}:{one.lineno}" for one in frames]
            log.warning("unexpected error", kind=type(error).__name__, where=where)


class Stopping:
    """Whether SIGTERM has come: noticed between two batches, and at once while nothing is to do."""

    def __init__(self) -> None:
        self.noted = False
        self.interruptible = False

    def note(self, _number: int, _frame: object) -> None:
        """The signal's handler."""
        self.noted = True
        if self.interruptible:
            raise _Stop


def gather(queue: Queue) -> None:
    """Wait as long as instances come in quick succession, and no longer than a transaction may wait."""
    for _ in range(_MOST_MOMENTS):
        time.sleep(_MOMENT)
        if not queue.wait(0):
            return


class _Work:
    def __init__(self, porion: Porion, queue: Queue, tell: Tell) -> None:
        self._porion = porion
        self._queue = queue
        self._tell = tell
        self._tidied = 0.0

    def run(self, stopping: Stopping, identity: Identity) -> None:
        try:
            self._begin(stopping)
            with _answering(self._porion, identity), deriving(self._porion):
                self._go_on(stopping)
        except _Stop:
            return

    def _go_on(self, stopping: Stopping) -> None:
        self._turn()
        while not stopping.noted:
            stopping.interruptible = True
            if not stopping.noted:
                self._queue.wait(_LOOKS)
                gather(self._queue)
            stopping.interruptible = False
            self._turn()

    def _begin(self, stopping: Stopping) -> None:
        stopping.interruptible = True
        self._queue.await_turn()
        stopping.interruptible = False
        findings = reconcile(self._porion, the_clinic(self._porion))
        self._tell(
            {"event": "started", "note": findings.sentence(), "states": dict(findings.states)},
        )
        self._tell({"event": "up"})

    def _turn(self) -> None:
        try:
            # After a flush that failed the next one may lie: what was acknowledged stays where it is.
            self._porion.spool.must_be_trusted()
            index_queue(self._porion, self._queue)
            if time.monotonic() - self._tidied > _TIDIES:
                self._tidied = time.monotonic()
                self._queue.tidy()
                receive_leftovers(self._porion)
                link_all_settled(self._porion)
        except PorionError as error:
            # What was taken is in the queue again, and is looked at in a moment.
            log.warning("indexing has to wait", kind=type(error).__name__)
