"""What a DIMSE service gets and gives: one request, its data set in pieces, and replies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from porion.services.errors import Invalid

if TYPE_CHECKING:
    from porion.dimse.door import Door, Peer
    from porion.dimse.line import Line
    from porion.dimse.protocol.commands import Command
    from porion.services.ports import Inlet


class TooLarge(Invalid):
    """A data set that a service wants as a whole is longer than it takes."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request; each piece of ``data`` holds only until the next one is asked for.

    ``inlet`` is this association's way into the spool, ``line`` its peer's end. ``extended`` is what was
    agreed on for the SOP class beyond its presentation context (PS3.7 D.3.3.5), empty for nothing.
    """

    command: Command
    abstract_syntax: str
    transfer_syntax: str
    peer: Peer
    data: Iterator[memoryview]
    inlet: Inlet
    line: Line | None = None
    extended: bytes = b""

    @property
    def cancelled(self) -> bool:
        """Whether the peer has cancelled this request by now."""
        return self.line is not None and self.line.cancelled()

    def data_set(self, at_most: int) -> bytes:
        """The whole data set; TooLarge when it is longer than ``at_most`` bytes."""
        gathered = bytearray()
        for piece in self.data:
            if len(gathered) + len(piece) > at_most:
                raise TooLarge(f"The request's data set is longer than {at_most} bytes.")
            gathered += piece
        return bytes(gathered)


@dataclass(frozen=True, slots=True)
class Reply:
    """A response: its status, a comment that technicians read, a data set, more command elements by name."""

    status: int
    comment: str = ""
    data_set: bytes | None = None
    fields: dict[str, Any] = field(default_factory=dict)


Service = Callable[["Door", Call], Iterator[Reply]]
