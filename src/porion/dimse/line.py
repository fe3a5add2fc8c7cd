"""An association while one of its requests is answered: is it cancelled, and what goes out meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from porion.dimse.protocol.commands import Command, Field, write_command
from porion.dimse.protocol.errors import AbortReason, ProtocolError
from porion.dimse.protocol.messages import CommandCame
from porion.dimse.protocol.pdus import Abort, Fragment
from porion.dimse.protocol.upper_layer import Event, Failed, Lost

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from porion.dimse.channel import Channel
    from porion.dimse.protocol.messages import MessageReader


class Interrupted(Exception):
    """The association ended within a message; the message says how."""


class Line:
    """The peer's end while a service answers its request.

    ``contexts`` are those in which the peer takes instances on this association (as SCP, for C-GET):
    SOP class and transfer syntax by number.
    """

    def __init__(
        self,
        channel: Channel,
        events: Iterator[Event],
        reader: MessageReader,
        contexts: Mapping[int, tuple[str, str]],
    ) -> None:
        self.contexts = contexts
        self._channel = channel
        self._events = events
        self._reader = reader
        self._request: int | None = None
        self._cancelled = False
        self._responses: list[Command] = []

    def begin(self, message_id: int | None) -> None:
        """A request is served from now on."""
        self._request, self._cancelled = message_id, False

    def cancelled(self) -> bool:
        """Whether the peer has cancelled its request; Interrupted when it has gone, or Porion stops."""
        if self._channel.stopping:
            raise Interrupted("Porion was told to stop while a request was being answered.")
        while not self._cancelled and self._channel.glance():
            self._take(self._next())
        return self._cancelled

    def store(self, context: int, command: Command, pieces: Iterable[bytes | memoryview]) -> int:
        """Send a C-STORE request as a sub-operation; the status that the peer answers."""
        self._channel.send(context, write_command(command), pieces)
        # How fast a peer receives is not judged by what it sends meanwhile: the rest is measured anew.
        self._channel.end_message()
        answer = self._response_to_come()
        self._channel.begin_message()
        if answer.message_id_responded_to != command.message_id or answer.status is None:
            raise _unexpected("A response to a sub-operation that was not asked for")
        return answer.status

    def _response_to_come(self) -> Command:
        while not self._responses:
            self._take(self._next())
        return self._responses.pop()

    def _next(self) -> Fragment:
        event = next(self._events, None)
        if isinstance(event, Fragment):
            return event
        how = how_it_ended(event) if event else "The connection ended."
        raise Interrupted(f"{how} A request was being answered.")

    def _take(self, fragment: Fragment) -> None:
        came = self._reader.take(fragment)
        if not isinstance(came, CommandCame):
            return
        command = came.command
        if command.field == Field.C_CANCEL_RQ:
            self._cancelled = self._cancelled or command.message_id_responded_to == self._request
        elif command.field == Field.C_STORE_RSP:
            self._responses.append(command)
        else:
            raise _unexpected("A request that comes before the last one is answered")


def how_it_ended(event: Event) -> str:
    """An ending as a sentence about the device."""
    match event:
        case Abort(source=source, reason=reason):
            return f"It aborted the association (source {source}, reason {reason})."
        case Lost():
            return "It closed the connection without a release."
        case Failed(error=error):
            return f"It broke the protocol: {error}"
        case _:
            return "It sent what does not belong there."


def _unexpected(sentence: str) -> ProtocolError:
    return ProtocolError(AbortReason.INVALID_PARAMETER_VALUE, f"{sentence}.")
