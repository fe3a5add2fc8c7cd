"""Whether Porion answers. No data, no version: anybody may ask."""

from typing import Literal

from fastapi import APIRouter

from porion.http.access import GuardedRoute
from porion.http.shapes import Shape

router = APIRouter(tags=["health"], route_class=GuardedRoute)


class Health(Shape):
    """That the door is open."""

    status: Literal["ok"] = "ok"


@router.get("/api/health")
def health() -> Health:
    """Whether Porion answers."""
    return Health()
