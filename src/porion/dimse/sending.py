"""Storage as SCU (PS3.4 annex B): copies go to a node over an association that we ask for."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from porion.dicom.rewrite import LITTLE_ENDIAN
from porion.dimse.protocol.commands import Command, Field
from porion.dimse.requestor import MOST_CONTEXTS, Proposal, associated
from porion.services.errors import NodeFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from porion.dimse.requestor import Requestor
    from porion.dimse.tls import Identity
    from porion.services.hand_out import Copy
    from porion.services.outgoing import Outgoing
    from porion.services.remote_ports import Target
    from porion.services.sending_ports import Originator

_MEDIUM = 0
_LAST_MESSAGE = 0xFFFF


@dataclass(frozen=True, slots=True)
class DimseSending:
    """See :class:`porion.services.sending_ports.Sending`; ``identity`` is asked for when a node wants TLS."""

    identity: Callable[[], Identity]

    @contextmanager
    def to(
        self, target: Target, chosen: Sequence[Outgoing], originator: Originator | None = None
    ) -> Iterator[DimseSender]:
        """An association for these instances; NodeFailed, in words, when there is none."""
        with associated(target, proposals(chosen), self.identity) as requestor:
            yield DimseSender(requestor, originator)


class DimseSender:
    """See :class:`porion.services.sending_ports.Sender`."""

    def __init__(self, requestor: Requestor, originator: Originator | None) -> None:
        self._requestor = requestor
        self._originator = originator
        self._responses = requestor.messages()
        self._number = 0

    def taken(self, sop_class_uid: str) -> Collection[str]:
        """The transfer syntaxes in which the node takes that class."""
        return {syntax for abstract, syntax in self._requestor.contexts.values() if abstract == sop_class_uid}

    def store(self, one: Outgoing, copy: Copy) -> int:
        """Send a copy; the node's status."""
        wanted = (one.sop_class_uid, copy.transfer_syntax)
        context = next(number for number, held in self._requestor.contexts.items() if held == wanted)
        self._number = self._number % _LAST_MESSAGE + 1
        self._requestor.send_pieces(context, store_request(one, self._number, self._originator), copy.pieces)
        answer = next(self._responses).command
        if answer.message_id_responded_to != self._number or answer.status is None:
            raise NodeFailed("it answered what was not asked")
        return answer.status


def store_request(one: Outgoing, message_id: int, originator: Originator | None = None) -> Command:
    """The C-STORE request of an instance (PS3.7 section 9.3.1.1)."""
    return Command(
        field=Field.C_STORE_RQ,
        message_id=message_id,
        affected_sop_class_uid=one.sop_class_uid,
        affected_sop_instance_uid=one.sop_instance_uid,
        priority=_MEDIUM,
        data_set_type=0,
        move_originator=originator.ae_title if originator else None,
        move_originator_message_id=originator.message_id if originator else None,
    )


def proposals(chosen: Sequence[Outgoing]) -> list[Proposal]:
    """A context for each class as it is held, and one uncompressed, the most common first, as many as fit.

    Each transfer syntax has its own, so that the node can take all that it knows.
    """
    held = dict.fromkeys((one.sop_class_uid, one.transfer_syntax) for one in chosen)
    classes = dict.fromkeys(one.sop_class_uid for one in chosen)
    as_held = [Proposal(uid, (syntax,)) for uid, syntax in held if syntax not in LITTLE_ENDIAN]
    plain = [Proposal(uid, (syntax,)) for syntax in LITTLE_ENDIAN for uid in classes]
    return [*as_held, *plain][:MOST_CONTEXTS]
