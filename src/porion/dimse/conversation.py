"""The messages of one accepted association: each request goes to its service, each reply back."""

from __future__ import annotations

import secrets
import traceback
from dataclasses import asdict, dataclass
from pathlib import PurePath
from ssl import SSLError
from typing import TYPE_CHECKING

import structlog

from porion.dimse.call import Call, Reply
from porion.dimse.channel import Overdue
from porion.dimse.line import Interrupted, Line, how_it_ended
from porion.dimse.protocol.commands import NO_DATA_SET, RESPONSE, Command, Field, write_command
from porion.dimse.protocol.errors import ProtocolError
from porion.dimse.protocol.messages import CommandCame, DataCame, MessageReader
from porion.dimse.protocol.pdus import Fragment
from porion.dimse.statuses import Status, status_of
from porion.services.errors import PorionError
from porion.services.records import Origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from porion.dimse.admission import Accepted
    from porion.dimse.channel import Channel
    from porion.dimse.door import Door, Peer
    from porion.dimse.protocol.upper_layer import Event

log = structlog.get_logger("porion.dimse")


@dataclass(slots=True)
class Tally:
    """How an association went so far; ``error`` is the last thing that went wrong, in words."""

    stored: int = 0
    failed: int = 0
    bytes: int = 0
    error: str | None = None


class Conversation:
    """Takes fragments and drives services; ``events`` is where a data set's further fragments come from."""

    def __init__(self, door: Door, channel: Channel, accepted: Accepted, events: Iterator[Event]) -> None:
        peer = accepted.peer
        origin = Origin(
            door="dicom",
            label=_label(peer),
            ae_title=peer.calling,
            device=peer.device_id or None,
            **asdict(peer.habits),
        )
        self.accepted = accepted
        self.tally = Tally()
        self._door = door
        self._channel = channel
        self._events = events
        self._inlet = door.porion.spool.inlet(peer.clinic_id, origin)
        self._reader = MessageReader()
        self._line = Line(channel, events, self._reader, accepted.taken_by_the_peer)

    @property
    def between_messages(self) -> bool:
        """Whether nothing is under way."""
        return self._reader.between_messages

    def take(self, fragment: Fragment) -> None:
        """A fragment of a command; with the last one, the whole message is served."""
        self._channel.begin_message()
        came = self._reader.take(fragment)
        if isinstance(came, CommandCame):
            # What is cancelled may have been answered in the meantime: then there is nothing to do.
            if came.command.field != Field.C_CANCEL_RQ:
                self._serve(came)
            self._channel.end_message()

    def close(self) -> None:
        """The association has ended."""
        self._inlet.close()

    def _serve(self, came: CommandCame) -> None:
        abstract, transfer = self.accepted.contexts[came.context]
        data = self._data() if came.command.has_data_set else iter(())
        self._line.begin(came.command.message_id)
        call = Call(
            came.command,
            abstract,
            transfer,
            self.accepted.peer,
            data,
            self._inlet,
            self._line,
            self.accepted.extended.get(abstract, b""),
        )
        for reply in self._replies(call):
            # A service may answer before it has all: the rest is taken off the line and thrown away.
            for _ in data:
                pass
            self._count(call, reply)
            self._reply(came, reply)

    def _data(self) -> Iterator[memoryview]:
        for event in self._events:
            if not isinstance(event, Fragment):
                raise Interrupted(f"{how_it_ended(event)} An object was under way.")
            came = self._reader.take(event)
            if isinstance(came, DataCame):
                self.tally.bytes += len(came.data)
                yield came.data
                if came.is_last:
                    return
        raise Interrupted("The connection ended while an object was under way.")

    def _replies(self, call: Call) -> Iterator[Reply]:
        """The service's replies; what goes wrong within it is a status, and the association goes on."""
        service = self._door.service_for(call.command.field, call.abstract_syntax)
        if service is None:
            yield Reply(Status.UNRECOGNIZED_OPERATION, "Not offered in this presentation context")
            return
        try:
            yield from service(self._door, call)
        except (Interrupted, Overdue, ProtocolError, ConnectionError, TimeoutError, SSLError):
            raise
        except PorionError as error:
            yield Reply(status_of(error), str(error))
        except Exception as error:  # noqa: BLE001 - the outermost loop of a service: others go on
            yield Reply(Status.PROCESSING_FAILURE, f"A mistake of Porion's, in its log as {_logged(error)}")

    def _count(self, call: Call, reply: Reply) -> None:
        if reply.status == Status.SUCCESS:
            self.tally.stored += call.command.field == Field.C_STORE_RQ
        elif reply.comment:
            self.tally.failed += 1
            self.tally.error = reply.comment

    def _reply(self, came: CommandCame, reply: Reply) -> None:
        request = came.command
        instance = request.affected_sop_instance_uid or request.requested_sop_instance_uid
        response = Command(
            field=request.field | RESPONSE,
            message_id_responded_to=request.message_id,
            affected_sop_class_uid=request.affected_sop_class_uid or request.requested_sop_class_uid,
            data_set_type=NO_DATA_SET if reply.data_set is None else 0,
            status=reply.status,
            error_comment=reply.comment or None,
            **{"affected_sop_instance_uid": instance, **reply.fields},
        )
        pieces = () if reply.data_set is None else (reply.data_set,)
        self._channel.send(came.context, write_command(response), pieces)


def _label(peer: Peer) -> str:
    if peer.expected:
        return f"{peer.expected[0].node}: retrieved"
    return f"{peer.calling} at {peer.address}"


def _logged(error: Exception) -> str:
    number = secrets.token_hex(6)
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    where = [f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    log.warning("unexpected error", number=number, kind=type(error).__name__, where=where)
    return number
