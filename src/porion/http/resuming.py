"""Bringing large files in, in pieces: begin, send, see how far it came, finish."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from pydantic import Field

from porion.clinic.permissions import Action
from porion.http.access import GuardedRoute
from porion.http.imports import Imported, imported
from porion.http.params import PathId, TheDoor, Who
from porion.http.resumable import Begun, Resumable
from porion.http.shapes import Shape, Text
from porion.services.errors import must

router = APIRouter(prefix="/api/imaging/uploads", tags=["import"], route_class=GuardedRoute)

_PIECE = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
PIECE_BODY = {"requestBody": {"required": True, "content": _PIECE}}


class NewUpload(Shape):
    """The name of a file and its size in bytes."""

    name: Text
    size: Annotated[int, Field(ge=1)]


class UploadAnswer(Shape):
    """How far an upload has come; `pieceSize` is the most that one piece may hold."""

    id: str
    name: str
    size: int
    offset: int
    piece_size: int = 1 << 20


class Finish(Shape):
    """The SHA-256 of the file, in hexadecimal, where the sender took it."""

    digest: Annotated[str, Field(pattern=r"^[0-9A-Fa-f]{64}$")] | None = None


def _resumable(door: TheDoor) -> Resumable:
    return Resumable(door.scratch / "resumable", door.settings.upload_limit)


Uploads = Annotated[Resumable, Depends(_resumable)]


@router.post("", status_code=201)
def begin(actor: Who, uploads: Uploads, body: NewUpload) -> UploadAnswer:
    """Begin to send a file in pieces."""
    must(actor, Action.IMPORT)
    return _answer(uploads, uploads.begin(actor, body.name, body.size))


@router.get("/{upload_id}")
def see(actor: Who, uploads: Uploads, upload_id: PathId) -> UploadAnswer:
    """How far it has come: after a broken connection, go on from `offset`."""
    return _answer(uploads, uploads.find(actor, upload_id))


@router.put("/{upload_id}", openapi_extra=PIECE_BODY)
async def add(
    actor: Who, uploads: Uploads, upload_id: PathId, offset: Annotated[int, Query(ge=0)], request: Request
) -> UploadAnswer:
    """A piece of the file at its place, the bytes as the body."""
    piece = await request.body()
    return await run_in_threadpool(_added, uploads, uploads.find(actor, upload_id), offset, piece)


@router.delete("/{upload_id}", status_code=204)
def end(actor: Who, uploads: Uploads, upload_id: PathId) -> None:
    """Forget what has come of it."""
    uploads.end(uploads.find(actor, upload_id))


@router.post("/{upload_id}/finish", response_model=Imported)
def finish(
    door: TheDoor,
    actor: Who,
    uploads: Uploads,
    upload_id: PathId,
    request: Request,
    body: Annotated[Finish, Body()] = Finish(),  # noqa: B008 (a frozen value)
) -> Imported | JSONResponse:
    """Bring the complete file in, DICOM or ZIP; every file found has an outcome."""
    begun = uploads.find(actor, upload_id)
    with uploads.whole(begun, body.digest) as path:
        return imported(door, actor, request, door.unpack(path, begun.name))


def _added(uploads: Resumable, begun: Begun, offset: int, piece: bytes) -> UploadAnswer:
    uploads.add(begun, offset, piece)
    return _answer(uploads, begun)


def _answer(uploads: Resumable, begun: Begun) -> UploadAnswer:
    return UploadAnswer(id=begun.id, name=begun.name, size=begun.size, offset=uploads.offset(begun))
