"""Answers of DICOMweb: parts that are sent as they are made, ranges, and names for what has not changed."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from starlette.exceptions import HTTPException

# Kept by nobody but the one who asked, and asked about again each time: rights and verdicts change.
CACHED = {"Cache-Control": "private, no-cache"}
_PIECE = 1 << 20
# Transfer syntaxes and UIDs are what a data set says they are: no line of a header ends within one.
_NOT_IN_HEADERS = re.compile(r"[^\x20-\x7e]")
_RANGE = re.compile(r"bytes=(?:([0-9]{1,18})-([0-9]{1,18})?|-([0-9]{1,18}))")


def etag_of(*parts: object) -> str:
    """A name for what is made of these."""
    made = hashlib.sha256("\n".join(map(str, parts)).encode("utf-8", "surrogatepass"))
    return f'"{made.hexdigest()[:32]}"'


def unchanged(request: Request, etag: str) -> Response | None:
    """304 when the caller has just this (RFC 9110 section 13.1.2)."""
    known = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    return Response(status_code=304, headers={**CACHED, "ETag": etag}) if etag in known else None


def header_text(text: str) -> str:
    """A text as a header takes it."""
    return _NOT_IN_HEADERS.sub("?", text)


def told(content: bytes, kind: str, etag: str) -> Response:
    """A small answer."""
    return Response(content, media_type=header_text(kind), headers={**CACHED, "ETag": etag})


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a multipart answer: its media type, where it can be fetched alone, and its bytes."""

    kind: str
    location: str
    pieces: Iterable[bytes]


def multipart(parts: Iterable[Part], kind: str, etag: str, *, whole: bool = False) -> Response:
    """Parts (RFC 2387), sent while the next ones are made; or in one piece, which is quicker for little."""
    boundary = secrets.token_hex(16)
    media_type = f'multipart/related; type="{kind}"; boundary={boundary}'
    headers = {**CACHED, "ETag": etag}
    framed = _framed(parts, boundary)
    if whole:
        return Response(b"".join(framed), media_type=media_type, headers=headers)
    return StreamingResponse(gathered(framed), media_type=media_type, headers=headers)


def _framed(parts: Iterable[Part], boundary: str) -> Iterator[bytes]:
    for part in parts:
        kind, location = header_text(part.kind), header_text(part.location)
        yield f"--{boundary}\r\nContent-Type: {kind}\r\nContent-Location: {location}\r\n\r\n".encode()
        yield from part.pieces
        yield b"\r\n"
    yield f"--{boundary}--\r\n".encode()


def gathered(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of a size that is worth a thread's switch."""
    waiting: list[bytes] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= _PIECE:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)


def pieces_of(file: BinaryIO, length: int | None = None) -> Iterator[bytes]:
    """A file's bytes from where it stands."""
    left = length
    while left is None or left > 0:
        piece = file.read(_PIECE if left is None else min(_PIECE, left))
        if not piece:
            return
        left = None if left is None else left - len(piece)
        yield piece


@dataclass(frozen=True, slots=True)
class Stretch:
    """Bytes within an open file, which is closed when they have been sent."""

    file: BinaryIO
    offset: int
    length: int

    def pieces(self, first: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Its bytes from one of them on."""
        with self.file:
            self.file.seek(self.offset + first)
            yield from pieces_of(self.file, self.length - first if length is None else length)


def ranged(request: Request, stretch: Stretch, kind: str, headers: dict[str, str]) -> Response:
    """A stretch of a file, or the range of it that was asked for (RFC 9110 section 14.2)."""
    try:
        part = _range(request, stretch.length)
    except HTTPException:
        stretch.file.close()
        raise
    first, last = part or (0, stretch.length - 1)
    told = {**CACHED, **headers, "Accept-Ranges": "bytes", "Content-Length": str(last - first + 1)}
    if part is not None:
        told["Content-Range"] = f"bytes {first}-{last}/{stretch.length}"
    pieces = stretch.pieces(first, last - first + 1)
    return StreamingResponse(pieces, 206 if part else 200, media_type=header_text(kind), headers=told)


def _range(request: Request, length: int) -> tuple[int, int] | None:
    """The first and the last byte that are wanted; what is no single range asks for everything."""
    found = _RANGE.fullmatch(request.headers.get("range", "").strip())
    if found is None:
        return None
    if found[3] is not None:
        first, last = max(0, length - int(found[3])), length - 1
    else:
        first, last = int(found[1]), min(length - 1, int(found[2] or length))
    if first > last:
        raise HTTPException(416, "There is nothing in that range.", {"Content-Range": f"bytes */{length}"})
    return first, last
