"""The variable items of A-ASSOCIATE PDUs (PS3.8 section 9.3.2, PS3.7 annex D.3.3)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from porion.dimse.protocol.errors import AbortReason, ProtocolError

if TYPE_CHECKING:
    from collections.abc import Iterator

APPLICATION_CONTEXT = "1.2.840.10008.3.1.1.1"

_ITEM = struct.Struct(">BxH")
_APPLICATION, _PROPOSED, _ANSWERED, _ABSTRACT, _TRANSFER, _USER = 0x10, 0x20, 0x21, 0x30, 0x40, 0x50
_MAXIMUM_LENGTH, _CLASS_UID, _ASYNCHRONOUS, _ROLE, _VERSION = 0x51, 0x52, 0x53, 0x54, 0x55
_EXTENDED, _COMMON_EXTENDED, _IDENTITY_RQ, _IDENTITY_AC = 0x56, 0x57, 0x58, 0x59
_ANSWER = struct.Struct(">BxHBxBxBxH")
# The longest presentation context that is remembered: one with some twenty transfer syntaxes.
_USUAL = 1_024


@dataclass(frozen=True, slots=True)
class ProposedContext:
    """A presentation context as asked for: an odd number, a service, the ways to encode it."""

    number: int
    abstract_syntax: str
    transfer_syntaxes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ContextAnswer:
    """The answer to a presentation context; ``result`` is 0 when accepted (PS3.8 table 9-18)."""

    number: int
    result: int
    transfer_syntax: str


@dataclass(frozen=True, slots=True)
class RoleSelection:
    """Who plays which role for a SOP class (PS3.7 D.3.3.4)."""

    sop_class_uid: str
    scu: bool
    scp: bool


@dataclass(frozen=True, slots=True)
class UserIdentity:
    """Who the peer says is at work (PS3.7 D.3.3.7); ``wants_answer`` asks for a positive response."""

    kind: int
    wants_answer: bool
    primary: bytes
    secondary: bytes


@dataclass(frozen=True, slots=True)
class UserInformation:
    """The user information item. A ``maximum_length`` of 0 sets no limit on P-DATA-TF PDUs."""

    maximum_length: int = 0
    implementation_class_uid: str = ""
    implementation_version: str = ""
    asynchronous: tuple[int, int] | None = None
    roles: tuple[RoleSelection, ...] = ()
    extended: tuple[tuple[str, bytes], ...] = ()
    identity: UserIdentity | None = None


@dataclass(frozen=True, slots=True)
class Items:
    """Everything that the variable part of an A-ASSOCIATE-RQ or -AC holds."""

    application_context: str
    proposed: tuple[ProposedContext, ...]
    answered: tuple[ContextAnswer, ...]
    user: UserInformation


def read_items(data: memoryview) -> Items:
    """Read the variable part; items that nobody knows are passed over, as PS3.8 section 9.3.1 asks."""
    context, user = "", UserInformation()
    proposed: list[ProposedContext] = []
    answered: list[ContextAnswer] = []
    for kind, value in _items(data):
        if kind == _APPLICATION:
            context = _uid(value)
        elif kind == _PROPOSED:
            proposed.append(_proposed(value))
        elif kind == _ANSWERED:
            answered.append(_answered(value))
        elif kind == _USER:
            user = _user(value)
    return Items(context, tuple(proposed), tuple(answered), user)


def write_items(items: Items) -> bytes:
    """The variable part as bytes."""
    return b"".join(
        (
            _item(_APPLICATION, items.application_context.encode("ascii")),
            *(_write_proposed(one) for one in items.proposed),
            *(_write_answered(one) for one in items.answered),
            _item(_USER, _write_user(items.user, proposes=bool(items.proposed))),
        )
    )


def _items(data: memoryview) -> Iterator[tuple[int, memoryview]]:
    at = 0
    while at < len(data):
        if len(data) - at < _ITEM.size:
            raise _invalid("An item ends before its length is told")
        kind, length = _ITEM.unpack_from(data, at)
        at += _ITEM.size
        if length > len(data) - at:
            raise _invalid(f"Item {kind:02X}H says {length} bytes, and {len(data) - at} are left")
        yield kind, data[at : at + length]
        at += length


def _invalid(sentence: str) -> ProtocolError:
    return ProtocolError(AbortReason.INVALID_PARAMETER_VALUE, f"{sentence}.")


def _item(kind: int, value: bytes) -> bytes:
    return _ITEM.pack(kind, len(value)) + value


def _text(value: memoryview) -> str:
    return plain_text(bytes(value))


def plain_text(value: bytes) -> str:
    """Text without its padding; what nobody could print becomes a question mark."""
    text = value.decode("ascii", "replace").strip("\0 ")
    return text if text.isprintable() else "".join(one if one.isprintable() else "?" for one in text)


def _uid(value: memoryview) -> str:
    # PS3.5 section 9.1 allows 64 characters; a little more harms nobody, a page of them is no UID.
    if len(value) > 128:
        raise _invalid(f"A UID has {len(value)} characters")
    return _text(value)


def _need(value: memoryview, length: int, what: str) -> None:
    if len(value) < length:
        raise _invalid(f"{what} is {len(value)} bytes long and needs {length}")


def _proposed(value: memoryview) -> ProposedContext:
    # A device asks for the same each time, often for 128 contexts: to read them anew takes 2 ms.
    return _usual(bytes(value)) if len(value) <= _USUAL else _read_proposed(value)


@lru_cache(maxsize=1_024)
def _usual(value: bytes) -> ProposedContext:
    return _read_proposed(memoryview(value))


def _read_proposed(value: memoryview) -> ProposedContext:
    _need(value, 4, "A presentation context item")
    number, abstract, transfer = value[0], "", []
    for kind, part in _items(value[4:]):
        if kind == _ABSTRACT:
            abstract = _uid(part)
        elif kind == _TRANSFER:
            transfer.append(_uid(part))
    if not number % 2:
        raise _invalid(f"Presentation context {number} is even")
    if not abstract or not transfer:
        raise _invalid(f"Presentation context {number} lacks its abstract or transfer syntax")
    return ProposedContext(number, abstract, tuple(transfer))


def _write_proposed(one: ProposedContext) -> bytes:
    parts = [_item(_ABSTRACT, one.abstract_syntax.encode("ascii"))]
    parts += [_item(_TRANSFER, uid.encode("ascii")) for uid in one.transfer_syntaxes]
    return _item(_PROPOSED, bytes((one.number, 0, 0, 0)) + b"".join(parts))


def _answered(value: memoryview) -> ContextAnswer:
    _need(value, 4, "A presentation context item")
    transfer = next((_uid(part) for kind, part in _items(value[4:]) if kind == _TRANSFER), "")
    return ContextAnswer(value[0], value[2], transfer)


def _write_answered(one: ContextAnswer) -> bytes:
    transfer = one.transfer_syntax.encode("ascii")
    head = _ANSWER.pack(_ANSWERED, len(transfer) + 8, one.number, one.result, _TRANSFER, len(transfer))
    return head + transfer


def _user(value: memoryview) -> UserInformation:
    found: dict[int, memoryview] = {}
    roles: list[RoleSelection] = []
    extended: list[tuple[str, bytes]] = []
    for kind, part in _items(value):
        if kind == _ROLE:
            roles.append(_role(part))
        elif kind == _EXTENDED:
            extended.append(_extended(part))
        else:
            found[kind] = part
    return UserInformation(
        maximum_length=_number(found, _MAXIMUM_LENGTH),
        implementation_class_uid=_uid(found.get(_CLASS_UID, memoryview(b""))),
        implementation_version=_text(found.get(_VERSION, memoryview(b""))),
        asynchronous=_window(found.get(_ASYNCHRONOUS)),
        roles=tuple(roles),
        extended=tuple(extended),
        identity=_identity(found.get(_IDENTITY_RQ)),
    )


def _number(found: dict[int, memoryview], kind: int) -> int:
    if kind not in found:
        return 0
    _need(found[kind], 4, "The maximum length")
    return int.from_bytes(found[kind][:4], "big")


def _window(value: memoryview | None) -> tuple[int, int] | None:
    if value is None:
        return None
    _need(value, 4, "The asynchronous operations window")
    return int.from_bytes(value[:2], "big"), int.from_bytes(value[2:4], "big")


def _prefixed(value: memoryview, at: int, what: str) -> tuple[memoryview, int]:
    _need(value, at + 2, what)
    end = at + 2 + int.from_bytes(value[at : at + 2], "big")
    _need(value, end, what)
    return value[at + 2 : end], end


def _role(value: memoryview) -> RoleSelection:
    uid, end = _prefixed(value, 0, "A role selection")
    _need(value, end + 2, "A role selection")
    return RoleSelection(_uid(uid), bool(value[end]), bool(value[end + 1]))


def _extended(value: memoryview) -> tuple[str, bytes]:
    uid, end = _prefixed(value, 0, "An extended negotiation")
    return _uid(uid), bytes(value[end:])


def _identity(value: memoryview | None) -> UserIdentity | None:
    if value is None:
        return None
    _need(value, 2, "A user identity")
    primary, end = _prefixed(value, 2, "A user identity")
    secondary, _ = _prefixed(value, end, "A user identity")
    return UserIdentity(value[0], bool(value[1]), bytes(primary), bytes(secondary))


def _write_user(user: UserInformation, *, proposes: bool) -> bytes:
    parts = [
        _item(_MAXIMUM_LENGTH, user.maximum_length.to_bytes(4, "big")),
        _item(_CLASS_UID, user.implementation_class_uid.encode("ascii")),
    ]
    if user.asynchronous is not None:
        parts.append(_item(_ASYNCHRONOUS, struct.pack(">HH", *user.asynchronous)))
    for role in user.roles:
        uid = role.sop_class_uid.encode("ascii")
        parts.append(_item(_ROLE, _with_length(uid) + bytes((role.scu, role.scp))))
    if user.implementation_version:
        parts.append(_item(_VERSION, user.implementation_version.encode("ascii")))
    for sop_class, information in user.extended:
        parts.append(_item(_EXTENDED, _with_length(sop_class.encode("ascii")) + information))
    if user.identity is not None and proposes:
        identity = user.identity
        head = bytes((identity.kind, identity.wants_answer))
        parts.append(
            _item(_IDENTITY_RQ, head + _with_length(identity.primary) + _with_length(identity.secondary))
        )
    return b"".join(parts)


def _with_length(value: bytes) -> bytes:
    return len(value).to_bytes(2, "big") + value
