"""An association that we ask for: what is proposed, what is sent, and what a node sends back.

Nodes are distrusted like devices: every PDU has its limit before it is buffered, every silence its end.
"""

from __future__ import annotations

import socket
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from porion.dicom.file_meta import IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION
from porion.dimse.channel import Channel, Overdue
from porion.dimse.limits import Limits
from porion.dimse.probe import REJECTIONS
from porion.dimse.protocol.commands import Command, write_command
from porion.dimse.protocol.errors import LocalError, ProtocolError
from porion.dimse.protocol.items import ProposedContext, RoleSelection, UserInformation
from porion.dimse.protocol.messages import CommandCame, DataCame, MessageReader
from porion.dimse.protocol.pdus import (
    Abort,
    AssociateAccept,
    AssociateReject,
    AssociateRequest,
    Fragment,
    ReleaseRequest,
    ReleaseResponse,
)
from porion.dimse.protocol.upper_layer import Failed, Role, UpperLayer
from porion.dimse.tls import client_context
from porion.services.errors import NodeFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from porion.dimse.protocol.upper_layer import Event
    from porion.dimse.tls import Identity
    from porion.services.remote_ports import Target

MOST_CONTEXTS = 128
"""PS3.8 section 9.3.2.2: their numbers are odd and below 256."""

PATIENCE = Limits(idle=60.0, farewell=0.2)
_CONNECTS = 10.0
_GLANCE = 0.25


@dataclass(frozen=True, slots=True)
class Proposal:
    """A presentation context; ``as_scp`` asks the node to let us be the SCP of that class (for C-GET)."""

    abstract_syntax: str
    transfer_syntaxes: tuple[str, ...]
    as_scp: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """What a node sent: a command, and its data set in pieces, each good until the next one."""

    context: int
    command: Command
    data: Iterator[memoryview]


class Requestor:
    """An accepted association, used by one thread; ``contexts``: abstract and transfer syntax by number."""

    def __init__(
        self, channel: PatientChannel, contexts: dict[int, tuple[str, str]], events: Iterator[Event]
    ) -> None:
        self.contexts = contexts
        self._channel = channel
        self._events = events
        self._reader = MessageReader()

    @property
    def patience(self) -> float:
        """Seconds of silence after which a node is given up."""
        return self._channel.patience

    def context_of(self, *abstract_syntaxes: str) -> int | None:
        """The accepted context of the first of these classes that has one."""
        for wanted in abstract_syntaxes:
            for number, (abstract, _) in self.contexts.items():
                if abstract == wanted:
                    return number
        return None

    def send(self, context: int, command: Command, data: bytes = b"") -> None:
        """Send a message."""
        layer = self._channel.layer
        layer.send(context, write_command(command), is_command=True)
        if command.has_data_set:
            layer.send(context, data, is_command=False)
        self._channel.flush()

    def send_pieces(self, context: int, command: Command, pieces: Iterable[bytes | memoryview]) -> None:
        """Send a message whose data set comes in pieces, however long it is."""
        self._channel.send(context, write_command(command), pieces)

    def messages(self, tick: Callable[[float], None] | None = None) -> Iterator[Message]:
        """What the node sends; NodeFailed when the association ends.

        ``tick`` hears several times a second for how long the node has been silent, and may raise;
        without it, silence of a minute ends the association.
        """
        self._channel.tick = tick or self._channel.give_up
        for event in self._events:
            if not isinstance(event, Fragment):
                raise NodeFailed(_how_it_ended(event))
            came = self._reader.take(event)
            if isinstance(came, CommandCame):
                self._channel.begin_message()
                data = self._data() if came.command.has_data_set else iter(())
                yield Message(came.context, came.command, data)
                for _ in data:
                    pass
                self._channel.end_message()
        raise NodeFailed("it closed the connection")

    def _data(self) -> Iterator[memoryview]:
        for event in self._events:
            if not isinstance(event, Fragment):
                break
            came = self._reader.take(event)
            if isinstance(came, DataCame):
                yield came.data
                if came.is_last:
                    return
        raise NodeFailed("it ended the association in the middle of a data set")

    def release(self) -> None:
        """Release in good order; a node that does not answer is not waited for long."""
        self._channel.tick = _no_longer_than(5.0)
        self._channel.layer.release()
        self._channel.flush()
        for event in self._events:
            if isinstance(event, (ReleaseResponse, ReleaseRequest)):
                return


class PatientChannel(Channel):
    """A channel that tells how long the peer has been silent, instead of waiting without a word."""

    tick: Callable[[float], None]

    @property
    def patience(self) -> float:
        """Seconds of silence after which the peer is given up."""
        return self._limits.idle

    def give_up(self, silent: float) -> None:
        """Overdue after the time that the limits give."""
        if silent > self._limits.idle:
            raise Overdue(f"It was silent for {self._limits.idle:.0f} s.")

    def _receive(self) -> bool:
        since = time.monotonic()
        while not self._wire.is_readable(_GLANCE):
            self.tick(time.monotonic() - since)
        return super()._receive()


