"""C-FIND as SCU (PS3.4 annexes C and K): answers one by one, capped, cancelled when nobody listens."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from porion.dicom.elements import UnreadableDicom
from porion.dicom.message import read_message
from porion.dimse.negotiation import UNCOMPRESSED
from porion.dimse.protocol.commands import Command, Field
from porion.dimse.requestor import Proposal, associated
from porion.services.errors import NodeFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from porion.dicom.elements import Elements
    from porion.dimse.requestor import Message, Requestor
    from porion.dimse.tls import Identity
    from porion.services.remote_ports import Target

LONGEST_ANSWER = 1 << 20
"""Bytes of one answer that are taken."""

LONGEST_ASKED = 120.0
"""Seconds after which a node that goes on answering is stopped."""

_PENDING = (0xFF00, 0xFF01)
_CANCELLED = 0xFE00
_MESSAGE = 1
# After a C-CANCEL: for how long, and how many answers, the end is waited for.
_CANCELS, _LATE = 5.0, 2000


class Asking:
    """One C-FIND. ``stop`` is asked several times a second whether nobody wants to hear more."""

    def __init__(self, requestor: Requestor, context: int, limit: int, stop: Callable[[], bool]) -> None:
        self._requestor = requestor
        self._context = context
        self._limit = limit
        self._stop = stop
        self._until = time.monotonic() + LONGEST_ASKED

    def answers(self, identifier: bytes) -> Iterator[Elements]:
        """The answers, at most ``limit``; NodeFailed when the node's last word is a failure."""
        abstract, transfer = self._requestor.contexts[self._context]
        command = Command(
            field=Field.C_FIND_RQ,
            message_id=_MESSAGE,
            affected_sop_class_uid=abstract,
            priority=0,
            data_set_type=0,
        )
        self._requestor.send(self._context, command, identifier)
        for count, message in enumerate(self._requestor.messages(self._tick), 1):
            if not _is_pending(message):
                return
            answer = _answer(message, transfer)
            try:
                yield answer
            except GeneratorExit:
                self._send_cancel()
                raise
            if count >= self._limit or self._is_over():
                self._cancel()
                return

    def _is_over(self) -> bool:
        return self._stop() or time.monotonic() > self._until

    def _tick(self, silent: float) -> None:
        if self._stop():
            self._send_cancel()
            raise _NobodyListens
        if silent > self._requestor.patience or time.monotonic() > self._until:
            raise NodeFailed(f"it did not answer for {silent:.0f} s")

    def _cancel(self) -> None:
        """Ask for the end, and wait for it a little: the association may be of use to the node's log."""
        until = time.monotonic() + _CANCELS

        def tick(_silent: float) -> None:
            if time.monotonic() > until:
                raise _NobodyListens

        self._send_cancel()
        for late, message in enumerate(self._requestor.messages(tick)):
            if message.command.status not in _PENDING:
                return
            if late > _LATE or time.monotonic() > until:
                raise _NobodyListens

    def _send_cancel(self) -> None:
        cancel = Command(field=Field.C_CANCEL_RQ, message_id_responded_to=_MESSAGE)
        self._requestor.send(self._context, cancel)


class _NobodyListens(Exception):
    """The association is to be aborted: what comes over it is of no use to anybody."""


def ask(
    target: Target,
    sop_classes: Sequence[str],
    encode: Callable[[str], bytes],
    identity: Callable[[], Identity],
    *,
    limit: int,
    stop: Callable[[], bool],
) -> Iterator[Elements]:
    """Ask with the first of these classes that the node takes; ``encode`` writes in a transfer syntax."""
    proposals = [Proposal(uid, UNCOMPRESSED) for uid in sop_classes]
    try:
        with associated(target, proposals, identity) as requestor:
            context = requestor.context_of(*sop_classes)
            if context is None:
                raise NodeFailed("it does not offer this kind of query")
            identifier = encode(requestor.contexts[context][1])
            yield from Asking(requestor, context, limit, stop).answers(identifier)
    except _NobodyListens:
        return


def _is_pending(message: Message) -> bool:
    command = message.command
    if command.field != Field.C_FIND_RSP or command.message_id_responded_to != _MESSAGE:
        raise NodeFailed(f"it sent a message of the kind {command.field:04X}H instead of an answer")
    if command.status in _PENDING:
        return True
    if command.status in (0, _CANCELLED):
        return False
    raise NodeFailed(_refusal("query", command))


def _refusal(what: str, command: Command) -> str:
    comment = f": {command.error_comment}" if command.error_comment else ""
    status = "no status" if command.status is None else f"status {command.status:04X}H"
    return f"it refused the {what} with {status}{comment}"


def _answer(message: Message, transfer_syntax: str) -> Elements:
    content = bytearray()
    for piece in message.data:
        content += piece
        if len(content) > LONGEST_ANSWER:
            raise NodeFailed(f"one of its answers is longer than {LONGEST_ANSWER} bytes")
    if not content:
        raise NodeFailed("one of its answers is empty")
    try:
        return read_message(bytes(content), transfer_syntax)
    except UnreadableDicom as error:
        raise NodeFailed(f"one of its answers cannot be read ({error})") from error
