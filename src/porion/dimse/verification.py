"""Verification (PS3.4 annex A): C-ECHO."""

from __future__ import annotations

from typing import TYPE_CHECKING

from porion.dimse.call import Call, Reply
from porion.dimse.statuses import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from porion.dimse.door import Door


def verify(door: Door, call: Call) -> Iterator[Reply]:
    """Answer an echo."""
    del door, call
    yield Reply(Status.SUCCESS)
