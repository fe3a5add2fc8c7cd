"""The parts of a multipart/related answer (RFC 2387), each as pieces, none of them gathered."""

from __future__ import annotations

from collections import deque
from email.message import Message
from typing import TYPE_CHECKING

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser

from porion.services.errors import NodeFailed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def media_type(text: str) -> tuple[str, str]:
    """The media type of a Content-Type, and its boundary if it has one."""
    message = Message()
    message["content-type"] = text
    return message.get_content_type(), str(message.get_param("boundary") or "")


def parts(chunks: Iterable[bytes], boundary: str) -> Iterator[Iterator[memoryview]]:
    """One iterator of pieces for each part; what is not taken is skipped. NodeFailed if it breaks off."""
    events = _events(chunks, boundary)
    for event in events:
        if event is _BEGIN:
            pieces = _pieces(events)
            yield pieces
            for _ in pieces:
                pass


_BEGIN, _END = object(), object()


def _pieces(events: Iterator[object]) -> Iterator[memoryview]:
    for event in events:
        if event is _END:
            return
        if isinstance(event, memoryview):
            yield event
    raise NodeFailed("the answer broke off in the middle of an instance")


def _events(chunks: Iterable[bytes], boundary: str) -> Iterator[object]:
    waiting: deque[object] = deque()
    ended: list[bool] = []
    parser = MultipartParser(
        boundary.encode("ascii", "replace"),
        {
            "on_part_begin": lambda: waiting.append(_BEGIN),
            "on_part_data": lambda data, start, end: waiting.append(memoryview(data)[start:end]),
            "on_part_end": lambda: waiting.append(_END),
            "on_end": lambda: ended.append(True),
        },
    )
    for chunk in chunks:
        try:
            parser.write(chunk)
        except MultipartParseError as error:
            raise NodeFailed("the answer is not the multipart message that it says it is") from error
        while waiting:
            yield waiting.popleft()
    if not ended:
        raise NodeFailed("the answer broke off before its last part")
