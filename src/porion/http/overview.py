"""How things stand, and the stream that tells when something has changed."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import StreamingResponse

from porion.http.access import GuardedRoute
from porion.http.device_shapes import FindingAnswer
from porion.http.params import TheDoor, Who
from porion.http.shapes import Shape
from porion.http.streams import EVENT_STREAM, an_event, stream
from porion.services.changes import changes_since
from porion.services.overview import see_overview

router = APIRouter(prefix="/api", tags=["overview"], route_class=GuardedRoute)

DayBegan = Annotated[
    datetime | None, Query(alias="today", description="When the asker's day began; midnight in UTC without.")
]


class OverviewAnswer(Shape):
    """Counts for the head of a page; ``health`` is ok, warning or fault, and ``findings`` say why."""

    waiting: int
    oldest_waiting: datetime | None
    linked_today: int
    newest_arrival: datetime | None
    devices_waiting: int
    health: str
    findings: list[FindingAnswer]


@router.get("/overview")
def overview(door: TheDoor, actor: Who, today: DayBegan = None) -> OverviewAnswer:
    """What waits, what was linked today, and whether everything works."""
    began = today or door.porion.now().replace(hour=0, minute=0, second=0, microsecond=0)
    aware = began if began.tzinfo else began.replace(tzinfo=UTC)
    return OverviewAnswer.model_validate(see_overview(door.porion, actor, door.machine(), aware))


@router.get("/events", response_class=StreamingResponse, responses=EVENT_STREAM)
def events(
    door: TheDoor,
    actor: Who,
    request: Request,
    last_event_id: Annotated[str, Header(pattern=r"^[0-9]{0,15}$")] = "",
) -> StreamingResponse:
    """Tell what kinds of things have changed (`{"topics": ["inbox"]}`), as server-sent events.

    No data is in them: whoever hears one asks for what is of interest.
    """
    heard = int(last_event_id) if last_event_id else None

    def look() -> Iterator[str]:
        nonlocal heard
        found = changes_since(door.porion, actor, heard)
        if found.topics or heard is None:
            yield an_event("changed", {"topics": sorted(found.topics)}, found.number)
        heard = found.number

    return stream(look, request.app.state.closing, door.settings.stream_seconds)
