"""What sending to another node needs: an association that takes copies, one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from contextlib import AbstractContextManager

    from porion.services.hand_out import Copy
    from porion.services.outgoing import Outgoing
    from porion.services.remote_ports import Target

SUCCESS = 0x0000


@dataclass(frozen=True, slots=True)
class Originator:
    """Who asked for a sub-operation: its AE title, and the Message ID of its C-MOVE (PS3.7 9.1.1)."""

    ae_title: str
    message_id: int


class Sender(Protocol):
    """An open association with a node."""

    def taken(self, sop_class_uid: str) -> Collection[str]:
        """The transfer syntaxes in which the node takes that class; none when it does not."""

    def store(self, one: Outgoing, copy: Copy) -> int:
        """Send a copy in a transfer syntax that is taken; the status that the node answers.

        NodeFailed when the association has ended.
        """


class Sending(Protocol):
    """The way out over DICOM's own protocol."""

    def to(
        self, target: Target, chosen: Sequence[Outgoing], originator: Originator | None = None
    ) -> AbstractContextManager[Sender]:
        """An association for these instances; NodeFailed, in words, when there is none."""
