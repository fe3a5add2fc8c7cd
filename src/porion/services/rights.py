"""What a device may do beside sending: nothing, until an administrator says so."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from porion.services.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


class Right(StrEnum):
    """The words by which rights are given and taken."""

    QUERY = "query"
    RETRIEVE = "retrieve"
    PENDING = "pending"
    WORKLIST = "worklist"


MEANINGS: Mapping[Right, str] = {
    Right.QUERY: "ask which images the clinic holds (C-FIND)",
    Right.RETRIEVE: "fetch images (C-GET), and have them sent to known nodes (C-MOVE)",
    Right.PENDING: "be told of images that nobody has verified, too",
    Right.WORKLIST: "ask what is scheduled (Modality Worklist)",
}


def rights_of(words: Collection[str]) -> list[str]:
    """The rights that words name, in the order of the table; Invalid for another word."""
    unknown = sorted(set(words) - set(Right))
    if unknown:
        raise Invalid(f"There is no right {unknown[0]!r}: choose among {', '.join(Right)}.")
    return [right.value for right in Right if right in words]
