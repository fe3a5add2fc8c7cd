"""Modality Worklist (PS3.4 annex K) as SCP: C-FIND of what is scheduled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from porion.dicom.elements import Elements, UnreadableDicom
from porion.dicom.encode import UNICODE, character_set_for, encode, spelled_for
from porion.dicom.message import read_message
from porion.dimse.call import Call, Reply
from porion.dimse.statuses import Status
from porion.services.errors import Invalid
from porion.services.worklist_answers import Asker, answer_worklist

if TYPE_CHECKING:
    from collections.abc import Iterator

    from porion.dimse.door import Door


def find_worklist(door: Door, call: Call) -> Iterator[Reply]:
    """The open steps that match, one pending answer each, until they end or the device cancels."""
    identifier = _read(call, door.limits.data_set)
    peer = call.peer
    found = answer_worklist(door.porion, Asker(peer.clinic_id, peer.device_id, peer.calling), identifier)
    for item in found.items:
        if call.cancelled:
            yield Reply(Status.CANCELLED)
            return
        content = _written(item, call.transfer_syntax, found.character_set, identifier)
        yield Reply(Status.PENDING, data_set=content)
    yield Reply(Status.SUCCESS)


def _read(call: Call, at_most: int) -> Elements:
    """The identifier; Invalid when it cannot be read."""
    content = call.data_set(at_most)
    if not content:
        return Elements()
    try:
        return read_message(content, call.transfer_syntax)
    except UnreadableDicom as error:
        raise Invalid(f"The query cannot be read: {error}.") from error


def _written(item: Elements, transfer_syntax: str, readable: str, identifier: Elements) -> bytes:
    """An answer in the set that is known for the device, else in one that it names itself, else in UTF-8.

    What its own set has no letters for is spelled in those that it has.
    """
    if readable:
        own = spelled_for(item, readable)
        return encode(own, transfer_syntax, character_set_for(own, readable))
    named = [term for term in identifier.texts("SpecificCharacterSet") if term]
    return encode(item, transfer_syntax, character_set_for(item, *named, UNICODE))
