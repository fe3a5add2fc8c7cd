"""WADO-RS: frames, each in the transfer syntax that is asked for (PS3.18 section 10.4.1.1.6)."""

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from porion.http.dicomweb.accept import frame_form
from porion.http.dicomweb.answers import etag_of, told, unchanged
from porion.http.dicomweb.call import PREFIX
from porion.http.dicomweb.frame_parts import kind_of, numbers_in, parts_of
from porion.http.dicomweb.route import INSTANCE, DicomWebRoute, FrameList, InstancePlace, TheCall
from porion.services.retrieve import frames_at

router = APIRouter(prefix=PREFIX, tags=["DICOMweb"], route_class=DicomWebRoute)


@router.get(f"{INSTANCE}/frames/{{frames}}", response_class=Response)
def fetch_frames(
    call: TheCall,
    place: InstancePlace,
    frames: FrameList,
) -> Response:
    """Frames of an instance by their numbers from 1, with commas between them."""
    form = frame_form(call.request)
    numbers = numbers_in(frames)
    if not form.multipart and len(numbers) > 1:
        raise HTTPException(406, "Several frames can be had as multipart/related.")
    held, shown = frames_at(call.porion, call.actor, place, numbers, form.syntaxes)
    etag = etag_of(held.instance.digest, frames, form)
    same = unchanged(call.request, etag)
    if same is not None:
        return same
    if not form.multipart:
        frame = next(shown)
        return told(frame.data, kind_of(frame, form), etag)
    return parts_of(held, shown, form, etag, call.base, alone=len(numbers) == 1)
