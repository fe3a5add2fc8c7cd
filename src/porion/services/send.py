"""Send one instance over an open association."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from porion.services.errors import NodeFailed, PorionError
from porion.services.hand_out import copied

if TYPE_CHECKING:
    from porion.clinic.permissions import Actor
    from porion.services.outgoing import Outgoing
    from porion.services.ports import Porion
    from porion.services.sending_ports import Sender

# PS3.4 table B.2-1: success, and the warnings with which an instance is stored all the same.
_STORED = frozenset((0x0000, 0xB000, 0xB006, 0xB007))


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of an instance: the node's status, or why it was not even sent."""

    status: int | None
    reason: str = ""

    @property
    def is_stored(self) -> bool:
        """Whether the node keeps it."""
        return self.status in _STORED


def send(porion: Porion, actor: Actor, sender: Sender, one: Outgoing) -> Sent:
    """Send a copy; NodeFailed when the association has ended, all else that goes wrong is told."""
    taken = sender.taken(one.sop_class_uid)
    if not taken:
        return Sent(None, "The node does not take this kind of object.")
    try:
        with copied(porion, actor, one, taken) as copy:
            status = sender.store(one, copy)
    except NodeFailed:
        raise
    except PorionError as error:
        return Sent(None, str(error))
    return Sent(status, "" if status in _STORED else f"The node answered with status {status:04X}H.")