@contextmanager
def associated(
    target: Target, proposals: Sequence[Proposal], identity: Callable[[], Identity], limits: Limits = PATIENCE
) -> Iterator[Requestor]:
    """An association with a node, released when the block ends and aborted when it raises.

    NodeFailed, in words, for whatever the node or the network does.
    """
    name = target.node.name
    channel = _connected(target, identity, limits)
    try:
        requestor = _associated(channel, target, proposals)
        yield requestor
        with suppress(Overdue, OSError, ProtocolError, LocalError):
            requestor.release()
    except NodeFailed as error:
        raise NodeFailed(_sentence(name, str(error))) from error
    except Overdue as error:
        raise NodeFailed(_sentence(name, _lower(str(error)))) from error
    except LocalError as error:
        raise NodeFailed(_sentence(name, "it ended the association meanwhile")) from error
    except ProtocolError as error:
        raise NodeFailed(_sentence(name, f"it broke the protocol: {error}")) from error
    except OSError as error:
        raise NodeFailed(_sentence(name, f"the connection broke ({error.strerror or error})")) from error
    finally:
        _leave(channel)


def _leave(channel: PatientChannel) -> None:
    with suppress(OSError, ProtocolError, LocalError):
        if channel.layer.may_abort:
            channel.layer.abort()
        channel.flush()
    channel.close()


def _connected(target: Target, identity: Callable[[], Identity], limits: Limits) -> PatientChannel:
    node = target.node
    if not target.address:
        raise NodeFailed(f"{node.name} has no DICOM address: only DICOMweb is set up for it.")
    context = client_context(identity()) if node.tls else None
    where = f"{node.host}:{node.port}"
    try:
        sock = socket.create_connection((target.address, node.port), _CONNECTS)
    except TimeoutError as error:
        raise NodeFailed(f"{node.name} does not answer at {where}: is it switched on?") from error
    except OSError as error:
        why = error.strerror or error
        raise NodeFailed(f"{node.name} cannot be reached at {where} ({why}).") from error
    try:
        wrapped = context.wrap_socket(sock) if context else sock
    except (OSError, ValueError) as error:
        sock.close()
        reason = getattr(error, "reason", None) or error
        raise NodeFailed(f"{node.name}: there is no TLS with {where} ({reason}).") from error
    channel = PatientChannel(wrapped, UpperLayer(Role.REQUESTOR), limits)
    channel.tick = channel.give_up
    return channel


def _associated(channel: PatientChannel, target: Target, proposals: Sequence[Proposal]) -> Requestor:
    asked = {2 * number + 1: one for number, one in enumerate(proposals[:MOST_CONTEXTS])}
    roles = {one.abstract_syntax for one in asked.values() if one.as_scp}
    user = UserInformation(
        maximum_length=channel.layer.lengths.data,
        implementation_class_uid=IMPLEMENTATION_CLASS_UID,
        implementation_version=IMPLEMENTATION_VERSION,
        roles=tuple(RoleSelection(uid, scu=False, scp=True) for uid in sorted(roles)),
    )
    contexts = tuple(
        ProposedContext(number, one.abstract_syntax, one.transfer_syntaxes) for number, one in asked.items()
    )
    channel.layer.associate(AssociateRequest(target.node.ae_title, target.calling, contexts, user))
    events = channel.events()
    answer = next(events, None)
    if not isinstance(answer, AssociateAccept):
        raise NodeFailed(_why_not(answer, target))
    granted = {role.sop_class_uid for role in answer.user.roles if role.scp}
    return Requestor(
        channel,
        {
            one.number: (asked[one.number].abstract_syntax, one.transfer_syntax)
            for one in answer.contexts
            if one.result == 0
            and one.number in asked
            and (not asked[one.number].as_scp or asked[one.number].abstract_syntax in granted)
        },
        events,
    )


def _why_not(answer: Event | None, target: Target) -> str:
    if isinstance(answer, AssociateReject):
        why = REJECTIONS.get((answer.source, answer.reason), "for a reason of its own")
        told = why.format(calling=target.calling, called=target.node.ae_title)
        return f"it rejects the association: {told}"
    return _how_it_ended(answer) if answer else "it closed the connection without an answer"


def _how_it_ended(event: Event) -> str:
    match event:
        case Abort(source=source, reason=reason):
            return f"it aborted the association (source {source}, reason {reason})"
        case Failed(error=error):
            return f"it broke the protocol: {error}"
        case ReleaseRequest():
            return "it released the association before it was done"
        case _:
            return "it closed the connection"


def _no_longer_than(seconds: float) -> Callable[[float], None]:
    def tick(silent: float) -> None:
        if silent > seconds:
            raise Overdue("It does not answer the release.")

    return tick


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _sentence(name: str, what: str) -> str:
    return what if what.startswith(name) else f"{name}: {what.rstrip('.')}."
