"""What no peer should send: PDUs in the wrong state, with lying lengths, torn, bent, in unknown contexts.

Made by hand from PS3.8 section 9.3 and PS3.7 annex E, so that nothing of Porion's own protocol is asked.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass

VERIFICATION, CT = "1.2.840.10008.1.1", "1.2.840.10008.5.1.4.1.1.2"
# The other services that Porion offers, by the number of their context.
SERVICES = {
    5: "1.2.840.10008.5.1.4.1.2.2.1",  # Study Root Query/Retrieve, FIND
    7: "1.2.840.10008.5.1.4.1.2.2.2",  # MOVE
    9: "1.2.840.10008.5.1.4.1.2.2.3",  # GET
    11: "1.2.840.10008.5.1.4.31",  # Modality Worklist, FIND
    13: "1.2.840.10008.3.1.2.3.3",  # Modality Performed Procedure Step
    15: "1.2.840.10008.1.20.1",  # Storage Commitment Push Model
}
# C-FIND, C-GET, C-MOVE, N-EVENT-REPORT, N-GET, N-SET, N-ACTION, N-CREATE, N-DELETE.
FIELDS = (0x20, 0x10, 0x21, 0x100, 0x110, 0x120, 0x130, 0x140, 0x150)
IMPLICIT = "1.2.840.10008.1.2"
APPLICATION = "1.2.840.10008.3.1.1.1"
COMMAND, LAST = 1, 2


def pdu(kind: int, body: bytes, length: int | None = None) -> bytes:
    """A PDU; its length is a lie if one is given."""
    return struct.pack(">BBI", kind, 0, len(body) if length is None else length) + body


def _item(kind: int, body: bytes) -> bytes:
    return struct.pack(">BBH", kind, 0, len(body)) + body


def _context(number: int, abstract: str) -> bytes:
    syntaxes = _item(0x30, abstract.encode()) + _item(0x40, IMPLICIT.encode())
    return _item(0x20, bytes([number, 0, 0, 0]) + syntaxes)


def a_request(calling: str = "DEVICE0", called: str = "PORION") -> bytes:
    """A valid A-ASSOCIATE-RQ for an echo (context 1), a CT image (context 3) and the other services."""
    head = struct.pack(">HH16s16s32x", 1, 0, called.ljust(16).encode(), calling.ljust(16).encode())
    user = _item(0x51, struct.pack(">I", 16_384)) + _item(0x52, b"1.2.3.4")
    asked = {1: VERIFICATION, 3: CT, **SERVICES}
    contexts = b"".join(_context(number, abstract) for number, abstract in asked.items())
    return pdu(1, head + _item(0x10, APPLICATION.encode()) + contexts + _item(0x50, user))


def fragment(context: int, control: int, body: bytes, length: int | None = None) -> bytes:
    """A P-DATA-TF with one presentation data value."""
    value = bytes([context, control]) + body
    return pdu(4, struct.pack(">I", len(value) if length is None else length) + value)


def _element(number: int, value: bytes) -> bytes:
    return struct.pack("<HHI", 0, number, len(value)) + value


def a_command(field: int, sop_class: str, *, data: bool, instance: str = "1.2.3") -> bytes:
    """A command set."""
    body = (
        _element(0x0002, sop_class.encode() + b"\0" * (len(sop_class) % 2))
        + _element(0x0100, struct.pack("<H", field))
        + _element(0x0110, struct.pack("<H", 7))
        + _element(0x0700, struct.pack("<H", 0))
        + _element(0x0800, struct.pack("<H", 1 if data else 0x0101))
        + _element(0x1000, instance.encode() + b"\0" * (len(instance) % 2))
    )
    return _element(0x0000, struct.pack("<I", len(body))) + body


ECHO = fragment(1, COMMAND | LAST, a_command(0x30, VERIFICATION, data=False))
STORE = fragment(3, COMMAND | LAST, a_command(0x01, CT, data=True))

# How a peer gets into each state that an acceptor can be in (PS3.8 table 9-10), and those between messages.
STATES = {
    "Sta2, nothing said": b"",
    "Sta6, associated": a_request(),
    "Sta6, within a command": a_request() + fragment(1, COMMAND, ECHO[12:40]),
    "Sta6, before a data set": a_request() + STORE,
    "Sta6, within a data set": a_request() + STORE + fragment(3, 0, bytes(600)),
    "Sta6, after an answer": a_request() + ECHO,
    "Sta13, released": a_request() + pdu(5, bytes(4)),
    "Sta13, rejected": a_request(called="NOBODY"),
    "Sta13, aborted": a_request() + pdu(7, bytes(4)),
}

_LENGTHS = (0, 1, 3, 4, 5, 67, 68, 16_383, 131_073, 0x7FFFFFFF, 0xFFFFFFFF)


@dataclass(frozen=True, slots=True)
class Sequence:
    """What one peer sends, and in which state it does so."""

    state: str
    what: str
    sent: bytes


def sequences(count: int, seed: str) -> Iterator[Sequence]:
    """So many sequences: every state with every PDU type and every lie, then by chance."""
    dice = random.Random(seed)
    given = list(_all(dice))
    for number in range(count):
        state = given[number] if number < len(given) else dice.choice(given)
        sent = state.sent if number < len(given) else _bent(state.sent, dice)
        yield Sequence(state.state, state.what, sent)


def _all(dice: random.Random) -> Iterator[Sequence]:
    for state, first in STATES.items():
        for what, wrong in [*_types(dice), *_lies(), *_contexts(), *_messages(), *_requests()]:
            yield Sequence(state, what, first + wrong)
    for what, wrong in _services(dice):
        yield Sequence("Sta6, associated", what, a_request() + wrong)


def _types(dice: random.Random) -> Iterator[tuple[str, bytes]]:
    for kind in (*range(10), 0x7F, 0xFF):
        for size in (0, 4, 68, 300):
            yield f"type {kind} of {size} bytes", pdu(kind, dice.randbytes(size))


def _lies() -> Iterator[tuple[str, bytes]]:
    whole = {1: a_request()[6:], 4: ECHO[6:], 5: bytes(4), 6: bytes(4), 7: bytes(4)}
    for kind, body in whole.items():
        for length in (*_LENGTHS, len(body) - 1, len(body) + 1):
            yield f"type {kind} that says {length}", pdu(kind, body, length)
    for size in (1, 3, 5):
        yield f"{size} bytes of a PDU", a_request()[:size]


def _contexts() -> Iterator[tuple[str, bytes]]:
    for number in (0, 2, 17, 127, 255):
        for control in (0, 1, 2, 3, 4, 255):
            yield f"context {number}, control {control}", fragment(number, control, ECHO[12:])
    for length in (*_LENGTHS, 1, 2):
        yield f"a value that says {length}", fragment(1, COMMAND | LAST, ECHO[12:], length)
    yield "no value at all", pdu(4, b"")


def _messages() -> Iterator[tuple[str, bytes]]:
    command = a_command(0x30, VERIFICATION, data=False)
    for what, body in {
        "an empty command": b"",
        "half a command": command[: len(command) // 2],
        "a command without a field": _element(0x0110, b"\1\0"),
        "a command of another group": struct.pack("<HHI", 8, 0x0018, 4) + b"1.2\0",
        "a command whose element is endless": struct.pack("<HHI", 0, 0x0002, 0xFFFFFFFF) + b"1.2",
        "a command of four megabytes": _element(0x0002, bytes(4 << 20)),
        "an unknown command": a_command(0x7777, VERIFICATION, data=False),
        "a response that nobody asked for": a_command(0x8030, VERIFICATION, data=False),
        "a cancel": a_command(0x0FFF, VERIFICATION, data=False),
        "an echo with a data set": a_command(0x30, VERIFICATION, data=True),
        "a store without a data set": a_command(0x01, CT, data=False),
        "a store of no instance": a_command(0x01, CT, data=True, instance=""),
        "a store of an endless instance": a_command(0x01, CT, data=True, instance="1" * 4000),
        "a store with a path for a UID": a_command(0x01, CT, data=True, instance="../../../etc/x"),
        "an action": a_command(0x0130, CT, data=False),
    }.items():
        for context in (1, 3):
            yield f"{what} in context {context}", _split(context, COMMAND, body)
    yield "a data set without a command", fragment(3, LAST, bytes(100))
    yield "an empty data set", STORE + fragment(3, LAST, b"")
    yield "a data set in another context", STORE + fragment(1, LAST, bytes(10))
    yield "a command within a data set", STORE + fragment(3, 0, bytes(10)) + ECHO


def _services(dice: random.Random) -> Iterator[tuple[str, bytes]]:
    """Every request in the context of every service, with what is no data set of it."""
    endless_sequence = struct.pack("<HHI", 8, 0x1199, 0xFFFFFFFF)
    unreadable = {
        "an empty data set": b"",
        "noise": dice.randbytes(300),
        "a sequence without its end": endless_sequence,
        "sequences in each other": (endless_sequence + struct.pack("<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF)) * 500,
        "a value longer than the message": struct.pack("<HHI", 0x10, 0x10, 0xFFFFFFF0) + b"A",
    }
    for number, abstract in SERVICES.items():
        for field in FIELDS:
            alone = a_command(field, abstract, data=False)
            yield f"request {field:04X}H alone in context {number}", fragment(number, COMMAND | LAST, alone)
            asked = fragment(number, COMMAND | LAST, a_command(field, abstract, data=True))
            for what, content in unreadable.items():
                sent = asked + fragment(number, LAST, content)
                yield f"request {field:04X}H with {what} in context {number}", sent


def _split(context: int, control: int, body: bytes) -> bytes:
    pieces = [body[at : at + 16_000] for at in range(0, len(body), 16_000)] or [b""]
    last = len(pieces) - 1
    return b"".join(
        fragment(context, control | (LAST if number == last else 0), piece)
        for number, piece in enumerate(pieces)
    )


def _requests() -> Iterator[tuple[str, bytes]]:
    body = a_request()[6:]
    yield "a second request", a_request()
    yield "a request of another version", pdu(1, b"\x00\x02" + body[2:])
    yield "a request for another application", pdu(1, body.replace(APPLICATION.encode(), b"1.2.840.9"))
    yield "a request without items", pdu(1, body[:68])
    yield "a request of too many contexts", pdu(1, body + _context(17, CT) * 200)
    yield (
        "a request with even contexts",
        pdu(1, body.replace(b"\x20\x00\x00\x2e\x01", b"\x20\x00\x00\x2e\x02")),
    )
    yield "a request with the same context twice", pdu(1, body + _context(3, CT))
    yield "a request with an unknown item", pdu(1, body + _item(0x99, bytes(20)))
    yield "a request whose titles are no text", pdu(1, body[:4] + b"\xff" * 32 + body[36:])
    for at in (70, 72, 90, 100, 130):
        yield f"a request with a lying item at {at}", pdu(1, body[:at] + b"\xff\xff" + body[at + 2 :])
    for size in (1, 67, 69, 80, 120):
        yield f"a request cut at {size}", pdu(1, body[:size])


def _bent(sent: bytes, dice: random.Random) -> bytes:
    """The same with bits turned, bytes lost or doubled."""
    bent = bytearray(sent)
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(bent) + 1)
        match dice.randrange(4):
            case 0 if bent:
                bent[at - 1] ^= 1 << dice.randrange(8)
            case 1:
                del bent[at : at + dice.randint(1, 9)]
            case 2:
                bent[at:at] = dice.randbytes(dice.randint(1, 9))
            case _:
                bent[at:at] = bent[at : at + dice.randint(1, 80)]
    return bytes(bent)
