"""WADO-RS: instances as files, their metadata and bulk data (PS3.18 section 10.4)."""

from collections.abc import Iterator, Sequence
from io import SEEK_END

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from porion.http.dicomweb.accept import DICOM, JSON, OCTETS, accepted, file_form, must_take
from porion.http.dicomweb.answers import (
    CACHED,
    Part,
    Stretch,
    etag_of,
    gathered,
    multipart,
    pieces_of,
    ranged,
    unchanged,
)
from porion.http.dicomweb.frames import whole_instance
from porion.http.dicomweb.route import (
    INSTANCE,
    PREFIX,
    SERIES,
    STUDY,
    BulkPath,
    Call,
    DicomWebRoute,
    InstancePlace,
    SeriesPlace,
    StudyPlace,
    TheCall,
)
from porion.services.bulk import bulk_at, open_bulk
from porion.services.metadata import address_of, metadata_at
from porion.services.retrieve import File, Place, files_at, open_kept, opened

router = APIRouter(prefix=PREFIX, tags=["DICOMweb"], route_class=DicomWebRoute)


@router.get(STUDY, response_class=Response)
def fetch_study(call: TheCall, place: StudyPlace) -> Response:
    """All instances of a study as DICOM files, each a part of the answer."""
    return _files(call, place)


@router.get(SERIES, response_class=Response)
def fetch_series(call: TheCall, place: SeriesPlace) -> Response:
    """All instances of a series as DICOM files, each a part of the answer."""
    return _files(call, place)


@router.get(INSTANCE, response_class=Response)
def fetch_instance(call: TheCall, place: InstancePlace) -> Response:
    """An instance as a DICOM file: a part of its own, or the answer itself where that is asked for."""
    return _files(call, place)


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


def _files(call: Call, place: Place) -> Response:
    form = file_form(call.request)
    files = files_at(call.porion, call.actor, place, form.syntaxes)
    if not form.multipart and place.instance is not None:
        return one_file(call, files[0])
    etag = etag_of(*((file.held.instance.digest, file.transfer_syntax) for file in files), form.multipart)
    same = unchanged(call.request, etag)
    if same is not None:
        return same
    return multipart(_parts(call, files, call.base), DICOM, etag)


def _parts(call: Call, files: Sequence[File], base: str) -> Iterator[Part]:
    for file in files:
        with opened(call.porion, call.actor, file) as (syntax, stream):
            kind = f"{DICOM}; transfer-syntax={syntax}"
            yield Part(kind, address_of(file.held, base), pieces_of(stream))


def one_file(call: Call, file: File) -> Response:
    """One instance as the answer itself."""
    etag = etag_of(file.held.instance.digest, file.transfer_syntax)
    same = unchanged(call.request, etag)
    if same is not None:
        return same
    name = f'attachment; filename="{file.held.instance.digest[:16]}.dcm"'
    headers = {"ETag": etag, "Content-Disposition": name}
    if file.transfer_syntax != file.held.instance.transfer_syntax:
        # Made while it is sent, under a name that does not outlive the answer: no ranges of it.
        return StreamingResponse(_made(call, file), media_type=DICOM, headers={**CACHED, **headers})
    stream = open_kept(call.porion, call.actor, file)
    kind = f"{DICOM}; transfer-syntax={file.transfer_syntax}"
    return ranged(call.request, Stretch(stream, 0, stream.seek(0, SEEK_END)), kind, headers)


def _made(call: Call, file: File) -> Iterator[bytes]:
    with opened(call.porion, call.actor, file) as (_, stream):
        yield from pieces_of(stream)


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
