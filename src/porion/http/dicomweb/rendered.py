"""WADO-RS: pictures as people look at them, and thumbnails (PS3.18 sections 10.4.1.1.3 and 10.4.1.1.4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from fastapi import APIRouter, Response

from porion.http.dicomweb.accept import accepted, must_take
from porion.http.dicomweb.answers import Part, etag_of, multipart, told, unchanged
from porion.http.dicomweb.call import PREFIX, Call
from porion.http.dicomweb.drawing import PICTURES, rendering_of
from porion.http.dicomweb.frame_parts import numbers_in
from porion.http.dicomweb.route import (
    INSTANCE,
    SERIES,
    STUDY,
    DicomWebRoute,
    FrameList,
    InstancePlace,
    SeriesPlace,
    StudyPlace,
    TheCall,
)
from porion.services.metadata import address_of
from porion.services.retrieve import Drawn, Place, drawn_at, held_at, stands_for, thumbnail_of

router = APIRouter(prefix=PREFIX, tags=["DICOMweb"], route_class=DicomWebRoute)


@router.get(f"{STUDY}/rendered", response_class=Response)
def draw_study(call: TheCall, place: StudyPlace) -> Response:
    """Pictures of all frames of a study."""
    return _drawn(call, place, None)


@router.get(f"{SERIES}/rendered", response_class=Response)
def draw_series(call: TheCall, place: SeriesPlace) -> Response:
    """Pictures of all frames of a series."""
    return _drawn(call, place, None)


@router.get(f"{INSTANCE}/rendered", response_class=Response)
def draw_instance(call: TheCall, place: InstancePlace) -> Response:
    """A picture of an instance; of its first frame where only one picture is taken."""
    return _drawn(call, place, None)


@router.get(f"{INSTANCE}/frames/{{frames}}/rendered", response_class=Response)
def draw_frames(call: TheCall, place: InstancePlace, frames: FrameList) -> Response:
    """Pictures of some frames of an instance."""
    return _drawn(call, place, numbers_in(frames))


@router.get(f"{STUDY}/thumbnail", response_class=Response)
def fetch_thumbnail_of_study(call: TheCall, place: StudyPlace) -> Response:
    """A small picture that stands for a study."""
    return _thumbnail(call, place)


@router.get(f"{SERIES}/thumbnail", response_class=Response)
def fetch_thumbnail_of_series(call: TheCall, place: SeriesPlace) -> Response:
    """A small picture that stands for a series."""
    return _thumbnail(call, place)


@router.get(f"{INSTANCE}/thumbnail", response_class=Response)
def fetch_thumbnail(call: TheCall, place: InstancePlace) -> Response:
    """A small picture of an instance."""
    return _thumbnail(call, place)


@router.get(f"{INSTANCE}/frames/{{frames}}/thumbnail", response_class=Response)
def fetch_thumbnail_of_frame(call: TheCall, place: InstancePlace, frames: FrameList) -> Response:
    """A small picture of a frame."""
    return _thumbnail(call, place, numbers_in(frames)[0])


def _drawn(call: Call, place: Place, numbers: Sequence[int] | None) -> Response:
    kind = must_take(call.request, *PICTURES)
    rendering = rendering_of(call.request.query_params, kind)
    found, pictures = drawn_at(call.porion, call.actor, place, numbers, rendering)
    alone = accepted(call.request)[0].single
    etag = etag_of(*(held.instance.digest for held in found), numbers, rendering, alone)
    same = unchanged(call.request, etag)
    if same is not None:
        return same
    # Drawn before anything is said: what cannot be shown is an answer of its own.
    first = next(pictures)
    if alone:
        return told(first.data, kind, etag)
    return multipart(_parts(chain([first], pictures), kind, call.base), kind, etag)


def _parts(pictures: Iterator[Drawn], kind: str, base: str) -> Iterator[Part]:
    for one in pictures:
        location = f"{address_of(one.held, base)}/frames/{one.frame}/rendered"
        yield Part(kind, location, [one.data])


def _thumbnail(call: Call, place: Place, frame: int | None = None) -> Response:
    must_take(call.request, "image/jpeg")
    held = stands_for(held_at(call.porion, call.actor, place))
    etag = etag_of(held.instance.digest, frame, "thumbnail")
    return unchanged(call.request, etag) or told(
        thumbnail_of(call.porion, call.actor, held, frame), "image/jpeg", etag
    )
