"""Both ends of an association, driven against each other without a network."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from porion.dimse.protocol.errors import AbortReason, LocalError
from porion.dimse.protocol.items import ContextAnswer, ProposedContext, UserInformation
from porion.dimse.protocol.pdus import (
    Abort,
    AssociateAccept,
    AssociateReject,
    AssociateRequest,
    Fragment,
    ReleaseRequest,
    ReleaseResponse,
    write_fragments,
    write_pdu,
)
from porion.dimse.protocol.states import TABLE, State
from porion.dimse.protocol.upper_layer import Failed, Lengths, Lost, Role, TimedOut, UpperLayer

USER = UserInformation(maximum_length=16_384, implementation_class_uid="1.2.3")
REQUEST = AssociateRequest("PORION", "PAN1", (ProposedContext(1, "1.2", ("1.2.840.10008.1.2",)),), USER)
ACCEPT = AssociateAccept("PORION", "PAN1", (ContextAnswer(1, 0, "1.2.840.10008.1.2"),), USER)


def feed(layer: UpperLayer, content: bytes, cut: int = 1 << 30) -> list:
    """Events with their data copied, however the bytes are cut."""
    events = []
    while content:
        room = layer.room()
        count = min(len(room), len(content), cut)
        room[:count] = content[:count]
        content = content[count:]
        layer.received(count)
        for event in layer.events():
            is_data = isinstance(event, Fragment)
            events.append((event.context, event.is_last, bytes(event.data)) if is_data else event)
    return events


def pair(cut: int = 1 << 30) -> tuple[UpperLayer, UpperLayer]:
    """A requestor and an acceptor with an association."""
    ours, theirs = UpperLayer(Role.ACCEPTOR), UpperLayer(Role.REQUESTOR)
    theirs.associate(REQUEST)
    assert feed(ours, theirs.output(), cut) == [REQUEST]
    ours.accept(ACCEPT, peer_takes=16_384)
    assert feed(theirs, ours.output(), cut) == [ACCEPT]
    return ours, theirs


@pytest.mark.parametrize("cut", [1, 7, 1 << 20])
def test_an_association_with_data_and_a_release(cut: int) -> None:
    ours, theirs = pair(cut)
    theirs.send(1, b"command", is_command=True)
    theirs.send(1, bytes(40_000), is_command=False)
    first, *rest = feed(ours, theirs.output(), cut)
    assert first == (1, True, b"command")
    assert b"".join(data for _, _, data in rest) == bytes(40_000)
    assert [last for _, last, _ in rest] == [False, False, True]
    theirs.release()
    assert feed(ours, theirs.output(), cut) == [ReleaseRequest()]
    ours.confirm_release()
    assert ours.artim
    assert feed(theirs, ours.output(), cut) == [ReleaseResponse()]
    assert theirs.closing
    assert ours.lost() is None
    assert not ours.artim


def test_both_ask_for_release_at_once() -> None:
    ours, theirs = pair()
    ours.release()
    theirs.release()
    to_ours, to_theirs = theirs.output(), ours.output()
    assert feed(ours, to_ours) == [ReleaseRequest()]
    assert feed(theirs, to_theirs) == [ReleaseRequest()]
    assert (ours.state, theirs.state) == (10, 9)
    theirs.confirm_release()
    assert feed(ours, theirs.output()) == [ReleaseResponse()]
    ours.confirm_release()
    assert feed(theirs, ours.output()) == [ReleaseResponse()]
    assert theirs.closing
    assert ours.state is State.AWAIT_TRANSPORT_CLOSE


def test_a_rejection() -> None:
    ours, theirs = UpperLayer(Role.ACCEPTOR), UpperLayer(Role.REQUESTOR)
    theirs.associate(REQUEST)
    feed(ours, theirs.output())
    ours.reject(AssociateReject(1, 1, 3))
    assert feed(theirs, ours.output()) == [AssociateReject(1, 1, 3)]
    assert theirs.closing


def test_an_abort_by_either_side() -> None:
    for side in (0, 1):
        both = pair()
        both[side].abort()
        assert feed(both[1 - side], both[side].output()) == [Abort(0, 0)]
        assert both[1 - side].closing


def test_the_ends_that_nobody_wanted() -> None:
    ours, _ = pair()
    assert ours.lost() == Lost()
    fresh = UpperLayer(Role.ACCEPTOR)
    assert fresh.artim
    assert isinstance(fresh.artim_expired(), TimedOut)
    assert fresh.closing
    assert UpperLayer(Role.ACCEPTOR).lost() is None


def test_what_the_state_does_not_allow_is_our_own_mistake() -> None:
    with pytest.raises(LocalError):
        UpperLayer(Role.ACCEPTOR).send(1, b"", is_command=True)


def test_a_version_that_we_do_not_speak_is_rejected_by_the_provider() -> None:
    ours = UpperLayer(Role.ACCEPTOR)
    content = bytearray(write_pdu(REQUEST))
    content[7] = 2
    (event,) = feed(ours, bytes(content))
    assert isinstance(event, Failed)
    assert ours.output() == write_pdu(AssociateReject(1, 2, 2))


@pytest.mark.parametrize(
    ("kind", "length"), [(1, 131_073), (1, 2**32 - 1), (4, 131_073), (4, 2**32 - 1), (5, 5), (7, 2**31)]
)
def test_a_length_is_judged_when_six_bytes_have_come(kind: int, length: int) -> None:
    ours = pair()[0] if kind != 1 else UpperLayer(Role.ACCEPTOR)
    (event,) = feed(ours, bytes((kind, 0)) + length.to_bytes(4, "big"))
    assert isinstance(event, Failed)
    assert event.error.reason is AbortReason.INVALID_PARAMETER_VALUE


def test_a_long_object_passes_through_constant_memory() -> None:
    ours, _ = pair()
    pdu = write_fragments(1, bytes(100_000), is_command=False, at_most=131_072)
    tracemalloc.start()
    seen = 0
    for _ in range(640):
        seen += sum(len(data) for _, _, data in feed(ours, pdu))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert seen == 64_000_000
    assert peak < 2_000_000


def test_fragments_are_windows_on_the_reused_buffer() -> None:
    ours, _ = pair()
    content = write_fragments(1, b"data", is_command=True, at_most=0)
    room = ours.room()
    room[: len(content)] = content
    ours.received(len(content))
    (fragment,) = ours.events()
    assert isinstance(fragment, Fragment)
    assert fragment.data.obj is room.obj


def test_a_context_that_was_not_accepted_is_refused() -> None:
    ours, _ = pair()
    (event,) = feed(ours, write_fragments(3, b"data", is_command=True, at_most=0))
    assert isinstance(event, Failed)
    assert ours.output() == write_pdu(Abort(2, 6))


PDUS = {
    1: write_pdu(REQUEST),
    2: write_pdu(ACCEPT),
    3: write_pdu(AssociateReject(1, 1, 1)),
    4: write_fragments(1, b"data", is_command=True, at_most=0),
    5: write_pdu(ReleaseRequest()),
    6: write_pdu(ReleaseResponse()),
    7: write_pdu(Abort(0, 0)),
}
EVENT_OF = {1: 6, 2: 3, 3: 4, 4: 10, 5: 12, 6: 13, 7: 16}


def in_state(state: int) -> UpperLayer:
    """An acceptor, or a requestor where only that can be there."""
    if state == 2:
        return UpperLayer(Role.ACCEPTOR)
    if state == 3:
        waiting = UpperLayer(Role.ACCEPTOR)
        feed(waiting, PDUS[1])
        return waiting
    if state == 5:
        asking = UpperLayer(Role.REQUESTOR)
        asking.associate(REQUEST)
        asking.output()
        return asking
    ours, theirs = pair()
    reached = {6: ours, 7: ours, 8: ours, 9: theirs, 10: ours, 11: theirs, 12: ours, 13: ours}[state]
    if state in (7, 9, 10, 11, 12):
        reached.release()
    if state in (8, 9, 10, 11, 12):
        feed(reached, PDUS[5])
    if state == 11:
        reached.confirm_release()
    if state == 12:
        feed(reached, PDUS[6])
    if state == 13:
        reached.abort()
    reached.output()
    assert reached.state == state
    return reached


@pytest.mark.parametrize("kind", sorted(PDUS))
@pytest.mark.parametrize("state", [2, 3, *range(5, 14)])
def test_every_pdu_in_every_state_is_answered_as_the_table_says(state: int, kind: int) -> None:
    layer = in_state(state)
    events = feed(layer, PDUS[kind])
    action, follows = TABLE[EVENT_OF[kind], state]
    out = layer.output()
    if action == "AA-1":
        assert out == write_pdu(Abort(0, 0))
    elif action in {"AA-8", "AA-7"}:
        assert out == write_pdu(Abort(2, AbortReason.UNEXPECTED_PDU))
    else:
        assert out == b""
    if action in ("AA-6", "AA-7"):
        assert events == []
    else:
        assert len(events) == 1
        assert isinstance(events[0], Failed) == (action in ("AA-1", "AA-8"))
    if action != "AR-8":
        assert layer.state == follows


@st.composite
def streams(draw: st.DrawFn) -> bytes:
    """Valid PDUs in any order, with bytes changed, dropped and put in between."""
    parts = draw(st.lists(st.sampled_from(sorted(PDUS.values())) | st.binary(max_size=30), max_size=6))
    content = bytearray(b"".join(parts))
    for _ in range(draw(st.integers(0, 4))):
        if content:
            content[draw(st.integers(0, len(content) - 1))] = draw(st.integers(0, 255))
    return bytes(content)


# Invariant: any bytes, in any cuts, in any state give events or one Failed whose A-ABORT stands in the
# output; never another exception, and nothing after the connection is to be closed.
@settings(max_examples=1500)
@given(st.sampled_from([2, 3, *range(5, 14)]), streams(), st.integers(1, 60))
def test_any_bytes_give_events_or_one_abort(state: int, content: bytes, cut: int) -> None:
    layer = in_state(state)
    events = feed_until_closing(layer, content, cut)
    failures = [event for event in events if isinstance(event, Failed)]
    out = layer.output()
    assert len(failures) <= 1
    assert out.count(b"\x07\x00\x00\x00\x00\x04") <= 2
    if failures:
        assert out[:1] in (b"\x07", b"\x03")
        assert layer.closing or layer.state is State.AWAIT_TRANSPORT_CLOSE


def feed_until_closing(layer: UpperLayer, content: bytes, cut: int) -> Iterable:
    events = []
    while content and not layer.closing:
        events += feed(layer, content[:cut])
        content = content[cut:]
    return events


def test_lengths_are_what_is_announced() -> None:
    lengths = Lengths(data=1000, associate=2000)
    assert [lengths.of(kind) for kind in range(1, 8)] == [2000, 2000, 4, 1000, 4, 4, 4]
