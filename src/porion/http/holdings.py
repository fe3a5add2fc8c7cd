"""What the clinic holds besides the linked and the waiting: conflicts, quarantine, and the count of all."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from porion.http.access import GuardedRoute
from porion.http.dicom_files import DICOM_FILE, a_file
from porion.http.image_shapes import Source
from porion.http.params import PathId, TheDoor, Who
from porion.http.shapes import Page, Shape, next_cursor
from porion.services.images import count_states, list_conflicts, list_quarantine, open_conflict

router = APIRouter(prefix="/api/imaging", tags=["holdings"], route_class=GuardedRoute)

Wanted = Annotated[Page, Query()]


class ConflictAnswer(Shape):
    """An instance that came under a SOP Instance UID whose first data set was another one."""

    id: str
    sop_instance_uid: str
    conflicts_with: str
    digest: str
    size: int
    transfer_syntax: str
    received_at: datetime
    path: str


class Conflicts(Shape):
    """A page of conflicts, newest first."""

    items: list[ConflictAnswer]
    next_cursor: str | None


class QuarantinedSource(Source):
    """Where a quarantined file came from; nothing in it says which device made it."""

    device: str | None = None
    path: str = ""
    actor: str | None = None


class QuarantinedAnswer(Shape):
    """A file that could not be read as an instance, kept with the reason."""

    id: str
    digest: str
    size: int
    reason: str
    path: str
    source: QuarantinedSource
    received_at: datetime


class Quarantine(Shape):
    """A page of quarantined files, newest first."""

    items: list[QuarantinedAnswer]
    next_cursor: str | None


class States(Shape):
    """How many instances are in each state; every received one is in exactly one."""

    linked: int
    pending: int
    conflict: int
    quarantined: int


@router.get("/conflicts")
def conflicts(door: TheDoor, actor: Who, page: Wanted) -> Conflicts:
    """Instances whose SOP Instance UID had come before with another data set; both are kept."""
    rows = list_conflicts(door.porion, actor, after=page.cursor, limit=page.limit)
    items = [ConflictAnswer.model_validate(row) for row in rows]
    return Conflicts(items=items, next_cursor=next_cursor(rows, page))


@router.get("/conflicts/{instance_id}/file", response_class=StreamingResponse, responses=DICOM_FILE)
def fetch_conflict(door: TheDoor, actor: Who, instance_id: PathId) -> StreamingResponse:
    """The file that came second, to compare with the image's own."""
    return a_file(*open_conflict(door.porion, actor, instance_id))


@router.get("/quarantine")
def quarantine(door: TheDoor, actor: Who, page: Wanted) -> Quarantine:
    """Files that could not be read, each with its reason."""
    rows = list_quarantine(door.porion, actor, after=page.cursor, limit=page.limit)
    items = [QuarantinedAnswer.model_validate(row) for row in rows]
    return Quarantine(items=items, next_cursor=next_cursor(rows, page))


@router.get("/states")
def states(door: TheDoor, actor: Who) -> States:
    """How many instances the clinic holds in each state."""
    return States(**count_states(door.porion, actor))
