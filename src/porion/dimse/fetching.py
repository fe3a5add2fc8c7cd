"""C-GET and C-MOVE as SCU (PS3.4 section C.4.2, C.4.3): what a study holds comes here, as it comes."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from porion.dicom.elements import UnreadableDicom
from porion.dicom.identifiers import identifier_bytes
from porion.dicom.message import read_message
from porion.dimse.negotiation import (
    IMPLICIT_LITTLE,
    UNCOMPRESSED,
    storage_classes,
)
from porion.dimse.protocol.commands import NO_DATA_SET, RESPONSE, Command, Field
from porion.dimse.protocol.errors import LocalError
from porion.dimse.requestor import MOST_CONTEXTS, Proposal, associated
from porion.dimse.statuses import Status
from porion.services.errors import NodeFailed, PorionError
from porion.services.remote_ports import Counts, Store

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from porion.dimse.requestor import Message, Requestor
    from porion.dimse.tls import Identity
    from porion.services.remote_ports import Sink, Target, Wanted

PATIENT_ROOT, STUDY_ROOT = "1.2.840.10008.5.1.4.1.2.1", "1.2.840.10008.5.1.4.1.2.2"
FIND, MOVE, GET = ".1", ".2", ".3"

EXPLICIT_LITTLE = "1.2.840.10008.1.2.1"
# What X-rays and volumes are kept in; each in a context of its own, so that nothing is unpacked on its way.
COMPRESSED = (
    "1.2.840.10008.1.2.4.70",
    "1.2.840.10008.1.2.4.57",
    "1.2.840.10008.1.2.4.80",
    "1.2.840.10008.1.2.4.90",
    "1.2.840.10008.1.2.4.201",
    "1.2.840.10008.1.2.4.50",
    "1.2.840.10008.1.2.4.51",
    "1.2.840.10008.1.2.4.91",
    "1.2.840.10008.1.2.4.81",
    "1.2.840.10008.1.2.5",
)
# Proposed where a node does not say which SOP classes a study has.
USUAL_CLASSES = (
    "1.2.840.10008.5.1.4.1.1.1",  # CR
    "1.2.840.10008.5.1.4.1.1.1.1",  # DX, for presentation and for processing
    "1.2.840.10008.5.1.4.1.1.1.1.1",
    "1.2.840.10008.5.1.4.1.1.1.3",  # intra-oral
    "1.2.840.10008.5.1.4.1.1.1.3.1",
    "1.2.840.10008.5.1.4.1.1.2",  # CT
    "1.2.840.10008.5.1.4.1.1.2.1",
    "1.2.840.10008.5.1.4.1.1.13.1.2",  # craniofacial X-ray 3D
    "1.2.840.10008.5.1.4.1.1.7",  # secondary capture
    "1.2.840.10008.5.1.4.1.1.77.1.4",  # photographs
)
_MESSAGE = 1
_PENDING = (0xFF00, 0xFF01)
_LONGEST_LIST = 1 << 20
# A node that cannot store here any more is told so, and the retrieve ends.
_SILENCE = 120.0


def get(
    target: Target,
    wanted: Wanted,
    sink: Sink,
    tell: Callable[[Counts], None],
    identity: Callable[[], Identity],
) -> Counts:
    """C-GET: what the node sends goes into the sink on the same association."""
    proposals = [Proposal(STUDY_ROOT + GET, UNCOMPRESSED), *_storage(wanted.classes)]
    with associated(target, proposals, identity) as requestor:
        context = requestor.context_of(STUDY_ROOT + GET)
        if context is None:
            raise NodeFailed("it does not offer C-GET")
        if len(requestor.contexts) == 1:
            raise NodeFailed("it grants Porion no SCP role: it cannot send on the same association")
        return _Fetching(requestor, context, tell, sink).run(Field.C_GET_RQ, wanted, None)


def move(
    target: Target, wanted: Wanted, tell: Callable[[Counts], None], identity: Callable[[], Identity]
) -> Counts:
    """C-MOVE to our own AE title: the node sends on an association of its own."""
    with associated(target, [Proposal(STUDY_ROOT + MOVE, UNCOMPRESSED)], identity) as requestor:
        context = requestor.context_of(STUDY_ROOT + MOVE)
        if context is None:
            raise NodeFailed("it does not offer C-MOVE")
        return _Fetching(requestor, context, tell, None).run(Field.C_MOVE_RQ, wanted, target.ours)


class _Fetching:
    """One C-GET or C-MOVE; what was told last is told again several times a second."""

    def __init__(
        self, requestor: Requestor, context: int, tell: Callable[[Counts], None], sink: Sink | None
    ) -> None:
        self._requestor = requestor
        self._context = context
        self._tell = tell
        self._sink = sink
        self._told = Counts()

    def run(self, field: Field, wanted: Wanted, destination: str | None) -> Counts:
        abstract, transfer = self._requestor.contexts[self._context]
        command = Command(
            field=field,
            message_id=_MESSAGE,
            affected_sop_class_uid=abstract,
            priority=0,
            data_set_type=0,
            move_destination=destination,
        )
        self._requestor.send(self._context, command, identifier_bytes(_keys(wanted), transfer))
        try:
            return self._followed(field)
        except PorionError as error:
            if not isinstance(error, NodeFailed):
                self._cancel()
            raise

    def _followed(self, field: Field) -> Counts:
        for message in self._requestor.messages(self._tick):
            command = message.command
            if command.field == Field.C_STORE_RQ and self._sink is not None:
                self._store(message, self._sink)
            elif command.field == field | RESPONSE and command.message_id_responded_to == _MESSAGE:
                self._told = self._counts(message)
                if command.status not in _PENDING:
                    return self._told
            else:
                raise NodeFailed(f"it sent a message of the kind {command.field:04X}H instead of an answer")
            self._tell(self._told)
        raise NodeFailed("it closed the connection")

    def _tick(self, silent: float) -> None:
        self._tell(self._told)
        # What a C-MOVE sends comes over other associations: whoever listens there knows of silence.
        if self._sink is not None and silent > _SILENCE:
            raise NodeFailed(f"it did not send anything for {silent:.0f} s")

    def _store(self, message: Message, sink: Sink) -> None:
        command = message.command
        _, transfer = self._requestor.contexts.get(message.context, ("", IMPLICIT_LITTLE))
        uids = command.affected_sop_class_uid or "", command.affected_sop_instance_uid or ""
        status, comment = Status.SUCCESS, None
        try:
            if not sink.take(Store(*uids, transfer, message.data)):
                status, comment = Status.NOT_AUTHORIZED, "It was not asked for"
        except NodeFailed:
            raise
        except PorionError:
            self._respond(message, Status.OUT_OF_RESOURCES, "It cannot be kept now")
            raise
        self._respond(message, status, comment)

    def _respond(self, message: Message, status: Status, comment: str | None) -> None:
        for _ in message.data:
            pass
        asked = message.command
        response = Command(
            field=Field.C_STORE_RSP,
            message_id_responded_to=asked.message_id,
            affected_sop_class_uid=asked.affected_sop_class_uid,
            affected_sop_instance_uid=asked.affected_sop_instance_uid,
            data_set_type=NO_DATA_SET,
            status=status,
            error_comment=comment,
        )
        self._requestor.send(message.context, response)

    def _counts(self, message: Message) -> Counts:
        command = message.command
        return Counts(
            remaining=command.remaining_suboperations,
            completed=command.completed_suboperations or 0,
            failed=command.failed_suboperations or 0,
            warning=command.warning_suboperations or 0,
            status=0xC000 if command.status is None else command.status,
            comment=command.error_comment or "",
            failed_instances=self._failed(message),
        )

    def _failed(self, message: Message) -> tuple[str, ...]:
        """Failed SOP Instance UID List (0008,0058), which comes with the last word; none if unreadable."""
        content = bytearray()
        for piece in message.data:
            if len(content) < _LONGEST_LIST:
                content += piece
        _, transfer = self._requestor.contexts[self._context]
        try:
            return read_message(bytes(content), transfer).texts("FailedSOPInstanceUIDList")
        except UnreadableDicom:
            return ()

    def _cancel(self) -> None:
        cancel = Command(field=Field.C_CANCEL_RQ, message_id_responded_to=_MESSAGE)
        with suppress(OSError, LocalError):
            self._requestor.send(self._context, cancel)


def _keys(wanted: Wanted) -> dict[str, str]:
    keys = {"QueryRetrieveLevel": "STUDY", "StudyInstanceUID": wanted.study}
    if wanted.series:
        keys |= {"QueryRetrieveLevel": "SERIES", "SeriesInstanceUID": wanted.series}
    if wanted.instances:
        keys |= {"QueryRetrieveLevel": "IMAGE", "SOPInstanceUID": "\\".join(wanted.instances)}
    return keys


def _storage(classes: Sequence[str]) -> list[Proposal]:
    """Contexts in which instances may come: of each class first uncompressed, then as it may be kept."""
    known = [uid for uid in classes if uid in storage_classes()] or list(USUAL_CLASSES)
    plain = [Proposal(uid, (EXPLICIT_LITTLE, IMPLICIT_LITTLE), as_scp=True) for uid in known]
    packed = [Proposal(uid, (syntax,), as_scp=True) for syntax in COMPRESSED for uid in known]
    return [*plain, *packed][: MOST_CONTEXTS - 1]
