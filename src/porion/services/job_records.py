"""Jobs as rows: durable work that is done beside the doors, in its own time."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from porion.services.records import Json


class JobState(StrEnum):
    """Where a job stands; the first two are unfinished."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNFINISHED = (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class JobRow:
    """A piece of durable work.

    ``key`` says what the work is: there is at most one unfinished job of a key. ``subject`` is what
    people read in the list, and like ``arguments`` it holds identifiers, never anybody's name.
    ``attempt`` counts how often it was asked for, ``recoveries`` how often its process died at it.
    """

    id: str
    kind: str
    key: str
    subject: str
    arguments: Json
    state: str
    created_by: str
    created_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    progress: Json = field(default_factory=dict)
    result: Json | None = None
    error: str | None = None
    attempt: int = 1
    recoveries: int = 0
    runner: str | None = None
    cancel_asked: bool = False


@dataclass(frozen=True, slots=True)
class JobFilter:
    """What a list of jobs is narrowed to; None narrows nothing."""

    state: str | None = None
    kind: str | None = None
    created_by: str | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A job that nobody has begun."""

    clinic_id: str
    job_id: str
    attempt: int
