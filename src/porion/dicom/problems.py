"""What had to be repaired or could not be read in a file: each with its place, collected in their order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Problem:
    """Something repaired or unreadable: where, and in words a person can act on.

    ``tag`` is a path such as ``(0010,0030)`` or ``(0008,2218)[0].(0008,0100)``, or None for the file
    as a whole.
    """

    tag: str | None
    reason: str


def tag_text(tag: int) -> str:
    """``(gggg,eeee)`` in the standard's upper-case hexadecimal."""
    return f"({tag >> 16:04X},{tag & 0xFFFF:04X})"


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
