"""Files as answers: attachments under names of ours, streamed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import SEEK_END
from types import MappingProxyType
from typing import Any, BinaryIO

from fastapi.responses import StreamingResponse

from porion.services.records import InstanceRow

_BINARY = {"application/dicom": {"schema": {"type": "string", "format": "binary"}}}
DICOM_FILE: Any = MappingProxyType({200: {"content": _BINARY}})
"""How the API's description declares such an answer."""

_PIECE = 1 << 20


def a_file(row: InstanceRow, file: BinaryIO) -> StreamingResponse:
    """An instance's file, which is closed when it has been sent."""
    return attached(file, f"{row.digest[:16]}.dcm", "application/dicom")


def attached(file: BinaryIO, name: str, media_type: str) -> StreamingResponse:
    """A file under that name, which is closed when it has been sent."""
    size = file.seek(0, SEEK_END)
    file.seek(0)
    headers: Mapping[str, str] = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Length": str(size),
    }
    return StreamingResponse(_pieces(file), media_type=media_type, headers=headers)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE):
            yield piece
