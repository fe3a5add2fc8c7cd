"""Where a value lies in a file, by its path: for bulk data, which is never read with the header."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from porion.dicom.limits import DEFAULT_LIMITS, Limits
from porion.dicom.problems import Problems
from porion.dicom.syntax import DEFLATED, detect, encoding_of
from porion.dicom.walk import RawElements, Walk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from porion.dicom.elements import Header

_PATH = re.compile(r"[0-9A-Fa-f]{8}(?:\.[0-9]{1,6}\.[0-9A-Fa-f]{8}){0,32}")


@dataclass(frozen=True, slots=True)
class Extent:
    """Where a value lies in its file, in bytes; ``encapsulated`` when it is in fragments."""

    offset: int
    length: int
    encapsulated: bool = False


def locate(view: memoryview, header: Header, path: str, limits: Limits = DEFAULT_LIMITS) -> Extent | None:
    """The value at a path (tags with item numbers from 0 between them, by dots), None if there is none.

    ``view`` is the file that ``header`` was read from. The values of a deflated data set lie nowhere
    in it.
    """
    if not _PATH.fullmatch(path) or header.transfer_syntax in DEFLATED:
        return None
    steps = path.split(".")
    encoding = detect(view, header.data_set_offset) or encoding_of(header.transfer_syntax)
    walk = Walk(view, limits, Problems(limits.problems))
    found = walk.data_set(encoding, header.data_set_offset)
    for sequence, number in zip(steps[::2], steps[1::2], strict=False):
        inner = _item(found, int(sequence, 16), int(number))
        if inner is None:
            return None
        found = inner
    return _extent(found, int(steps[-1], 16), walk.encapsulated if len(steps) == 1 else ())


def _item(found: RawElements, tag: int, number: int) -> RawElements | None:
    items = found[tag][4] if tag in found else None
    return items[number][0] if items and number < len(items) else None


def _extent(found: RawElements, tag: int, encapsulated: Sequence[int] | set[int]) -> Extent | None:
    if tag not in found:
        return None
    _, _, offset, length, items = found[tag]
    if tag in encapsulated:
        return Extent(offset, length, encapsulated=True)
    return None if items is not None else Extent(offset, length)
