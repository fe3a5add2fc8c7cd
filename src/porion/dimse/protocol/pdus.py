"""The seven PDUs of PS3.8 section 9.3, as values and as bytes."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from porion.dimse.protocol.errors import AbortReason, ProtocolError
from porion.dimse.protocol.items import (
    APPLICATION_CONTEXT,
    ContextAnswer,
    Items,
    ProposedContext,
    UserInformation,
    plain_text,
    read_items,
    write_items,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


class Kind(IntEnum):
    """PDU types."""

    ASSOCIATE_RQ = 1
    ASSOCIATE_AC = 2
    ASSOCIATE_RJ = 3
    P_DATA_TF = 4
    RELEASE_RQ = 5
    RELEASE_RP = 6
    ABORT = 7


HEADER = struct.Struct(">BxI")
_FIXED = struct.Struct(">HH16s16s32x")
_PDV = struct.Struct(">IBB")
_COMMAND, _LAST = 1, 2


@dataclass(frozen=True, slots=True)
class AssociateRequest:
    """A-ASSOCIATE-RQ (PS3.8 section 9.3.2)."""

    called: str
    calling: str
    contexts: tuple[ProposedContext, ...]
    user: UserInformation
    application_context: str = APPLICATION_CONTEXT
    version: int = 1


@dataclass(frozen=True, slots=True)
class AssociateAccept:
    """A-ASSOCIATE-AC (PS3.8 section 9.3.3): the titles are echoed and mean nothing."""

    called: str
    calling: str
    contexts: tuple[ContextAnswer, ...]
    user: UserInformation


@dataclass(frozen=True, slots=True)
class AssociateReject:
    """A-ASSOCIATE-RJ with result, source and reason (PS3.8 table 9-21)."""

    result: int
    source: int
    reason: int


@dataclass(frozen=True, slots=True)
class ReleaseRequest:
    """A-RELEASE-RQ."""


@dataclass(frozen=True, slots=True)
class ReleaseResponse:
    """A-RELEASE-RP."""


@dataclass(frozen=True, slots=True)
class Abort:
    """A-ABORT with source and reason (PS3.8 table 9-26)."""

    source: int
    reason: int


@dataclass(frozen=True, slots=True)
class Fragment:
    """One presentation data value: a piece of a command or of a data set (PS3.8 annex E).

    ``data`` is a window on the receive buffer: it holds until the next bytes are received.
    """

    context: int
    is_command: bool
    is_last: bool
    data: memoryview


Pdu = AssociateRequest | AssociateAccept | AssociateReject | ReleaseRequest | ReleaseResponse | Abort


def read_pdu(kind: int, body: memoryview) -> Pdu:
    """Any PDU but P-DATA-TF; ProtocolError for what the standard does not allow."""
    if kind == Kind.ASSOCIATE_RQ:
        return _associate_request(body)
    if kind == Kind.ASSOCIATE_AC:
        return _associate_accept(body)
    if len(body) != 4:
        raise _invalid(f"A PDU of type {kind} is 4 bytes long, not {len(body)}")
    if kind == Kind.ASSOCIATE_RJ:
        return AssociateReject(body[1], body[2], body[3])
    if kind == Kind.ABORT:
        return Abort(body[2], body[3])
    return ReleaseRequest() if kind == Kind.RELEASE_RQ else ReleaseResponse()


def write_pdu(pdu: Pdu) -> bytes:
    """A PDU as bytes."""
    match pdu:
        case AssociateRequest():
            items = Items(pdu.application_context, pdu.contexts, (), pdu.user)
            return _framed(Kind.ASSOCIATE_RQ, _titles(pdu.version, pdu) + write_items(items))
        case AssociateAccept():
            items = Items(APPLICATION_CONTEXT, (), pdu.contexts, pdu.user)
            return _framed(Kind.ASSOCIATE_AC, _titles(1, pdu) + write_items(items))
        case AssociateReject():
            return _framed(Kind.ASSOCIATE_RJ, bytes((0, pdu.result, pdu.source, pdu.reason)))
        case ReleaseRequest():
            return _framed(Kind.RELEASE_RQ, bytes(4))
        case ReleaseResponse():
            return _framed(Kind.RELEASE_RP, bytes(4))
        case Abort():
            return _framed(Kind.ABORT, bytes((0, 0, pdu.source, pdu.reason)))


def read_fragments(body: memoryview) -> Sequence[Fragment]:
    """The presentation data values of a P-DATA-TF."""
    fragments, at = [], 0
    while at < len(body):
        if len(body) - at < _PDV.size:
            raise _invalid("A presentation data value ends within its head")
        length, context, flags = _PDV.unpack_from(body, at)
        at += _PDV.size
        end = at + length - 2
        if length < 2 or end > len(body):
            raise _invalid(f"A presentation data value says {length} bytes, and its PDU has no such room")
        fragments.append(Fragment(context, bool(flags & _COMMAND), bool(flags & _LAST), body[at:end]))
        at = end
    if not fragments:
        raise _invalid("A P-DATA-TF without a presentation data value")
    return fragments


def write_fragments(
    context: int, data: bytes | memoryview, *, is_command: bool, at_most: int, is_last: bool = True
) -> bytes:
    """A command or data set, or a piece of it, as P-DATA-TF PDUs no longer than the peer takes.

    An ``at_most`` of 0 sets no limit. ``is_last`` says that nothing of the message follows.
    """
    room = max(1, (at_most or len(data) + _PDV.size) - _PDV.size)
    pieces = [data[at : at + room] for at in range(0, len(data), room)] or [b""]
    out = bytearray()
    for number, piece in enumerate(pieces, 1):
        flags = is_command * _COMMAND | (is_last and number == len(pieces)) * _LAST
        out += HEADER.pack(Kind.P_DATA_TF, _PDV.size + len(piece))
        out += _PDV.pack(len(piece) + 2, context, flags)
        out += piece
    return bytes(out)


def _framed(kind: Kind, body: bytes) -> bytes:
    return HEADER.pack(kind, len(body)) + body


def _invalid(sentence: str) -> ProtocolError:
    return ProtocolError(AbortReason.INVALID_PARAMETER_VALUE, f"{sentence}.")


def _titles(version: int, pdu: AssociateRequest | AssociateAccept) -> bytes:
    called, calling = (title.encode("ascii").ljust(16) for title in (pdu.called, pdu.calling))
    return _FIXED.pack(version, 0, called, calling)


def _head(body: memoryview) -> tuple[int, str, str]:
    if len(body) < _FIXED.size:
        raise _invalid(f"An association PDU of {len(body)} bytes has no room for its titles")
    version, _, called, calling = _FIXED.unpack_from(body)
    # PS3.8 section 9.3.2: leading and trailing spaces are not significant; NUL is what some pad with.
    return version, *(plain_text(title) for title in (called, calling))


def _associate_request(body: memoryview) -> AssociateRequest:
    version, called, calling = _head(body)
    items = read_items(body[_FIXED.size :])
    numbers = [context.number for context in items.proposed]
    if not numbers or len(set(numbers)) < len(numbers):
        raise _invalid("An association without presentation contexts, or with two of one number")
    return AssociateRequest(called, calling, items.proposed, items.user, items.application_context, version)


def _associate_accept(body: memoryview) -> AssociateAccept:
    _, called, calling = _head(body)
    items = read_items(body[_FIXED.size :])
    return AssociateAccept(called, calling, items.answered, items.user)
