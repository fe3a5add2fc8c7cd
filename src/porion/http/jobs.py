"""Jobs: durable work, its list, its progress, and how it is stopped and tried again."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from porion.clinic.permissions import Actor
from porion.http.access import GuardedRoute
from porion.http.door import Door
from porion.http.params import PathId, TheDoor, Who
from porion.http.shapes import Json, Page, Shape, Text, next_cursor
from porion.services.errors import PorionError
from porion.services.job_records import UNFINISHED, JobFilter, JobRow, JobState
from porion.services.jobs import cancel_job, list_jobs, retry_job, see_job

router = APIRouter(prefix="/api/jobs", tags=["jobs"], route_class=GuardedRoute)

# Seconds between two looks, between two signs of life, and how long one stream lasts at most.
_LOOKS, _BREATHES, _LONGEST = 0.5, 15.0, 3600.0


class JobAnswer(Shape):
    """A job. Its progress and its result are those of its kind."""

    id: str
    kind: str
    subject: str
    arguments: Json
    state: JobState
    created_by: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    progress: Json
    result: Json | None
    error: str | None
    attempt: int
    recoveries: int
    cancel_asked: bool


class JobList(Shape):
    """A page of jobs, newest first."""

    items: list[JobAnswer]
    next_cursor: str | None


class JobsWanted(Page):
    """Which jobs."""

    state: JobState | None = None
    kind: Text | None = None


def job_answer(row: JobRow) -> JobAnswer:
    """A job as the API gives it."""
    return JobAnswer(**{name: getattr(row, name) for name in JobAnswer.model_fields})


@router.get("")
def jobs(door: TheDoor, actor: Who, wanted: Annotated[JobsWanted, Query()]) -> JobList:
    """Jobs that one asked for; an administrator sees all of the clinic's."""
    chosen = JobFilter(wanted.state, wanted.kind)
    rows = list_jobs(door.porion, actor, chosen, after=wanted.cursor, limit=wanted.limit)
    return JobList(items=[job_answer(row) for row in rows], next_cursor=next_cursor(rows, wanted))


@router.get("/{job_id}")
def job(door: TheDoor, actor: Who, job_id: PathId) -> JobAnswer:
    """One job."""
    return job_answer(see_job(door.porion, actor, job_id))


@router.get("/{job_id}/events", response_class=StreamingResponse)
def job_events(door: TheDoor, actor: Who, job_id: PathId) -> StreamingResponse:
    """The job as a stream of server-sent events, one whenever it changed; it ends with the job."""
    see_job(door.porion, actor, job_id)
    return StreamingResponse(_events(door, actor, job_id), media_type="text/event-stream")


@router.post("/{job_id}/cancel")
def cancel(door: TheDoor, actor: Who, job_id: PathId) -> JobAnswer:
    """Stop a job; one that runs ends as soon as it looks up."""
    return job_answer(cancel_job(door.porion, actor, job_id))


@router.post("/{job_id}/retry")
def retry(door: TheDoor, actor: Who, job_id: PathId) -> JobAnswer:
    """Try a job again that failed or was cancelled."""
    return job_answer(retry_job(door.porion, actor, job_id))


async def _events(door: Door, actor: Actor, job_id: str) -> AsyncIterator[str]:
    begun = told = time.monotonic()
    before = None
    while time.monotonic() - begun < _LONGEST:
        try:
            row = await run_in_threadpool(see_job, door.porion, actor, job_id)
        except PorionError:  # It was forgotten, or the database is away: whoever looks asks again.
            return
        if row != before:
            before, told = row, time.monotonic()
            yield f"event: job\ndata: {job_answer(row).model_dump_json()}\n\n"
        elif time.monotonic() - told > _BREATHES:
            told = time.monotonic()
            yield ": still there\n\n"
        if row.state not in UNFINISHED:
            return
        await asyncio.sleep(_LOOKS)
