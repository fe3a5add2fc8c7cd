"""Instances as DICOM files, in the transfer syntax that is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import SEEK_END

from fastapi import Response
from fastapi.responses import StreamingResponse

from porion.http.dicomweb.accept import DICOM, file_form
from porion.http.dicomweb.answers import (
    CACHED,
    Part,
    Stretch,
    etag_of,
    multipart,
    pieces_of,
    ranged,
    unchanged,
)
from porion.http.dicomweb.call import Call
from porion.services.metadata import address_of
from porion.services.retrieve import File, Place, files_at, open_kept, opened


def files_of(call: Call, place: Place) -> Response:
    """All instances there, each a part; one instance is the answer itself where that is asked for."""
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
