"""WADO-URI for viewers from before DICOMweb (PS3.18 section 9): one instance by the query of one address."""

from collections.abc import Mapping

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from porion.dicom.greyscale import Window
from porion.http.dicomweb.accept import DICOM, parse
from porion.http.dicomweb.answers import etag_of, told, unchanged
from porion.http.dicomweb.call import PREFIX, Call
from porion.http.dicomweb.drawing import PICTURES, quality_of, rendering_of, size_of, window_of
from porion.http.dicomweb.files import one_file
from porion.http.dicomweb.route import DicomWebRoute, TheCall
from porion.services.pixel_ports import Rendering
from porion.services.retrieve import ANY, Place, drawn_at, files_at

router = APIRouter(prefix=PREFIX, tags=["DICOMweb"], route_class=DicomWebRoute)

_LONGEST_UID = 128


@router.get("/wado", response_class=Response)
def fetch(call: TheCall) -> Response:
    """An instance as a picture, or as the DICOM file where that is asked for."""
    asked = call.request.query_params
    if asked.get("requestType") != "WADO":
        raise HTTPException(400, "requestType is WADO.")
    if "anonymize" in asked:
        raise HTTPException(400, "Porion does not take the patient out of an image on this way.")
    place = Place(*(_uid(asked, name) for name in ("studyUID", "seriesUID", "objectUID")))
    kind = _kind(asked.get("contentType", PICTURES[0]))
    return _file(call, place, asked.get("transferSyntax")) if kind == DICOM else _picture(call, place, kind)


def _uid(asked: Mapping[str, str], name: str) -> str:
    uid = asked.get(name, "")
    if not uid or len(uid) > _LONGEST_UID or "\0" in uid:
        raise HTTPException(400, f"{name} is a UID.")
    return uid


def _kind(text: str) -> str:
    """The first type that we make."""
    for media in parse(text):
        for kind in (*PICTURES, DICOM):
            if media.takes(kind):
                return kind
    raise HTTPException(406, f"An instance can be had as {DICOM}, {' or '.join(PICTURES)}.")


def _file(call: Call, place: Place, syntax: str | None) -> Response:
    (file,) = files_at(call.porion, call.actor, place, (syntax or ANY,))
    return one_file(call, file)


def _picture(call: Call, place: Place, kind: str) -> Response:
    asked = call.request.query_params
    number = size_of("frameNumber", asked.get("frameNumber", "1"))
    rendering = _rendering(asked, kind)
    (held, *_), pictures = drawn_at(call.porion, call.actor, place, [number], rendering)
    etag = etag_of(held.instance.digest, number, rendering)
    return unchanged(call.request, etag) or told(next(pictures).data, kind, etag)


def _rendering(asked: Mapping[str, str], kind: str) -> Rendering:
    """Sizes are the box to fit into, a window is one only with both of its halves (sections 9.1.2.3)."""
    rows, columns = (asked.get(name) for name in ("rows", "columns"))
    most = "8192"
    viewport = f"{columns or most},{rows or most}" if rows or columns else None
    words = {"viewport": viewport} if viewport else {}
    drawn = rendering_of(words, kind)
    return Rendering(
        picture=drawn.picture,
        size=drawn.size,
        window=_window(asked),
        quality=quality_of(asked.get("imageQuality")),
    )


def _window(asked: Mapping[str, str]) -> Window | None:
    centre, width = asked.get("windowCenter"), asked.get("windowWidth")
    return window_of(f"{centre},{width}") if centre and width else None
