"""Uploaded files on their way in: streamed to the scratch directory, never held in memory.

The framework's own parser spools to the system's temporary directory, which may be memory, and takes
at most a thousand files; a cone-beam series has more.
"""

import errno
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, BinaryIO

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.exceptions import HTTPException

from porion.http.params import TheDoor
from porion.services.errors import Invalid, OutOfSpace, StorageFailed

MOST_FILES = 20_000
# The network hands over small pieces; a thread is worth its switch only for larger ones.
_PIECE = 1 << 20
_LONGEST_HEADER = 16_384
_MOST_HEADERS = 64
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True)
class Upload:
    """An uploaded file under a name of ours; ``label`` is the name that the sender gave it."""

    path: Path
    label: str


class Parts:
    """The files among the parts of a multipart body (RFC 7578); plain fields are passed over."""

    def __init__(self, folder: Path, boundary: bytes) -> None:
        self.uploads: list[Upload] = []
        self._folder = folder
        self._file: BinaryIO | None = None
        self._ended = False
        self._header, self._value = b"", b""
        self._headers: dict[bytes, bytes] = {}
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._header_field,
                "on_header_value": self._header_value,
                "on_header_end": self._header_end,
                "on_headers_finished": self._headers_finished,
                "on_part_data": self._data,
                "on_part_end": self.close,
                "on_end": self._end,
            },
        )

    def write(self, piece: bytes) -> None:
        """Take the next piece of the body; Invalid when it is no multipart body."""
        try:
            self._parser.write(piece)
        except FormParserError as error:
            raise Invalid(f"The body is no multipart form: {error}") from error

    def finish(self) -> None:
        """The body has ended; Invalid when it ended in the middle."""
        if not self._ended:
            raise Invalid("The upload broke off; nothing of it was taken. Send it again.")

    def close(self) -> None:
        """Close the file that is being written."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def label_of(self, headers: Mapping[bytes, bytes]) -> str | None:
        """What a part with these headers is called, None when it is passed over."""
        _, options = parse_options_header(headers.get(b"content-disposition", b""))
        if b"filename" not in options:
            return None
        return options[b"filename"].decode("utf-8", "backslashreplace") or "upload"

    def _end(self) -> None:
        self._ended = True

    def _begin(self) -> None:
        self._headers = {}

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]
        self._must_be_short(self._header)

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]
        self._must_be_short(self._value)

    def _must_be_short(self, text: bytes) -> None:
        if len(text) > _LONGEST_HEADER or len(self._headers) > _MOST_HEADERS:
            raise Invalid("A part of the upload begins with headers that no sender needs.")

    def _header_end(self) -> None:
        self._headers[self._header.lower()] = self._value
        self._header, self._value = b"", b""

    def _headers_finished(self) -> None:
        label = self.label_of(self._headers)
        if label is None:
            return
        if len(self.uploads) == MOST_FILES:
            raise Invalid(f"More than {MOST_FILES} files in one upload: send them in several, or as a ZIP.")
        upload = Upload(self._folder / f"{len(self.uploads):08d}", label)
        self._file = upload.path.open("xb")
        self.uploads.append(upload)

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._file is not None:
            self._file.write(data[start:end])


class WholeBody:
    """A body that is one file itself."""

    def __init__(self, folder: Path) -> None:
        self.uploads = [Upload(folder / "00000000", "upload")]
        self._file = self.uploads[0].path.open("xb")

    def write(self, piece: bytes) -> None:
        """Take the next piece of the body."""
        self._file.write(piece)

    def finish(self) -> None:
        """Any end is a good one."""

    def close(self) -> None:
        """Close the file."""
        self._file.close()


@asynccontextmanager
async def received(request: Request, scratch: Path, *whole: str) -> AsyncIterator[list[Upload]]:
    """The uploaded files; they last as long as the block.

    ``whole`` are the media types of a body that is one file itself. Raises Invalid, OutOfSpace or
    StorageFailed.
    """
    async with filled(request, scratch, lambda folder: _sink(request, folder, whole)) as uploads:
        if not uploads:
            raise Invalid("There is no file in the upload: send at least one part that has a file name.")
        yield uploads


@asynccontextmanager
async def filled(
    request: Request, scratch: Path, choose: Callable[[Path], Parts | WholeBody]
) -> AsyncIterator[list[Upload]]:
    """What a body holds, taken apart by whatever ``choose`` gives for its folder."""
    with told_in_words():
        made = TemporaryDirectory(prefix="upload-", dir=scratch)
    with made as folder:
        sink = choose(Path(folder))
        with told_in_words():
            await _fill(sink, request)
        yield sink.uploads


async def _fill(sink: Parts | WholeBody, request: Request) -> None:
    try:
        async for piece in _pieces(request):
            await run_in_threadpool(sink.write, piece)
        sink.finish()
    finally:
        sink.close()


def _sink(request: Request, folder: Path, whole: tuple[str, ...]) -> Parts | WholeBody:
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind == b"multipart/form-data" and options.get(b"boundary"):
        return Parts(folder, options[b"boundary"])
    if kind.decode("latin-1") in whole:
        return WholeBody(folder)
    takes = " or ".join(("multipart/form-data", *whole))
    raise HTTPException(415, f"Send the files as {takes}.")


async def _pieces(request: Request) -> AsyncIterator[bytes]:
    waiting = bytearray()
    async for chunk in request.stream():
        waiting += chunk
        if len(waiting) >= _PIECE:
            yield bytes(waiting)
            waiting.clear()
    yield bytes(waiting)


@contextmanager
def told_in_words() -> Iterator[None]:
    """A disk that refuses an upload is a fact that the sender must hear."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise OutOfSpace("The disk is full; nothing of the upload was taken. Make room.") from error
        raise StorageFailed(f"The upload could not be written: {error.strerror or error}.") from error


async def _files(request: Request, door: TheDoor) -> AsyncIterator[list[Upload]]:
    async with received(request, door.scratch) as uploads:
        yield uploads


async def _table(request: Request, door: TheDoor) -> AsyncIterator[list[Upload]]:
    async with received(request, door.scratch, "text/csv") as uploads:
        yield uploads


UploadedFiles = Annotated[list[Upload], Depends(_files)]
UploadedTable = Annotated[list[Upload], Depends(_table)]

_FORM = {
    "multipart/form-data": {
        "schema": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string", "format": "binary"}},
        }
    }
}
FILES_BODY = {"requestBody": {"required": True, "content": _FORM}}
TABLE_BODY = {
    "requestBody": {"required": True, "content": {"text/csv": {"schema": {"type": "string"}}, **_FORM}}
}
