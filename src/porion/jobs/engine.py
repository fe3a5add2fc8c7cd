"""DBOS as the engine of jobs: it hands work to processes and remembers which steps were done.

Its tables hold the identifiers of jobs and what steps answered; what a job is, and how it stands, is
in Porion's own rows. Importing this module loads DBOS, which takes two seconds.
"""

from __future__ import annotations

import os
import secrets
import socket
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog
from dbos import DBOS, DBOSConfig, SetWorkflowID

from porion.jobs.work import Work
from porion.services.errors import StorageFailed
from porion.services.job_course import note_lost, running_jobs, waiting_jobs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from porion.services.job_ports import Kind, Leases
    from porion.services.ports import Porion

log = structlog.get_logger("porion.jobs")

_QUEUE = "jobs"
# Changes only when running work could no longer be taken up: DBOS leaves other versions' work alone.
_VERSION = "1"
# How often DBOS looks for work, in seconds.
_POLLS = 0.3
_KEPT = timedelta(days=7)
_ENDED = ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")


def database_url(data: Path, database: str) -> str:
    """Where DBOS keeps its tables: in a schema of their own on PostgreSQL, else beside Porion's SQLite."""
    return database.replace("postgresql+psycopg://", "postgresql://") or f"sqlite:///{data / 'jobs.sqlite'}"


class Engine:
    """One process's share of the work. There is one engine in a process, as there is one DBOS."""

    def __init__(
        self, porion: Porion, leases: Leases, kinds: Mapping[str, Kind], url: str, at_once: int
    ) -> None:
        self.name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
        self._porion = porion
        self._leases = leases
        self._asked: set[str] = set()
        leases.take(self.name)
        _use_write_ahead_log(url)
        DBOS(config=_config(url, self.name))
        work = Work(porion, kinds, self.name, _step)

        @DBOS.workflow(name="job", max_recovery_attempts=None)
        def job(clinic_id: str, job_id: str, attempt: int) -> None:
            work.do(clinic_id, job_id, attempt)

        self._job = job
        DBOS.launch()
        DBOS.register_queue(
            _QUEUE, worker_concurrency=at_once, polling_interval_sec=_POLLS, on_conflict="always_update"
        )

    def hand_out(self) -> None:
        """Give DBOS the jobs that wait; one that it has already is not given twice."""
        waiting = {f"{one.job_id}.{one.attempt}": one for one in waiting_jobs(self._porion)}
        self._asked &= waiting.keys()
        for name in waiting.keys() - self._asked:
            one = waiting[name]
            with SetWorkflowID(name):
                DBOS.enqueue_workflow(_QUEUE, self._job, one.clinic_id, one.job_id, one.attempt)
            self._asked.add(name)

    def take_over(self) -> list[str]:
        """Queue anew what processes that ended had under way; answers which."""
        self._leases.must_be_held()
        if not self._orphans():
            return []
        # In turn with other engines: what one of them has queued anew, and begun, must not be begun twice.
        with self._porion.store.write(""):
            orphans = self._orphans()
            for name in orphans:
                DBOS.resume_workflow(name, queue_name=_QUEUE)
        log.info("work of ended processes was taken over", jobs=len(orphans))
        return orphans

    def _orphans(self) -> list[str]:
        found = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        executors = {one.executor_id or "" for one in found} - {self.name}
        ended = {name for name in executors if not name or self._leases.has_ended(name)}
        return [one.workflow_id for one in found if (one.executor_id or "") in ended]

    def settle_lost(self) -> None:
        """Note jobs as failed that are said to run and that DBOS does not know, or gave up."""
        running = {f"{row.id}.{row.attempt}": (clinic, row.id) for clinic, row in running_jobs(self._porion)}
        if not running:
            return
        names = list(running)
        known = DBOS.list_workflows(workflow_ids=names, load_input=False, load_output=False)
        alive = {one.workflow_id for one in known if one.status not in _ENDED}
        for name in running.keys() - alive:
            note_lost(self._porion, *running[name])

    def forget_old(self) -> None:
        """Delete what DBOS remembers of work that ended long ago."""
        before = (datetime.now(UTC) - _KEPT).isoformat()
        while old := DBOS.list_workflows(
            status=list(_ENDED), completed_before=before, limit=500, load_input=False, load_output=False
        ):
            for one in old:
                DBOS.delete_workflow(one.workflow_id)


def _step(name: str, do: Any) -> Any:
    return DBOS.run_step({"name": name}, do)


def _config(url: str, name: str) -> DBOSConfig:
    return {
        "name": "porion",
        "system_database_url": url,
        "executor_id": name,
        "application_version": _VERSION,
        "log_level": "CRITICAL",
        "console_log_level": "CRITICAL",
        "enable_otlp": False,
        "use_listen_notify": False,
        "run_migrations": True,
    }


def _use_write_ahead_log(url: str) -> None:
    """DBOS leaves SQLite's journal as it is, which is five times slower; the setting stays with the file."""
    if not url.startswith("sqlite"):
        return
    path = url.removeprefix("sqlite:///")
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        with closing(sqlite3.connect(path, timeout=15)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
    except (OSError, sqlite3.Error) as error:
        raise StorageFailed(f"The jobs' database {path} cannot be opened: {error}.") from error
