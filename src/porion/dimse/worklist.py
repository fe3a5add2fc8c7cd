"""Modality Worklist (PS3.4 annex K) as SCP: C-FIND of what is scheduled."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from porion.dimse.call import Call, Reply
from porion.dimse.identifier import UnreadableIdentifier, read_identifier, written_for
from porion.dimse.statuses import Status
from porion.services.errors import PorionError
from porion.services.worklist_answers import Asker, answer_worklist

if TYPE_CHECKING:
    from collections.abc import Iterator

    from porion.dimse.door import Door


def find_worklist(door: Door, call: Call) -> Iterator[Reply]:
    """The open steps that match, one pending answer each, until they end or the device cancels."""
    try:
        yield from _answers(door, call)
    except UnreadableIdentifier as error:
        yield Reply(Status.CANNOT_UNDERSTAND, str(error))
    except PorionError as error:
        # PS3.4 section K.4.1.1.4 has no finer word for it.
        yield Reply(Status.OUT_OF_RESOURCES, str(error))


def _answers(door: Door, call: Call) -> Iterator[Reply]:
    asked, peer = read_identifier(door, call), call.peer
    found = answer_worklist(door.porion, Asker(peer.clinic_id, peer.device_id, peer.calling), asked)
    if found.character_set:
        peer = replace(peer, habits=replace(peer.habits, character_set=found.character_set))
    terms = asked.texts("SpecificCharacterSet")
    for item in found.items:
        if call.cancelled:
            yield Reply(Status.CANCELLED)
            return
        yield Reply(Status.PENDING, data_set=written_for(peer, item, call.transfer_syntax, terms))
    yield Reply(Status.SUCCESS)
