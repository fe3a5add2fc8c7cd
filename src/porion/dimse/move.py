"""Retrieval to a known node (PS3.4 section C.4.2): C-MOVE."""

from __future__ import annotations

from typing import TYPE_CHECKING

from porion.dimse import identifier
from porion.dimse.call import Call, Reply
from porion.dimse.statuses import Status
from porion.dimse.suboperations import Counters, last_reply, read_retrieval, replies, status_of
from porion.services.destinations import UnknownDestination, destination
from porion.services.errors import PorionError
from porion.services.hand_out import choose
from porion.services.send import send
from porion.services.sending_ports import Originator

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from porion.dimse.door import Door, WayOut
    from porion.services.outgoing import Outgoing
    from porion.services.remote_ports import Target


def move(door: Door, call: Call) -> Iterator[Reply]:
    """Send what is asked for to the destination, and tell how it goes."""
    title, peer = call.command.move_destination or "", call.peer
    try:
        asked = read_retrieval(door, call)
        way = _way_out(door, title)
        target = destination(door.porion, way.remotes, peer.clinic_id, title)
        chosen = choose(door.porion, identifier.actor_of(peer), asked, title)
    except UnknownDestination as error:
        yield Reply(Status.DESTINATION_UNKNOWN, str(error))
    except PorionError as error:
        yield Reply(status_of(error), str(error))
    else:
        yield from _sent(door, call, way, target, chosen)


def _way_out(door: Door, title: str) -> WayOut:
    if door.way_out is None:
        raise UnknownDestination(f"Nothing is sent from here, so that {title[:16]!r} cannot be reached.")
    return door.way_out


def _sent(door: Door, call: Call, way: WayOut, target: Target, chosen: Sequence[Outgoing]) -> Iterator[Reply]:
    actor = identifier.actor_of(call.peer)
    originator = Originator(call.peer.calling, call.command.message_id or 0)
    if not chosen:
        yield last_reply(call, Counters(0))
        return
    try:
        with way.sending.to(target, chosen, originator) as sender:
            yield from replies(call, chosen, lambda one: send(door.porion, actor, sender, one))
    except PorionError as error:
        counters = Counters(0)
        counters.give_up(chosen, str(error))
        yield last_reply(call, counters)
