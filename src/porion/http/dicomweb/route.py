"""What all routes of DICOMweb share: the address before them, UIDs in it, and 400 for what makes no sense."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Path, Request, Response
from starlette.exceptions import HTTPException

from porion.clinic.permissions import Actor
from porion.http.access import GuardedRoute
from porion.http.params import TheDoor, Who
from porion.services.errors import Invalid
from porion.services.ports import Porion
from porion.services.retrieve import Place

PREFIX = "/dicom-web"
STUDY = "/studies/{study}"
SERIES = f"{STUDY}/series/{{series}}"
INSTANCE = f"{SERIES}/instances/{{instance}}"

# Devices write UIDs that are none; no device writes a slash or a NUL into one.
Uid = Annotated[str, Path(pattern=r"^[0-9A-Za-z._-]{1,128}$")]


class DicomWebRoute(GuardedRoute):
    """A guarded route that answers 400 where the rest of the API answers 422 (PS3.18 section 8.5)."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler behind its guard."""
        handle = super().get_route_handler()

        async def translated(request: Request) -> Response:
            try:
                return await handle(request)
            except Invalid as error:
                raise HTTPException(400, str(error)) from error

        return translated


@dataclass(frozen=True, slots=True)
class Call:
    """Who asks whom for what."""

    porion: Porion
    actor: Actor
    request: Request

    @property
    def base(self) -> str:
        """The address before ``/studies``, as the caller reached us."""
        return f"{str(self.request.base_url).rstrip('/')}{PREFIX}"


async def _the_call(door: TheDoor, actor: Who, request: Request) -> Call:
    return Call(door.porion, actor, request)


async def _study(study: Uid) -> Place:
    return Place(study)


async def _series(study: Uid, series: Uid) -> Place:
    return Place(study, series)


async def _instance(study: Uid, series: Uid, instance: Uid) -> Place:
    return Place(study, series, instance)


TheCall = Annotated[Call, Depends(_the_call)]
StudyPlace = Annotated[Place, Depends(_study)]
SeriesPlace = Annotated[Place, Depends(_series)]
InstancePlace = Annotated[Place, Depends(_instance)]
