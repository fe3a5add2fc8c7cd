from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.hl7.mllp import Frames, framed
from porion.services.errors import Invalid

MESSAGES = st.lists(st.binary(max_size=30).filter(lambda one: b"\x1c\r" not in one + b"\r"), max_size=5)


@given(MESSAGES, st.integers(1, 7))
def test_messages_come_whole_however_the_bytes_arrive(messages: list[bytes], piece: int) -> None:
    wire = b"".join(framed(message) for message in messages)
    frames = Frames()

    came = [one for at in range(0, len(wire), piece) for one in frames.feed(wire[at : at + piece])]

    assert came == messages
    assert not frames.begun


@given(st.binary(max_size=60))
def test_any_bytes_are_messages_or_one_error(wire: bytes) -> None:
    frames = Frames(longest=20)
    try:
        came = frames.feed(wire)
    except Invalid:
        return
    assert all(len(one) <= 20 for one in came)


def test_line_ends_between_messages_are_forgiven() -> None:
    assert Frames().feed(b"\r\n" + framed(b"a") + b"\n" + framed(b"b")) == [b"a", b"b"]


@pytest.mark.parametrize("wire", [b"GET / HTTP/1.1", b"\x0b" + b"x" * 50, framed(b"x" * 50)])
def test_what_is_no_mllp_or_too_long_is_refused(wire: bytes) -> None:
    with pytest.raises(Invalid, match=r"no MLLP|longer than"):
        Frames(longest=40).feed(wire)


def test_a_message_that_has_begun_is_waited_for() -> None:
    frames = Frames()
    assert frames.feed(b"\x0bhalf") == []
    assert frames.begun
    assert frames.feed(b"\x1c") == []
    assert frames.feed(b"\r") == [b"half"]
