"""Storage Commitment Push Model as SCP (PS3.4 annex J): the request. The answer comes later, anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from porion.dicom.elements import UnreadableDicom
from porion.dicom.message import read_message
from porion.dimse.call import Call, Reply
from porion.dimse.statuses import Status
from porion.services.commitment import MOST_REFERENCES, Reference, request_commitment
from porion.services.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from porion.dicom.elements import Elements
    from porion.dimse.door import Door

WELL_KNOWN_INSTANCE = "1.2.840.10008.1.20.1.1"
_REQUEST = 1
_LONGEST_UID = 64
# A reference takes some 150 bytes.
_MOST_BYTES = 300 * MOST_REFERENCES


def commit(door: Door, call: Call) -> Iterator[Reply]:
    """Keep what was asked for; it is decided and told on an association of our own."""
    command = call.command
    if command.requested_sop_instance_uid != WELL_KNOWN_INSTANCE:
        yield Reply(Status.NO_SUCH_INSTANCE, "Not the well-known instance of storage commitment")
        return
    if command.action_type_id != _REQUEST:
        yield Reply(Status.NO_SUCH_ACTION, "Storage commitment has action type 1 only")
        return
    transaction, references = _read(call)
    peer = call.peer
    where = {
        "address": peer.address,
        "calling": peer.calling,
        "called": peer.called,
        "tls": peer.tls,
    }
    request_commitment(door.porion, peer.clinic_id, peer.device_id, transaction, references, where)
    yield Reply(Status.SUCCESS, fields={"action_type_id": _REQUEST})


def _read(call: Call) -> tuple[str, Sequence[Reference]]:
    """Transaction UID and references (PS3.4 table J.3-1); Invalid when they cannot be read."""
    try:
        asked = read_message(call.data_set(_MOST_BYTES), call.transfer_syntax)
    except UnreadableDicom as error:
        raise Invalid(f"The request for commitment cannot be read: {error}.") from error
    items = asked.items_of("ReferencedSOPSequence")
    if not 1 <= len(items) <= MOST_REFERENCES:
        raise Invalid(f"A request has 1 to {MOST_REFERENCES} references, not {len(items)}.")
    references = [
        Reference(_uid(item, "ReferencedSOPClassUID"), _uid(item, "ReferencedSOPInstanceUID"))
        for item in items
    ]
    return _uid(asked, "TransactionUID"), references


def _uid(within: Elements, keyword: str) -> str:
    uid = "\\".join(within.texts(keyword))
    if not uid or len(uid) > _LONGEST_UID or uid.strip("0123456789."):
        raise Invalid(f"A {keyword} is missing or is no UID.")
    return uid
