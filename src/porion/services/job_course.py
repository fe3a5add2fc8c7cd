"""The course of a job from its first process to its end, as the processes that do it note it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from porion.services.errors import PorionError
from porion.services.job_records import JobState
from porion.services.trail import record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from porion.services.job_records import JobRow, Waiting
    from porion.services.ports import Porion
    from porion.services.records import Json

MOST_RECOVERIES = 10
KEPT = timedelta(days=90)
_LOST = "It ended without a word; the log may say why. Try it again."


class Cancelled(PorionError):
    """Somebody asked to stop the job."""


def waiting_jobs(porion: Porion, limit: int = 100) -> Sequence[Waiting]:
    """Jobs of all clinics that nobody has begun, oldest first."""
    with porion.store.read("") as tx:
        return tx.jobs.waiting_anywhere(limit)


def begin(porion: Porion, clinic_id: str, job_id: str, attempt: int, runner: str) -> JobRow | None:
    """Note that a process does the job now; None when there is nothing (more) to do in that attempt."""
    with porion.store.write(clinic_id) as tx:
        row = tx.jobs.get(job_id)
        if row is None or row.attempt != attempt or row.state not in (JobState.QUEUED, JobState.RUNNING):
            return None
        again = row.state == JobState.RUNNING
        changes: Json = {
            "state": JobState.RUNNING,
            "runner": runner,
            "started_at": row.started_at or porion.now(),
            "recoveries": row.recoveries + again,
        }
        tx.jobs.update(job_id, changes, only_in=[row.state])
        return replace(row, **changes)


def note_progress(porion: Porion, clinic_id: str, job_id: str, progress: Json) -> None:
    """Note how far a job is; Cancelled when somebody asked to stop."""
    with porion.store.write(clinic_id) as tx:
        tx.jobs.update(job_id, {"progress": progress}, only_in=[JobState.RUNNING])
        row = tx.jobs.get(job_id)
    _heed(row)


def heed(porion: Porion, clinic_id: str, job_id: str) -> None:
    """Cancelled when somebody asked to stop the job."""
    with porion.store.read(clinic_id) as tx:
        row = tx.jobs.get(job_id)
    _heed(row)


def _heed(row: JobRow | None) -> None:
    if row is None or row.cancel_asked:
        raise Cancelled("It was cancelled.")


def end(
    porion: Porion, clinic_id: str, job_id: str, state: JobState, *, result: Json | None, error: str | None
) -> None:
    """Note how a job ended."""
    changes: Json = {"state": state, "result": result, "error": error, "ended_at": porion.now()}
    with porion.store.write(clinic_id) as tx:
        if tx.jobs.update(job_id, changes, only_in=[JobState.RUNNING]):
            about = ("job", job_id)
            record(porion, tx, "jobs", f"job {state}", about, {"error": error} if error else None)


def running_jobs(porion: Porion) -> Sequence[tuple[str, JobRow]]:
    """Jobs of all clinics that are being done."""
    with porion.store.read("") as tx:
        return tx.jobs.running_anywhere()


def note_lost(porion: Porion, clinic_id: str, job_id: str) -> None:
    """Note that nobody does a job that is said to run."""
    end(porion, clinic_id, job_id, JobState.FAILED, result=None, error=_LOST)


def forget_old(porion: Porion) -> int:
    """Delete jobs that ended long ago; answers how many."""
    with porion.store.write("") as tx:
        return tx.jobs.forget_anywhere(porion.now() - KEPT)
