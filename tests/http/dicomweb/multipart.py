"""Multipart bodies, taken apart by another's parser."""

from __future__ import annotations

from email.parser import BytesParser
from typing import Any


def parts_of(answer: Any) -> list[tuple[str, bytes]]:
    """Content type and bytes of each part of an answer."""
    head = f"Content-Type: {answer.headers['content-type']}\r\n\r\n".encode()
    message = BytesParser().parsebytes(head + answer.content)
    parts = []
    for part in message.get_payload():
        content = part.get_payload(decode=True)
        parts.append((str(part["Content-Type"]), content))
    return parts


def related(*parts: bytes, kind: str = "application/dicom", boundary: str = "the-boundary") -> dict[str, Any]:
    """A body of such parts, and its header, as a client's arguments."""
    body = b"".join(
        f"--{boundary}\r\nContent-Type: {kind}\r\n\r\n".encode() + part + b"\r\n" for part in parts
    )
    return {
        "content": body + f"--{boundary}--\r\n".encode(),
        "headers": {"Content-Type": f'multipart/related; type="{kind}"; boundary={boundary}'},
    }
