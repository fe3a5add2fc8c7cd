"""What all routes of DICOMweb share: UIDs in their addresses, and 400 for what makes no sense."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Coroutine, Mapping
from typing import Annotated, Any

from fastapi import Depends, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from porion.http.access import GuardedRoute, admit
from porion.http.dicomweb.call import Call
from porion.http.params import TheDoor, Who
from porion.services.errors import Invalid, NotSignedIn
from porion.services.retrieve import Place

STUDY = "/studies/{study}"
SERIES = f"{STUDY}/series/{{series}}"
INSTANCE = f"{SERIES}/instances/{{instance}}"

# Devices write UIDs that are none; no device writes a slash or a NUL into one.
UID = r"^[0-9A-Za-z._-]{1,128}$"
FRAMES = r"^[0-9]{1,9}(,[0-9]{1,9})*$"
BULK = r"^[0-9A-Fa-f]{8}(\.[0-9]{1,6}\.[0-9A-Fa-f]{8}){0,32}$"
_LONGEST = 40_000
_PATTERNS = {
    name: re.compile(pattern)
    for name, pattern in (
        ("study", UID), ("series", UID), ("instance", UID), ("frames", FRAMES), ("path", BULK),
    )
}  # fmt: skip

Uid = Annotated[str, Path(pattern=UID)]
FrameList = Annotated[str, Path(pattern=FRAMES, max_length=_LONGEST)]
BulkPath = Annotated[str, Path(pattern=BULK)]


class DicomWebRoute(GuardedRoute):
    """A guarded route that answers 400 where the rest of the API answers 422 (PS3.18 section 8.5).

    A viewer asks for hundreds of frames. What is only read goes the short way: admission and answer in
    one turn of a thread, the path's parameters checked here. The signature still describes the route.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler behind its guard."""
        if "GET" not in (self.methods or ()):
            return self._long_way(super().get_route_handler())
        endpoint, access = self.endpoint, self.access
        wanted = tuple(inspect.signature(endpoint).parameters)

        def answered(request: Request) -> Response:
            actor = admit(request, access)
            if actor is None:
                raise NotSignedIn("DICOMweb is for those who signed in.")
            call = Call(request.app.state.door.porion, actor, request)
            try:
                answer: Response = endpoint(**_arguments(wanted, call, request.path_params))
            except Invalid as error:
                raise HTTPException(400, str(error)) from error
            return answer

        async def short_way(request: Request) -> Response:
            return await run_in_threadpool(answered, request)

        return short_way

    @staticmethod
    def _long_way(
        handle: Callable[[Request], Coroutine[Any, Any, Response]],
    ) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        async def translated(request: Request) -> Response:
            try:
                return await handle(request)
            except Invalid as error:
                raise HTTPException(400, str(error)) from error

        return translated


def _arguments(wanted: tuple[str, ...], call: Call, path: Mapping[str, str]) -> dict[str, Any]:
    """What an endpoint asks for by its parameters' names; 400 for what cannot be in an address."""
    for name, text in path.items():
        if len(text) > _LONGEST or not _PATTERNS[name].fullmatch(text):
            raise HTTPException(400, f"{name}: nothing is called like that.")
    known: dict[str, Any] = {**path, "call": call}
    if "place" in wanted:
        known["place"] = Place(path["study"], path.get("series"), path.get("instance"))
    return {name: known[name] for name in wanted}


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
