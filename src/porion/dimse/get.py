"""Retrieval on the asker's own association (PS3.4 section C.4.3): C-GET."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from porion.dimse import identifier
from porion.dimse.call import Call, Reply
from porion.dimse.sending import store_request
from porion.dimse.suboperations import read_retrieval, replies, status_of
from porion.services.errors import PorionError
from porion.services.hand_out import choose
from porion.services.send import Sent, send

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from porion.dimse.door import Door
    from porion.dimse.line import Line
    from porion.services.hand_out import Copy
    from porion.services.outgoing import Outgoing

_LAST_MESSAGE = 0xFFFF


def get(door: Door, call: Call) -> Iterator[Reply]:
    """Send what is asked for, one instance after the other, and tell how it goes."""
    actor = identifier.actor_of(call.peer)
    try:
        chosen = choose(door.porion, actor, read_retrieval(door, call), call.peer.calling)
    except PorionError as error:
        yield Reply(status_of(error), str(error))
        return
    sender = _OnTheSameLine(call.line, call.command.message_id or 0) if call.line else None

    def one_more(one: Outgoing) -> Sent:
        if sender is None:
            return Sent(None, "There is no association to send on.")
        return send(door.porion, actor, sender, one)

    yield from replies(call, chosen, one_more)


class _OnTheSameLine:
    """See :class:`porion.services.sending_ports.Sender`."""

    def __init__(self, line: Line, message_id: int) -> None:
        self._line = line
        self._number = message_id
        self._contexts: dict[str, dict[str, int]] = defaultdict(dict)
        for number, (abstract, syntax) in line.contexts.items():
            self._contexts[abstract].setdefault(syntax, number)

    def taken(self, sop_class_uid: str) -> Collection[str]:
        """The transfer syntaxes of the contexts whose SCP the asker is."""
        return self._contexts.get(sop_class_uid, {})

    def store(self, one: Outgoing, copy: Copy) -> int:
        """Send a copy; the asker's status."""
        self._number = self._number % _LAST_MESSAGE + 1
        context = self._contexts[one.sop_class_uid][copy.transfer_syntax]
        return self._line.store(context, store_request(one, self._number), copy.pieces)
