"""The jobs part of ``porion serve``: does durable work, and takes over that of processes that died.

DBOS is loaded with the first job: a clinic that asks for none pays nothing for it.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from typing import TYPE_CHECKING

import structlog

from porion.cli.compose import opened
from porion.cli.job_kinds import job_kinds
from porion.cli.settings import Settings
from porion.cli.supervisor import Tell, follow_parent
from porion.services.errors import PorionError
from porion.services.forward import queue_due
from porion.services.job_course import forget_old, running_jobs, waiting_jobs
from porion.services.job_ports import LeaseLost
from porion.services.ports import Porion
from porion.services.retrieval_rules import queue_due_rules
from porion.store.leases import leases_for

if TYPE_CHECKING:
    from porion.jobs.engine import Engine

log = structlog.get_logger("porion.jobs")

# Seconds: how often is looked for jobs, for orphaned work, for what is to be forgotten, and for rules.
_LOOKS, _SWEEPS, _FORGETS, _RULES = 0.3, 3.0, 3600.0, 20.0
# The same for what rules send on.
_FORWARDS = 2.0
# Behind the receivers, whose senders are devices, and before the worker: a PACS waits, a queue does not.
_NICENESS = 2
_AT_ONCE = 4


def run_jobs(settings: Settings, tell: Tell) -> None:
    """Do jobs until told to stop; what is under way then is taken up again at the next start."""
    os.nice(_NICENESS)
    with opened(settings) as porion:
        over = threading.Event()
        signal.signal(signal.SIGTERM, lambda _number, _frame: over.set())
        follow_parent()
        tell({"event": "up"})
        Jobs(porion, settings).run(over)
        # Not DBOS's own end: a job that hears of it would fail, where it goes on at the next start.
        os._exit(0)


class Jobs:
    """Looks for work; ``run`` ends with the process, for a job is safe at any moment."""

    def __init__(self, porion: Porion, settings: Settings) -> None:
        self._porion = porion
        self._settings = settings
        self._engine: Engine | None = None
        self._swept = self._forgot = self._ruled = self._forwarded = float("-inf")

    def run(self, over: threading.Event) -> None:
        """Look for work until told to stop; LeaseLost when another process may have taken over."""
        while not over.wait(_LOOKS):
            try:
                self.look()
            except LeaseLost:
                raise
            except PorionError as error:
                log.warning("jobs have to wait", kind=type(error).__name__)

    def look(self) -> None:
        """One look: queue what is due, hand out, take over, forget."""
        if time.monotonic() - self._ruled > _RULES:
            self._ruled = time.monotonic()
            queue_due_rules(self._porion)
        if time.monotonic() - self._forwarded > _FORWARDS:
            self._forwarded = time.monotonic()
            queue_due(self._porion)
        if self._engine is None and not (waiting_jobs(self._porion, 1) or running_jobs(self._porion)):
            return
        engine = self._engine or self._started()
        engine.hand_out()
        now = time.monotonic()
        if now - self._swept > _SWEEPS:
            self._swept = now
            engine.take_over()
            engine.settle_lost()
        if now - self._forgot > _FORGETS:
            self._forgot = now
            forget_old(self._porion)
            engine.forget_old()

    def _started(self) -> Engine:
        import porion.jobs.engine as jobs  # noqa: PLC0415 - it loads DBOS: see above

        data, database = self._settings.data, self._settings.database
        leases = leases_for(database, data / "leases")
        kinds = job_kinds(self._porion, self._settings)
        self._engine = jobs.Engine(self._porion, leases, kinds, jobs.database_url(data, database), _AT_ONCE)
        return self._engine
