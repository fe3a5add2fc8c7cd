"""One association without I/O, either side of it: bytes in, events out (in the manner of h11).

The loop around it is always the same: receive into :meth:`UpperLayer.room`, tell how much came, take
events until there are none, send what :meth:`UpperLayer.output` gives, close when ``closing`` says so,
and tell of timers that ran out.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from porion.dimse.protocol.errors import AbortReason, ProtocolError
from porion.dimse.protocol.pdus import (
    HEADER,
    Abort,
    AssociateAccept,
    AssociateReject,
    AssociateRequest,
    Fragment,
    Kind,
    Pdu,
    ReleaseRequest,
    ReleaseResponse,
    read_fragments,
    read_pdu,
    write_fragments,
    write_pdu,
)
from porion.dimse.protocol.states import TABLE, Occurrence, State, transition

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Role(Enum):
    """Which side of an association."""

    ACCEPTOR = "acceptor"
    REQUESTOR = "requestor"


@dataclass(frozen=True, slots=True)
class Lengths:
    """The most bytes behind a PDU's head that are taken: judged before one of them is buffered.

    ``data`` is announced to the peer as the maximum length (PS3.8 D.1).
    """

    data: int = 131_072
    associate: int = 131_072

    def of(self, kind: int) -> int:
        """The limit for a type of PDU; PS3.8 fixes 4 bytes for all but three."""
        if kind == Kind.P_DATA_TF:
            return self.data
        return self.associate if kind in (Kind.ASSOCIATE_RQ, Kind.ASSOCIATE_AC) else 4


@dataclass(frozen=True, slots=True)
class Failed:
    """The peer broke the protocol; an A-ABORT that says so is in the output."""

    error: ProtocolError


@dataclass(frozen=True, slots=True)
class Lost:
    """The connection ended without the peer's saying why."""


@dataclass(frozen=True, slots=True)
class TimedOut:
    """ARTIM ran out (PS3.8 section 9.1.5)."""


Event = Pdu | Fragment | Failed | Lost | TimedOut

_OCCURRENCES: Mapping[int, Occurrence] = {
    Kind.ASSOCIATE_RQ: Occurrence.ASSOCIATE_RQ_PDU,
    Kind.ASSOCIATE_AC: Occurrence.ASSOCIATE_AC_PDU,
    Kind.ASSOCIATE_RJ: Occurrence.ASSOCIATE_RJ_PDU,
    Kind.P_DATA_TF: Occurrence.P_DATA_PDU,
    Kind.RELEASE_RQ: Occurrence.RELEASE_RQ_PDU,
    Kind.RELEASE_RP: Occurrence.RELEASE_RP_PDU,
    Kind.ABORT: Occurrence.ABORT_PDU,
}

# What each action of PS3.8 tables 9-6 to 9-9 does to the timer and the connection.
_STARTS_ARTIM = frozenset({"AE-5", "AE-8", "AR-4", "AA-1", "AA-8"})
_STOPS_ARTIM = frozenset({"AE-6", "AA-2", "AA-5", "AR-5"})
_CLOSES = frozenset({"AE-4", "AR-3", "AA-2", "AA-3"})
_IGNORES = frozenset({"AA-6", "AA-7"})


