"""Query (PS3.4 section C.4.1): C-FIND at the levels of patient, study, series and image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from porion.dimse import identifier
from porion.dimse.call import Call, Reply, TooLarge
from porion.dimse.statuses import Status
from porion.services import find as answering
from porion.services.errors import Invalid, PorionError
from porion.services.find_keys import read_query

if TYPE_CHECKING:
    from collections.abc import Iterator

    from porion.dimse.door import Door


def find(door: Door, call: Call) -> Iterator[Reply]:
    """Answers one by one, then how the query ended."""
    try:
        yield from _answers(door, call)
    except PorionError as error:
        yield Reply(_status_of(error), str(error))


def _answers(door: Door, call: Call) -> Iterator[Reply]:
    asked = identifier.read_identifier(door, call)
    peer = call.peer
    query = read_query(asked, identifier.rules_of(call), verified=identifier.sees_verified_only(peer))
    pending = Status.PENDING_WITHOUT_SOME_KEYS if query.unmatched else Status.PENDING
    terms = asked.texts("SpecificCharacterSet")
    for answer in answering.find(door.porion, identifier.actor_of(peer), query, peer.called):
        if call.cancelled:
            yield Reply(Status.CANCELLED)
            return
        yield Reply(pending, data_set=identifier.written_for(peer, answer, call.transfer_syntax, terms))
    yield Reply(Status.SUCCESS)


def _status_of(error: PorionError) -> Status:
    """PS3.4 table C.4-1 knows these failures and no others."""
    match error:
        case TooLarge() | answering.TooManyAnswers():
            return Status.OUT_OF_RESOURCES
        case identifier.UnreadableIdentifier():
            return Status.CANNOT_UNDERSTAND
        case Invalid():
            return Status.IDENTIFIER_DOES_NOT_FIT
        case _:
            return Status.OUT_OF_RESOURCES
