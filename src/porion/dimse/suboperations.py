"""Sub-operations of C-GET and C-MOVE, counted as PS3.4 sections C.4.2.1 and C.4.3.1 ask."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from porion.dicom.encode import element, elements, encode
from porion.dimse import identifier
from porion.dimse.call import Call, Reply, TooLarge
from porion.dimse.statuses import Status
from porion.services.errors import Invalid, NodeFailed, PorionError
from porion.services.find_keys import UNIQUE, Asked, read_query
from porion.services.hand_out import TooManyInstances

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from porion.dicom.elements import Elements
    from porion.dimse.door import Door
    from porion.services.outgoing import Outgoing
    from porion.services.send import Sent

# US (PS3.5 table 6.2-1): what a counter can say.
_LARGEST = 0xFFFF
# PS3.5 section 7.1.2: what a value of the list can hold; a UID has at most 64 characters.
_MOST_LISTED = 0xFFFE // 65


@dataclass(slots=True)
class Counters:
    """Numbers of sub-operations, the UIDs of those that failed, and why the last one did."""

    remaining: int
    completed: int = 0
    failed: int = 0
    warning: int = 0
    reason: str = ""
    failed_uids: list[str] = field(default_factory=list)

    def count(self, one: Outgoing, sent: Sent) -> None:
        """One more is done."""
        self.remaining -= 1
        if sent.is_stored:
            self.completed += sent.status == Status.SUCCESS
            self.warning += sent.status != Status.SUCCESS
            return
        self.failed += 1
        self.failed_uids.append(one.sop_instance_uid)
        self.reason = sent.reason

    def give_up(self, rest: Sequence[Outgoing], reason: str) -> None:
        """Nothing of the rest goes out."""
        self.remaining = 0
        self.failed += len(rest)
        self.failed_uids += [one.sop_instance_uid for one in rest]
        self.reason = reason

    @property
    def fields(self) -> dict[str, Any]:
        """The command elements; that of the remaining ones while there are any (PS3.7 table 9.3-7)."""
        told = {
            "completed_suboperations": min(self.completed, _LARGEST),
            "failed_suboperations": min(self.failed, _LARGEST),
            "warning_suboperations": min(self.warning, _LARGEST),
        }
        return {"remaining_suboperations": min(self.remaining, _LARGEST), **told} if self.remaining else told

    @property
    def status(self) -> Status:
        """How it ended: success when there was neither failure nor warning."""
        if not self.failed and not self.warning:
            return Status.SUCCESS
        some = self.completed or self.warning
        return Status.SOME_SUBOPERATIONS_FAILED if some else Status.CANNOT_PERFORM_SUBOPERATIONS


def read_retrieval(door: Door, call: Call) -> Asked:
    """What a retrieval asks for (PS3.4 section C.4.2.1.4): by unique keys, which have no wildcards."""
    read = identifier.read_identifier(door, call)
    kept = _unique_keys(read)
    asked = read_query(kept, identifier.rules_of(call), verified=identifier.sees_verified_only(call.peer))
    if not any(kept.texts(UNIQUE[asked.level])):
        raise Invalid(f"A retrieval at this level names {UNIQUE[asked.level]}.")
    return asked


def _unique_keys(read: Elements) -> Elements:
    kept = [read.element(keyword) for keyword in ("QueryRetrieveLevel", *UNIQUE.values())]
    if any(set("*?") & set(str(value)) for one in kept if one for value in one.values):
        raise Invalid("A retrieval names what it wants without wildcards.")
    return elements(one for one in kept if one is not None)


def replies(call: Call, chosen: Sequence[Outgoing], send: Callable[[Outgoing], Sent]) -> Iterator[Reply]:
    """A response after each sub-operation, and the last one with what failed.

    When ``send`` raises NodeFailed, nothing of the rest goes out.
    """
    counters = Counters(len(chosen))
    for number, one in enumerate(chosen):
        if call.cancelled:
            yield Reply(Status.CANCELLED, data_set=_failed(call, counters), fields=counters.fields)
            return
        try:
            counters.count(one, send(one))
        except NodeFailed as error:
            counters.give_up(chosen[number:], str(error))
            break
        if counters.remaining:
            yield Reply(Status.PENDING, fields=counters.fields)
    yield last_reply(call, counters)


def last_reply(call: Call, counters: Counters) -> Reply:
    """The response that ends a retrieval."""
    status = counters.status
    listed = None if status is Status.SUCCESS else _failed(call, counters)
    return Reply(status, counters.reason, listed, counters.fields)


def _failed(call: Call, counters: Counters) -> bytes:
    """The Failed SOP Instance UID List (0008,0058), as far as a value can hold it."""
    uids = counters.failed_uids[:_MOST_LISTED]
    return encode(elements([element("FailedSOPInstanceUIDList", *uids)]), call.transfer_syntax)


def status_of(error: PorionError) -> Status:
    """PS3.4 tables C.4-2 and C.4-3 know these failures and no others."""
    match error:
        case TooManyInstances():
            return Status.CANNOT_COUNT_MATCHES
        case TooLarge():
            return Status.OUT_OF_RESOURCES
        case identifier.UnreadableIdentifier():
            return Status.CANNOT_UNDERSTAND
        case Invalid():
            return Status.IDENTIFIER_DOES_NOT_FIT
        case _:
            return Status.CANNOT_PERFORM_SUBOPERATIONS