class UpperLayer:
    """The protocol machine of one association.

    ``artim`` says whether the ARTIM timer is to run, ``closing`` that the connection is to be closed
    once the output is sent.
    """

    def __init__(self, role: Role, lengths: Lengths | None = None) -> None:
        self.role = role
        self.lengths = lengths or Lengths()
        self.state = State.AWAIT_TRANSPORT_OPEN if role is Role.REQUESTOR else State.IDLE
        self.artim = False
        self.closing = False
        self.peer_takes = 0
        self.contexts: frozenset[int] = frozenset()
        self._out = bytearray()
        # Twice the longest PDU: the next one is received while one is looked at.
        self._buffer = memoryview(
            bytearray(2 * (HEADER.size + max(self.lengths.data, self.lengths.associate)))
        )
        self._start = self._end = 0
        if role is Role.ACCEPTOR:
            self._step(Occurrence.TRANSPORT_INDICATED)

    @property
    def begun(self) -> bool:
        """Whether a PDU has begun to come and is not whole yet."""
        return self._end > self._start

    @property
    def announced(self) -> int:
        """The length that the PDU under way announces; 0 as long as it has not said so."""
        if self._end - self._start < HEADER.size:
            return 0
        return int(HEADER.unpack_from(self._buffer, self._start)[1])

    @property
    def may_abort(self) -> bool:
        """Whether there is an association, or the beginning of one, to abort."""
        return (Occurrence.ABORT_REQUEST, self.state) in TABLE

    def room(self) -> memoryview:
        """Where to receive the next bytes; fragments given before end to hold."""
        if self._start == self._end:
            self._start = self._end = 0
        elif self._start > len(self._buffer) // 2:
            # What came of a PDU is moved only where its rest would have no room.
            waiting = self._end - self._start
            self._buffer[:waiting] = self._buffer[self._start : self._end]
            self._start, self._end = 0, waiting
        return self._buffer[self._end :]

    def received(self, count: int) -> None:
        """So many bytes were received into the room; 0 tells that the connection has ended."""
        self._end += count

    def lost(self) -> Event | None:
        """The connection has ended: what that means depends on the state."""
        return None if self._step(Occurrence.TRANSPORT_CLOSED) in ("AA-5", "AR-5") else Lost()

    def artim_expired(self) -> Event:
        """ARTIM ran out."""
        self._step(Occurrence.ARTIM_EXPIRED)
        return TimedOut()

    def events(self) -> Iterator[Event]:
        """What the received bytes come to, as far as they are whole."""
        while not self.closing:
            try:
                framed = self._next_pdu()
                if framed is None:
                    return
                yield from self._taken(*framed)
            except ProtocolError as error:
                yield from self._broken(error)

    def output(self) -> bytes:
        """What is to be sent now."""
        out, self._out = bytes(self._out), bytearray()
        return out

    def associate(self, request: AssociateRequest) -> None:
        """Ask for an association on a connection that is open now."""
        self._step(Occurrence.TRANSPORT_CONFIRMED)
        self._out += write_pdu(request)

    def accept(self, answer: AssociateAccept, *, peer_takes: int) -> None:
        """Accept the association; ``peer_takes`` is the maximum length that the peer announced."""
        self._step(Occurrence.ASSOCIATE_RESPONSE_ACCEPT)
        self.peer_takes = peer_takes
        self.contexts = frozenset(one.number for one in answer.contexts if one.result == 0)
        self._out += write_pdu(answer)

    def reject(self, answer: AssociateReject) -> None:
        """Reject the association."""
        self._step(Occurrence.ASSOCIATE_RESPONSE_REJECT)
        self._out += write_pdu(answer)

    def send(self, context: int, data: bytes | memoryview, *, is_command: bool, is_last: bool = True) -> None:
        """Send a command or a data set, or a piece of one that is not its last."""
        self._step(Occurrence.P_DATA_REQUEST)
        self._out += write_fragments(
            context, data, is_command=is_command, at_most=self.peer_takes, is_last=is_last
        )

    def release(self) -> None:
        """Ask to release the association."""
        self._step(Occurrence.RELEASE_REQUEST)
        self._out += write_pdu(ReleaseRequest())

    def confirm_release(self) -> None:
        """Agree to the release that the peer asked for."""
        self._step(Occurrence.RELEASE_RESPONSE)
        self._out += write_pdu(ReleaseResponse())

    def abort(self, source: int = 0, reason: int = 0) -> None:
        """Abort at once, as the service's user (source 0) unless told otherwise."""
        self._step(Occurrence.ABORT_REQUEST)
        self._out += write_pdu(Abort(source, reason))

    def _step(self, occurrence: Occurrence) -> str:
        before = self.state
        action, self.state = transition(occurrence, before)
        if action == "AR-8" and self.role is Role.ACCEPTOR:
            self.state = State.COLLISION_ACCEPTOR_AWAIT_RELEASE_RP
        if action in _STARTS_ARTIM:
            self.artim = True
        elif action in _STOPS_ARTIM:
            self.artim = False
        self.closing = self.closing or action in _CLOSES
        return action

    def _next_pdu(self) -> tuple[int, memoryview] | None:
        waiting = self._end - self._start
        if waiting < HEADER.size:
            return None
        kind, length = HEADER.unpack_from(self._buffer, self._start)
        if kind not in _OCCURRENCES:
            raise ProtocolError(AbortReason.UNRECOGNIZED_PDU, f"There is no PDU of type {kind:02X}H.")
        if length > self.lengths.of(kind):
            raise ProtocolError(
                AbortReason.INVALID_PARAMETER_VALUE,
                f"A PDU of type {kind} says {length} bytes; at most {self.lengths.of(kind)} are taken.",
            )
        if waiting < HEADER.size + length:
            return None
        body = self._start + HEADER.size
        self._start = body + length
        return kind, self._buffer[body : self._start]

    def _taken(self, kind: int, body: memoryview) -> Iterator[Event]:
        # What the state does not expect is not read: its content could only distract from that.
        action, _ = transition(_OCCURRENCES[kind], self.state)
        if action in ("AA-1", "AA-8"):
            raise ProtocolError(
                AbortReason.UNEXPECTED_PDU, f"A PDU of type {kind} cannot come in state {self.state.value}."
            )
        if action in _IGNORES:
            self._ignored(action)
        elif kind == Kind.P_DATA_TF:
            yield from self._fragments(body)
        else:
            pdu = read_pdu(kind, body)
            self._step(_OCCURRENCES[kind])
            yield from self._told(pdu)

    def _fragments(self, body: memoryview) -> Iterator[Fragment]:
        fragments = read_fragments(body)
        self._step(Occurrence.P_DATA_PDU)
        for fragment in fragments:
            if fragment.context not in self.contexts:
                raise ProtocolError(
                    AbortReason.INVALID_PARAMETER_VALUE,
                    f"Presentation context {fragment.context} was not accepted.",
                )
            yield fragment

    def _told(self, pdu: Pdu) -> Iterator[Event]:
        if isinstance(pdu, AssociateRequest) and pdu.version & 1 == 0:
            # AE-6: the service provider itself refuses a version that it does not speak.
            self.reject(AssociateReject(result=1, source=2, reason=2))
            yield Failed(
                ProtocolError(
                    AbortReason.NOT_SPECIFIED, f"The peer speaks version {pdu.version} of the protocol."
                )
            )
            return
        if isinstance(pdu, AssociateAccept):
            self.peer_takes = pdu.user.maximum_length
            self.contexts = frozenset(one.number for one in pdu.contexts if one.result == 0)
        yield pdu

    def _ignored(self, action: str) -> None:
        # AA-7 answers with an A-ABORT once more; one is enough for a peer that goes on talking.
        if action == "AA-7":
            self._out += write_pdu(Abort(2, AbortReason.UNEXPECTED_PDU))
            self.closing = True

    def _broken(self, error: ProtocolError) -> Iterator[Event]:
        self._start = self._end
        action = self._step(Occurrence.INVALID_PDU)
        if action == "AA-7":
            self._ignored(action)
            return
        # AA-1 aborts as the service's user, which has no reasons; AA-8 as the provider, which has.
        answer = Abort(0, 0) if action == "AA-1" else Abort(2, error.reason)
        self._out += write_pdu(answer)
        yield Failed(error)
