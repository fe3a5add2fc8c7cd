"""What handlers ask for: the door, whoever the guard let in, and identifiers out of the address."""

from typing import Annotated

from fastapi import Depends, Path, Request

from porion.clinic.permissions import Actor
from porion.http.door import Door
from porion.http.shapes import ID


async def _the_door(request: Request) -> Door:
    door: Door = request.app.state.door
    return door


async def _the_actor(request: Request) -> Actor:
    """Whom the route's guard let in; a public route has nobody and must not ask."""
    actor: Actor = request.state.actor
    return actor


TheDoor = Annotated[Door, Depends(_the_door)]
Who = Annotated[Actor, Depends(_the_actor)]
PathId = Annotated[str, Path(pattern=ID)]
