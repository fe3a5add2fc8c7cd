"""What reading one file may cost at most, and where its problems are collected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from porion.dicom.elements import Problem, tag_text

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that hold before anything is allocated.

    ``depth`` counts sequences within sequences, ``elements`` every element and item, ``values`` the
    single values of multi-valued elements (and the escapes in text), ``fragments`` those of
    encapsulated pixel data. ``bulk`` is the longest value that is kept and ``kept`` all of them
    together, ``inflated`` the longest part of a deflated data set that is unpacked (all in bytes),
    ``frame_samples`` the most samples that a frame may declare.
    """

    depth: int = 32
    elements: int = 50_000
    values: int = 200_000
    fragments: int = 500_000
    bulk: int = 65_536
    kept: int = 16 << 20
    inflated: int = 64 << 20
    frame_samples: int = 1 << 31
    problems: int = 200


DEFAULT_LIMITS = Limits()

# Where an element lies: the place of the sequence around it, that sequence's tag, the item's number.
# Linked and only spelled out when a problem needs it, because almost no element has one.
Place = tuple["Place | None", int, int]


def path_of(place: Place | None, tag: int) -> str:
    """The path of a tag as :class:`Problem` gives it: ``(0008,2218)[0].(0008,0100)``."""
    parts = [tag_text(tag)]
    while place is not None:
        place, sequence, index = place
        parts.append(f"{tag_text(sequence)}[{index}]")
    return ".".join(reversed(parts))


def shown(value: object) -> str:
    """A value shortened and quoted for a reason."""
    text = str(value)
    return repr(text if len(text) <= 40 else text[:39] + "…")


class Problems:
    """Problems in the order found; beyond ``cap`` they are only counted.

    ``noted`` counts every call of :meth:`add`, repeated problems and those beyond the cap too.
    """

    __slots__ = ("_cap", "_found", "_more", "noted")

    def __init__(self, cap: int, found: Iterable[Problem] = ()) -> None:
        self._cap = cap
        self._found = dict.fromkeys(found)
        self._more = 0
        self.noted = 0

    def add(self, reason: str, tag: int | None = None, place: Place | None = None) -> None:
        """Note one problem of an element, or of the file when no tag is given."""
        self.noted += 1
        if len(self._found) >= self._cap:
            self._more += 1
            return
        self._found[Problem(None if tag is None else path_of(place, tag), reason)] = None

    def copy(self) -> Problems:
        """The same problems, to go on from in two ways."""
        return Problems(self._cap, self._found)

    def all(self) -> tuple[Problem, ...]:
        """At most ``cap`` problems; when there were more, the last says how many."""
        kept = list(self._found)
        if self._more:
            kept[-1] = Problem(None, f"{self._more + 1} more problems are not listed")
        return tuple(kept)
