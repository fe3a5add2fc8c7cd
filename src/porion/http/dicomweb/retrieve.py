"""WADO-RS: instances as files, their metadata and bulk data (PS3.18 section 10.4)."""

from collections.abc import Iterator

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from porion.http.dicomweb.accept import JSON, OCTETS, accepted, must_take
from porion.http.dicomweb.answers import (
    CACHED,
    Part,
    Stretch,
    etag_of,
    gathered,
    multipart,
    ranged,
    unchanged,
)
from porion.http.dicomweb.call import PREFIX, Call
from porion.http.dicomweb.files import files_of
from porion.http.dicomweb.frame_parts import whole_instance
from porion.http.dicomweb.route import (
    INSTANCE,
    SERIES,
    STUDY,
    BulkPath,
    DicomWebRoute,
    InstancePlace,
    SeriesPlace,
    StudyPlace,
    TheCall,
)
from porion.services.bulk import bulk_at, open_bulk
from porion.services.metadata import address_of, metadata_at
from porion.services.retrieve import Place

router = APIRouter(prefix=PREFIX, tags=["DICOMweb"], route_class=DicomWebRoute)


@router.get(STUDY, response_class=Response)
def fetch_study(call: TheCall, place: StudyPlace) -> Response:
    """All instances of a study as DICOM files, each a part of the answer."""
    return files_of(call, place)


@router.get(SERIES, response_class=Response)
def fetch_series(call: TheCall, place: SeriesPlace) -> Response:
    """All instances of a series as DICOM files, each a part of the answer."""
    return files_of(call, place)


@router.get(INSTANCE, response_class=Response)
def fetch_instance(call: TheCall, place: InstancePlace) -> Response:
    """An instance as a DICOM file: a part of its own, or the answer itself where that is asked for."""
    return files_of(call, place)


@router.get(f"{STUDY}/metadata", response_class=Response)
def fetch_metadata_of_study(call: TheCall, place: StudyPlace) -> Response:
    """The metadata of all instances of a study."""
    return _metadata(call, place)


@router.get(f"{SERIES}/metadata", response_class=Response)
def fetch_metadata_of_series(call: TheCall, place: SeriesPlace) -> Response:
    """The metadata of all instances of a series."""
    return _metadata(call, place)


@router.get(f"{INSTANCE}/metadata", response_class=Response)
def fetch_metadata(call: TheCall, place: InstancePlace) -> Response:
    """The metadata of an instance."""
    return _metadata(call, place)


@router.get(f"{INSTANCE}/bulkdata/{{path}}", response_class=Response)
def fetch_bulk_data(call: TheCall, place: InstancePlace, path: BulkPath) -> Response:
    """A long value as its metadata points to it; pixel data in fragments comes frame by frame."""
    must_take(call.request, OCTETS)
    bulk = bulk_at(call.porion, call.actor, place, path)
    if bulk.extent.encapsulated:
        return whole_instance(call, place, bulk.held)
    etag = etag_of(bulk.held.instance.digest, path)
    same = unchanged(call.request, etag)
    if same is not None:
        return same
    stretch = Stretch(open_bulk(call.porion, call.actor, bulk), bulk.extent.offset, bulk.extent.length)
    if accepted(call.request)[0].single:
        return ranged(call.request, stretch, OCTETS, {"ETag": etag})
    location = f"{address_of(bulk.held, call.base)}/bulkdata/{path}"
    return multipart([Part(OCTETS, location, stretch.pieces())], OCTETS, etag)


def _metadata(call: Call, place: Place) -> Response:
    kind = must_take(call.request, JSON, "application/json")
    base = call.base
    documents = metadata_at(call.porion, call.actor, place, base)
    etag = etag_of(documents.state, base)
    same = unchanged(call.request, etag)
    if same is not None:
        return same
    pieces = gathered(_listed(documents.pieces))
    return StreamingResponse(pieces, media_type=kind, headers={**CACHED, "ETag": etag})


def _listed(documents: Iterator[bytes]) -> Iterator[bytes]:
    """Documents as one array."""
    before = b"["
    for document in documents:
        yield before
        yield document
        before = b","
    yield b"]"
