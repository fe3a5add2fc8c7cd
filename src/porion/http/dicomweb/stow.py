"""STOW-RS: store instances (PS3.18 section 10.5); each is told by itself what became of it."""

import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, BinaryIO

from fastapi import APIRouter, Depends, Request, Response
from python_multipart.multipart import parse_options_header
from starlette.exceptions import HTTPException

from porion.http.dicomweb.accept import DICOM, JSON, must_take
from porion.http.dicomweb.call import PREFIX, Call
from porion.http.dicomweb.route import STUDY, DicomWebRoute, TheCall, Uid
from porion.http.params import TheDoor
from porion.http.uploads import Parts, Upload, WholeBody, filled
from porion.services.errors import Invalid
from porion.services.incoming import Incoming
from porion.services.stow import Stored, store_instances

router = APIRouter(prefix=PREFIX, tags=["DICOMweb"], route_class=DicomWebRoute)

_RELATED = f'multipart/related; type="{DICOM}"'
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/related": {"schema": {"type": "string", "format": "binary"}},
            DICOM: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


class RelatedParts(Parts):
    """The instances among the parts of a multipart/related body (RFC 2387)."""

    def label_of(self, headers: Mapping[bytes, bytes]) -> str | None:
        """Parts have no names: they are counted."""
        kind, _ = parse_options_header(headers.get(b"content-type", b""))
        if kind.lower() != DICOM.encode():
            raise HTTPException(415, f"Instances are taken as parts of type {DICOM}.")
        return f"part {len(self.uploads) + 1}"


async def _parts(request: Request, door: TheDoor) -> AsyncIterator[list[Upload]]:
    async with filled(request, door.scratch, lambda folder: _sink(request, folder)) as uploads:
        yield uploads


def _sink(request: Request, folder: Path) -> Parts | WholeBody:
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind == DICOM.encode():
        return WholeBody(folder)
    related = kind == b"multipart/related" and options.get(b"type", DICOM.encode()).lower() == DICOM.encode()
    if not related:
        raise HTTPException(415, f"Send instances as {_RELATED}.")
    if not options.get(b"boundary"):
        raise Invalid("The Content-Type names no boundary between the parts.")
    return RelatedParts(folder, options[b"boundary"])


Instances = Annotated[list[Upload], Depends(_parts)]


@router.post("/studies", response_class=Response, openapi_extra=_BODY)
def store(call: TheCall, parts: Instances) -> Response:
    """Store instances of any studies."""
    return _stored(call, parts, None)


@router.post(STUDY, response_class=Response, openapi_extra=_BODY)
def store_in_study(call: TheCall, parts: Instances, study: Uid) -> Response:
    """Store instances of one study; others are not taken."""
    return _stored(call, parts, study)


def _stored(call: Call, parts: Sequence[Upload], study: str | None) -> Response:
    kind = must_take(call.request, JSON, "application/json")
    stored = store_instances(call.porion, call.actor, [_incoming(part) for part in parts], study)
    text = json.dumps(answer_of(stored, call.base, study), ensure_ascii=False)
    return Response(text.encode("utf-8", "replace"), status_of(stored), media_type=kind)


def _incoming(part: Upload) -> Incoming:
    @contextmanager
    def opened() -> Iterator[BinaryIO]:
        with part.path.open("rb") as file:
            yield file

    return Incoming(part.label, part.path.stat().st_size, opened)


def status_of(stored: Sequence[Stored]) -> int:
    """All, some or none of them were taken (section 10.5.3.1)."""
    failed = sum(one.failure is not None for one in stored)
    return 200 if not failed and stored else 409 if failed == len(stored) else 202


def answer_of(stored: Sequence[Stored], base: str, study: str | None) -> dict[str, Any]:
    """The store instances response module (section I.2)."""
    url = f"{base}/studies/{study}" if study else f"{base}/studies"
    answer: dict[str, Any] = {"00081190": {"vr": "UR", "Value": [url]}}
    failed = [_failed(one) for one in stored if one.failure is not None]
    safe = [_safe(one, base) for one in stored if one.failure is None]
    if failed:
        answer["00081198"] = {"vr": "SQ", "Value": failed}
    if safe:
        answer["00081199"] = {"vr": "SQ", "Value": safe}
    return answer


def _failed(one: Stored) -> dict[str, Any]:
    reason = {"vr": "US", "Value": [int(one.failure or 0)]}
    return {**_reference(one), "00081197": reason}


def _safe(one: Stored, base: str) -> dict[str, Any]:
    named = one.named
    url = f"{base}/studies/{named.study_uid}/series/{named.series_uid}/instances/{named.sop_instance_uid}"
    return {**_reference(one), "00081190": {"vr": "UR", "Value": [url]}}


def _reference(one: Stored) -> dict[str, Any]:
    pairs = (("00081150", one.named.sop_class_uid), ("00081155", one.named.sop_instance_uid))
    return {tag: {"vr": "UI", "Value": [uid]} if uid else {"vr": "UI"} for tag, uid in pairs}
