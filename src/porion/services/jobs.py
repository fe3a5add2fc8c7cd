"""Jobs: asked for once, seen by whoever asked or administers, cancelled, tried again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from porion.clinic.permissions import Action, Actor
from porion.services.errors import Conflict, NotFound, must
from porion.services.job_records import UNFINISHED, JobFilter, JobRow, JobState
from porion.services.trail import record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from porion.services.ports import Porion, Transaction
    from porion.services.records import Json

FINISHED = tuple(state for state in JobState if state not in UNFINISHED)


def ask_for(
    porion: Porion,
    tx: Transaction,
    by: str,
    work: tuple[str, str],
    subject: str,
    arguments: Json,
    *,
    forever: bool = False,
) -> JobRow:
    """Queue a job of a kind and key; the one that is there already is answered instead of a second.

    A finished job gives way to a new one, unless ``forever``: then the key is done once and for all.
    The caller has checked who may ask. It is durable when the transaction is.
    """
    kind, key = work
    held = tx.jobs.latest(key)
    if held is not None and (forever or held.state in UNFINISHED):
        return held
    row = JobRow(
        id=porion.new_id(),
        kind=kind,
        key=key,
        subject=subject,
        arguments=arguments,
        state=JobState.QUEUED,
        created_by=by,
        created_at=porion.now(),
    )
    tx.jobs.add(row)
    record(porion, tx, by, "job asked for", ("job", row.id), {"kind": kind, "subject": subject})
    return row


def list_jobs(
    porion: Porion, actor: Actor, wanted: JobFilter, *, after: str | None = None, limit: int = 50
) -> Sequence[JobRow]:
    """Jobs, newest first: those that the actor asked for, or all of the clinic's for an administrator."""
    must(actor, Action.SEE_JOBS)
    if not actor.may(Action.MANAGE_JOBS):
        wanted = JobFilter(wanted.state, wanted.kind, actor.name)
    with porion.store.read(actor.clinic_id) as tx:
        return tx.jobs.list(wanted, after, limit)


def see_job(porion: Porion, actor: Actor, job_id: str) -> JobRow:
    """One job; somebody else's is not found."""
    must(actor, Action.SEE_JOBS)
    with porion.store.read(actor.clinic_id) as tx:
        return _mine(tx, actor, job_id)


def cancel_job(porion: Porion, actor: Actor, job_id: str) -> JobRow:
    """Stop a job: one that waits at once, one that runs as soon as it looks up."""
    must(actor, Action.SEE_JOBS)
    with porion.store.write(actor.clinic_id) as tx:
        row = _mine(tx, actor, job_id)
        if row.state not in UNFINISHED:
            raise Conflict(f"The job is {row.state} already; there is nothing to cancel.")
        over: Json = {"cancel_asked": True, "state": JobState.CANCELLED, "ended_at": porion.now()}
        if not tx.jobs.update(job_id, over, only_in=[JobState.QUEUED]):
            tx.jobs.update(job_id, {"cancel_asked": True}, only_in=[JobState.RUNNING])
        record(porion, tx, actor.name, "job cancelled", ("job", job_id))
        return _mine(tx, actor, job_id)


def retry_job(porion: Porion, actor: Actor, job_id: str) -> JobRow:
    """Queue a job anew that failed or was cancelled; what came before is not asked for again."""
    must(actor, Action.SEE_JOBS)
    with porion.store.write(actor.clinic_id) as tx:
        row = _mine(tx, actor, job_id)
        if row.state not in (JobState.FAILED, JobState.CANCELLED):
            raise Conflict(f"The job is {row.state}: only one that failed or was cancelled is tried again.")
        latest = tx.jobs.latest(row.key)
        if latest is not None and latest.id != row.id and latest.state in UNFINISHED:
            raise Conflict(f"Job {latest.id} does the same and is {latest.state}.")
        fresh: Json = {
            "state": JobState.QUEUED,
            "attempt": row.attempt + 1,
            "recoveries": 0,
            "cancel_asked": False,
            "error": None,
            "result": None,
            "progress": {},
            "started_at": None,
            "ended_at": None,
        }
        tx.jobs.update(job_id, fresh, only_in=FINISHED)
        record(porion, tx, actor.name, "job tried again", ("job", job_id), {"attempt": row.attempt + 1})
        return _mine(tx, actor, job_id)


def _mine(tx: Transaction, actor: Actor, job_id: str) -> JobRow:
    row = tx.jobs.get(job_id)
    if row is None or not (actor.may(Action.MANAGE_JOBS) or row.created_by == actor.name):
        raise NotFound(f"There is no job {job_id}.")
    return row
