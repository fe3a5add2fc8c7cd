"""WADO-RS: frames, each in the transfer syntax that is asked for (PS3.18 section 10.4.1.1.6)."""

from collections.abc import Iterator

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from porion.http.dicomweb.accept import OCTETS, Form, frame_form
from porion.http.dicomweb.answers import Part, etag_of, multipart, told, unchanged
from porion.http.dicomweb.route import (
    INSTANCE,
    PREFIX,
    Call,
    DicomWebRoute,
    FrameList,
    InstancePlace,
    TheCall,
)
from porion.services.metadata import address_of
from porion.services.pixel_ports import Frame
from porion.services.retrieve import ANY, Place, frames_at
from porion.services.search_rows import HeldInstance

router = APIRouter(prefix=PREFIX, tags=["DICOMweb"], route_class=DicomWebRoute)

MOST_FRAMES = 4096


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
        return told(frame.data, _kind(frame, form), etag)
    # The first one is made before anything is said: what cannot be shown is an answer of its own.
    return _parts_of(held, shown, form, etag, call.base, alone=len(numbers) == 1)


def whole_instance(call: Call, place: Place, held: HeldInstance) -> Response:
    """All frames as they are held."""
    numbers = range(1, held.instance.frames + 1)
    form = Form((ANY,), (OCTETS,), multipart=True)
    _, shown = frames_at(call.porion, call.actor, place, numbers, form.syntaxes)
    return _parts_of(held, shown, form, etag_of(held.instance.digest, "all"), PREFIX)


def numbers_in(text: str) -> list[int]:
    """The numbers of a list of frames; 400 for more than are given at once."""
    numbers = [int(number) for number in text.split(",")]
    if len(numbers) > MOST_FRAMES:
        raise HTTPException(400, f"At most {MOST_FRAMES} frames are given at once.")
    return numbers


def _parts_of(
    held: HeldInstance, shown: Iterator[Frame], form: Form, etag: str, base: str, *, alone: bool = False
) -> Response:
    first = next(shown)
    kind = form.kind_of(first.transfer_syntax)
    return multipart(_parts(held, first, shown, form, base), kind, etag, whole=alone)


def _parts(
    held: HeldInstance, first: Frame, others: Iterator[Frame], form: Form, base: str
) -> Iterator[Part]:
    address = address_of(held, base)
    yield Part(_kind(first, form), f"{address}/frames/{first.number}", [first.data])
    for frame in others:
        yield Part(_kind(frame, form), f"{address}/frames/{frame.number}", [frame.data])


def _kind(frame: Frame, form: Form) -> str:
    return f"{form.kind_of(frame.transfer_syntax)}; transfer-syntax={frame.transfer_syntax}"
