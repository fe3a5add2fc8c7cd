"""Storage (PS3.4 annex B): C-STORE goes into the spool as it comes; Success means that it is safe there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from porion.dicom.file_meta import file_prefix
from porion.dimse.call import Call, Reply
from porion.dimse.statuses import Status
from porion.services.requested import keep_if_requested, note_refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from porion.dimse.door import Door
    from porion.services.ports import Intake

# PS3.5 table 6.2-1 allows 64 characters; what is a little longer still goes into a file meta group.
_LONGEST_UID = 128


def store(door: Door, call: Call) -> Iterator[Reply]:
    """Take an instance in. Whose it is, and whether it can be read, is asked later: nothing is lost by it.

    Of a node that sends on our request only what was asked for is taken.
    """
    wrong = _what_is_wrong(call)
    if wrong:
        yield Reply(Status.CANNOT_UNDERSTAND, wrong)
        return
    intake = call.inlet.open(_prefix(call))
    try:
        yield _requested(door, intake, call) if call.peer.expected else _taken(intake, call)
    finally:
        intake.abandon()


def _taken(intake: Intake, call: Call) -> Reply:
    size = 0
    for piece in call.data:
        intake.write(piece)
        size += len(piece)
    if not size:
        return Reply(Status.CANNOT_UNDERSTAND, "The data set is empty")
    intake.seal()
    return Reply(Status.SUCCESS)


def _requested(door: Door, intake: Intake, call: Call) -> Reply:
    expected = call.peer.expected
    kept = keep_if_requested(
        intake,
        call.data,
        call.transfer_syntax,
        lambda *uids: any(one.covers(*uids) for one in expected),
    )
    if kept is None:
        note_refused(door.porion, call.peer.clinic_id, expected[0])
        return Reply(Status.NOT_AUTHORIZED, "It was not asked for")
    return Reply(Status.SUCCESS) if kept else Reply(Status.CANNOT_UNDERSTAND, "The data set is empty")


def _what_is_wrong(call: Call) -> str:
    command = call.command
    if not command.has_data_set:
        return "A C-STORE request without a data set"
    for uid, name in (
        (command.affected_sop_class_uid, "Affected SOP Class UID"),
        (command.affected_sop_instance_uid, "Affected SOP Instance UID"),
    ):
        if not uid or len(uid) > _LONGEST_UID:
            return f"{name} is missing or no UID"
    return ""


def _prefix(call: Call) -> bytes:
    command = call.command
    return file_prefix(
        command.affected_sop_class_uid or "",
        command.affected_sop_instance_uid or "",
        call.transfer_syntax,
        source=call.peer.calling,
        receiver=call.peer.called,
        sealable=True,
    )
