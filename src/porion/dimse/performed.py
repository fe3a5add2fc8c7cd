"""Modality Performed Procedure Step (PS3.4 annex F) as SCP: N-CREATE and N-SET."""

from __future__ import annotations

from typing import TYPE_CHECKING

from porion.dicom.elements import Elements, UnreadableDicom
from porion.dicom.message import read_message
from porion.dimse.call import Call, Reply
from porion.dimse.statuses import Status
from porion.services.errors import Invalid, Settled
from porion.services.performed import Reporter, WrongStatus, begin_performed, change_performed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from porion.dimse.door import Door, Peer

# PS3.4 table F.7.2-2: the object may no longer be updated.
_MAY_NOT_BE_UPDATED = 0xA710
_LONGEST_UID = 64


def create(door: Door, call: Call) -> Iterator[Reply]:
    """N-CREATE: a device begins; without a UID of its own it gets one."""
    uid = call.command.affected_sop_instance_uid or f"2.25.{int(door.porion.new_id(), 16)}"
    report = _read(call, uid, door.limits.data_set)
    try:
        begin_performed(door.porion, _reporter(call.peer), uid, report)
    except WrongStatus as error:
        yield Reply(Status.INVALID_ATTRIBUTE_VALUE, str(error))
        return
    yield Reply(Status.SUCCESS, fields={"affected_sop_instance_uid": uid})


def change(door: Door, call: Call) -> Iterator[Reply]:
    """N-SET: it goes on, ends, or gives up; what has ended stays as it is."""
    uid = call.command.requested_sop_instance_uid or ""
    report = _read(call, uid, door.limits.data_set)
    try:
        change_performed(door.porion, _reporter(call.peer), uid, report)
    except WrongStatus as error:
        yield Reply(Status.INVALID_ATTRIBUTE_VALUE, str(error))
        return
    except Settled as error:
        yield Reply(Status.PROCESSING_FAILURE, str(error), fields={"error_id": _MAY_NOT_BE_UPDATED})
        return
    yield Reply(Status.SUCCESS)


def _reporter(peer: Peer) -> Reporter:
    return Reporter(peer.clinic_id, peer.device_id, peer.calling, peer.habits.dap_unit)


def _read(call: Call, uid: str, at_most: int) -> Elements:
    """The report; Invalid when it or its UID cannot be read."""
    if not uid or len(uid) > _LONGEST_UID or uid.strip("0123456789."):
        raise Invalid("The SOP Instance UID is missing or is no UID.")
    content = call.data_set(at_most)
    try:
        return read_message(content, call.transfer_syntax) if content else Elements()
    except UnreadableDicom as error:
        raise Invalid(f"The report cannot be read: {error}.") from error
