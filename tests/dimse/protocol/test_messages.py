"""Messages out of fragments."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.dimse.protocol.commands import Command, write_command
from porion.dimse.protocol.errors import ProtocolError
from porion.dimse.protocol.messages import LONGEST_COMMAND, CommandCame, DataCame, MessageReader
from porion.dimse.protocol.pdus import Fragment

STORE = Command(field=1, message_id=1, affected_sop_class_uid="1.2", data_set_type=1)
ECHO = Command(field=0x30, message_id=2)


def cut(data: bytes, cuts: list[int], *, command: bool, context: int = 1) -> list[Fragment]:
    edges = [0, *sorted({c % (len(data) + 1) for c in cuts}), len(data)]
    pieces = [data[a:b] for a, b in itertools.pairwise(edges)]
    return [Fragment(context, command, n == len(pieces), memoryview(p)) for n, p in enumerate(pieces, 1)]


@given(st.lists(st.integers(0, 500)), st.lists(st.integers(0, 500)), st.binary(max_size=400))
def test_a_message_in_any_cuts(command_cuts: list[int], data_cuts: list[int], data: bytes) -> None:
    reader = MessageReader()
    for command in (STORE, ECHO, STORE):
        *begun, whole = (reader.take(one) for one in cut(write_command(command), command_cuts, command=True))
        assert set(begun) <= {None}
        assert whole == CommandCame(1, command)
        assert reader.between_messages is not command.has_data_set
        if command.has_data_set:
            came = [reader.take(one) for one in cut(data, data_cuts, command=False)]
            assert b"".join(one.data for one in came if isinstance(one, DataCame)) == data
            assert [one.is_last for one in came if isinstance(one, DataCame)][-1]
        assert reader.between_messages


def fragment(*, command: bool, context: int = 1, data: bytes = b"", last: bool = False) -> Fragment:
    return Fragment(context, command, last, memoryview(data))


@pytest.mark.parametrize(
    "wrong",
    [
        [fragment(command=False)],
        [fragment(command=True), fragment(command=False)],
        [fragment(command=True), fragment(command=True, context=3)],
        [fragment(command=True, data=write_command(STORE), last=True), fragment(command=True)],
        [fragment(command=True, data=write_command(STORE), last=True), fragment(command=False, context=3)],
        [fragment(command=True, data=bytes(LONGEST_COMMAND + 1))],
    ],
)
def test_what_the_standard_forbids_is_told(wrong: list[Fragment]) -> None:
    reader = MessageReader()
    for one in wrong[:-1]:
        reader.take(one)
    with pytest.raises(ProtocolError):
        reader.take(wrong[-1])
