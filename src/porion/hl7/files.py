"""HL7 v2 messages of a file: with MLLP frames, in a batch (FHS, BHS), or simply one after the other."""

from __future__ import annotations

import re

_SEGMENT = re.compile(rb"[\r\n]+")
_BATCH = (b"FHS", b"BHS", b"BTS", b"FTS")


def messages_in(content: bytes) -> list[bytes]:
    """The messages; what comes before the first MSH makes one that cannot be read."""
    messages: list[list[bytes]] = []
    for segment in _SEGMENT.split(content.translate(None, b"\x0b\x1c")):
        if not segment.strip() or segment.startswith(_BATCH):
            continue
        if segment.startswith(b"MSH") or not messages:
            messages.append([])
        messages[-1].append(segment)
    return [b"\r".join(segments) + b"\r" for segments in messages]
