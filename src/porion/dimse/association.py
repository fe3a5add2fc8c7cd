"""One association from its request to its end."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import structlog

from porion.dimse.admission import CONGESTED, NOT_OUR_APPLICATION, Caller, decide
from porion.dimse.channel import Channel, Overdue
from porion.dimse.conversation import Conversation
from porion.dimse.line import Interrupted, how_it_ended
from porion.dimse.protocol.errors import ProtocolError
from porion.dimse.protocol.pdus import AssociateReject, AssociateRequest, Fragment, ReleaseRequest
from porion.services.devices import Visit, note_failure, note_visit
from porion.services.errors import PorionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from porion.dimse.door import Door
    from porion.dimse.protocol.upper_layer import Event

log = structlog.get_logger("porion.dimse")


class Association:
    """Runs in the thread of its connection. ``has_room`` says whether a device may have one more."""

    def __init__(self, door: Door, channel: Channel, caller: Caller, has_room: Callable[[str], bool]) -> None:
        self._door = door
        self._channel = channel
        self._caller = caller
        self._has_room = has_room
        self._conversation: Conversation | None = None

    def run(self) -> None:
        """Serve until the association ends, then tell how it went; no peer can make this raise."""
        try:
            self._serve(self._channel.events())
        except (Interrupted, Overdue) as error:
            self._went_wrong(str(error))
            self._abort()
        except ProtocolError as error:
            self._went_wrong(str(error))
            self._abort(2, error.reason)
        except OSError as error:
            self._went_wrong(f"The connection broke: {error.strerror or error}.")
        finally:
            self._leave()

    def _serve(self, events: Iterator[Event]) -> None:
        for event in events:
            match event:
                case AssociateRequest():
                    self._negotiate(event, events)
                case Fragment() if self._conversation is not None:
                    self._conversation.take(event)
                case ReleaseRequest():
                    self._channel.layer.confirm_release()
                case _:
                    self._went_wrong(how_it_ended(event))
            if self._channel.stopping and self._conversation and self._conversation.between_messages:
                self._abort()
                return

    def _negotiate(self, request: AssociateRequest, events: Iterator[Event]) -> None:
        layer = self._channel.layer
        decided = (
            CONGESTED if self._channel.stopping else decide(self._door, self._caller, request, self._has_room)
        )
        if isinstance(decided, AssociateReject):
            if decided is NOT_OUR_APPLICATION:
                self._went_wrong(
                    f"It asked for the application {request.application_context}, not for DICOM."
                )
            layer.reject(decided)
            return
        self._conversation = Conversation(self._door, self._channel, decided, events)
        layer.accept(decided.answer, peer_takes=request.user.maximum_length)

    def _abort(self, source: int = 0, reason: int = 0) -> None:
        layer = self._channel.layer
        if layer.may_abort:
            layer.abort(source, reason)
        with suppress(OSError):
            self._channel.flush()

    def _went_wrong(self, sentence: str) -> None:
        if self._conversation is not None:
            self._conversation.tally.error = sentence
            return
        with suppress(PorionError):
            note_failure(self._door.porion, self._caller.address, tls=self._caller.tls, reason=sentence)

    def _leave(self) -> None:
        conversation = self._conversation
        if conversation is None:
            return
        conversation.close()
        tally, peer = conversation.tally, conversation.accepted.peer
        visit = Visit(tally.stored, tally.failed, tally.bytes, tally.error, conversation.accepted.told)
        try:
            note_visit(self._door.porion, peer.clinic_id, peer.device_id, visit)
        except PorionError as error:
            log.warning("a visit could not be noted", device=peer.device_id, kind=type(error).__name__)
