"""An image's pixels for the viewer: every frame of a volume in one answer."""

import secrets
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from porion.http.access import GuardedRoute
from porion.http.params import PathId, TheDoor, Who
from porion.http.shapes import Uid
from porion.services.image_frames import FramesWanted, ShownFrame, open_frames

router = APIRouter(prefix="/api/imaging/images", tags=["images"], route_class=GuardedRoute)

_NATIVE = "1.2.840.10008.1.2.1"
_PARTS: dict[int | str, dict[str, Any]] = {
    200: {"content": {"multipart/related": {"schema": {"type": "string"}}}}
}


@router.get("/{image_id}/frames", response_class=StreamingResponse, responses=_PARTS)
def fetch_frames(
    door: TheDoor,
    actor: Who,
    image_id: PathId,
    transfer_syntax: Annotated[Uid, Query(alias="transferSyntax")] = _NATIVE,
    instance: Annotated[Uid | None, Query(description="One SOP Instance UID instead of all.")] = None,
    frame: Annotated[
        int | None, Query(ge=1, description="One frame of it, or of the first instance.")
    ] = None,
) -> StreamingResponse:
    """All frames, each a part of a multipart answer (PS3.18 section 8.6.1) with its place in DICOMweb.

    A frame that cannot be shown is a part of type text/plain that says why.
    """
    wanted = FramesWanted(transfer_syntax, instance, frame)
    shown = open_frames(door.porion, actor, image_id, wanted)
    boundary = secrets.token_hex(16)
    media_type = f'multipart/related; type="application/octet-stream"; boundary={boundary}'
    headers = {"Cache-Control": "private, no-cache"}
    return StreamingResponse(_parts(shown, boundary), media_type=media_type, headers=headers)


def _parts(shown: Iterator[ShownFrame], boundary: str) -> Iterator[bytes]:
    for one in shown:
        yield _part(one, boundary)
    yield f"--{boundary}--\r\n".encode()


def _part(shown: ShownFrame, boundary: str) -> bytes:
    frame = shown.frame
    body = shown.reason.encode() if frame is None else frame.data
    kind = (
        "text/plain; charset=utf-8"
        if frame is None
        else f"application/octet-stream; transfer-syntax={frame.transfer_syntax}"
    )
    head = (
        f"--{boundary}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        f"Content-Location: /dicom-web/studies/{shown.study_uid}/series/{shown.series_uid}"
        f"/instances/{shown.sop_instance_uid}/frames/{shown.number}\r\n\r\n"
    )
    return b"".join((head.encode(), body, b"\r\n"))
