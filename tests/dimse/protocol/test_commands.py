"""Command sets."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import dcmread
from pynetdicom.dimse_messages import C_STORE_RQ
from pynetdicom.dimse_primitives import C_STORE

from porion.dimse.protocol.commands import Command, Field, read_command, write_command
from porion.dimse.protocol.errors import ProtocolError
from tests.dimse.protocol.strategies import titles, uids

numbers = st.none() | st.integers(0, 65_535)
commands = st.builds(
    Command,
    field=st.sampled_from(sorted(Field)).map(int),
    message_id=st.integers(0, 65_535),
    affected_sop_class_uid=st.none() | uids,
    requested_sop_instance_uid=st.none() | uids,
    data_set_type=st.sampled_from([0x0101, 0, 1]),
    status=numbers,
    error_comment=st.none() | titles,
    move_destination=st.none() | titles,
    remaining_suboperations=numbers,
)


@given(commands)
def test_a_command_comes_back(command: Command) -> None:
    assert read_command(write_command(command)) == command


def test_pydicom_reads_what_is_written() -> None:
    command = Command(field=Field.C_ECHO_RQ, message_id=7, affected_sop_class_uid="1.2.840.10008.1.1")
    content = write_command(command)
    assert int.from_bytes(content[8:12], "little") == len(content) - 12
    read = dcmread(BytesIO(content), force=True)
    assert (read.CommandField, read.MessageID, read.AffectedSOPClassUID) == (48, 7, "1.2.840.10008.1.1")
    assert not command.has_data_set


def test_what_pynetdicom_writes_is_read() -> None:
    primitive = C_STORE()
    primitive.MessageID, primitive.Priority = 9, 2
    primitive.AffectedSOPClassUID, primitive.AffectedSOPInstanceUID = "1.2.840.10008.5.1.4.1.1.2", "1.2.3"
    primitive.DataSet = BytesIO(b"data")
    message = C_STORE_RQ()
    message.primitive_to_message(primitive)
    (pdu, *_) = message.encode_msg(1, 16_382)
    content = pdu.presentation_data_value_list[0][1][1:]
    read = read_command(content)
    assert (read.field, read.message_id, read.affected_sop_instance_uid) == (1, 9, "1.2.3")
    assert read.has_data_set


def test_a_comment_is_cut_to_what_the_standard_allows() -> None:
    told = read_command(write_command(Command(field=0x8001, error_comment="x" * 300))).error_comment
    assert told == "x" * 64


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0\0\0\1",
        b"\x08\0\x18\0\2\0\0\0ab",
        b"\0\0\0\1\x09\0\0\0",
        b"\0\0\0\1\3\0\0\0abc",
        write_command(Command(field=1)),
    ],
)
def test_what_is_no_command_is_told(content: bytes) -> None:
    with pytest.raises(ProtocolError):
        read_command(content)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_command_or_one_error(content: bytes) -> None:
    try:
        read_command(content)
    except ProtocolError:
        return
