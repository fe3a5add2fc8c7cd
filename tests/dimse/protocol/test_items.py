"""The variable items of association PDUs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pynetdicom.pdu_items import ImplementationVersionNameSubItem, UserIdentitySubItemRQ

from porion.dimse.protocol.errors import AbortReason, ProtocolError
from porion.dimse.protocol.items import (
    Items,
    ProposedContext,
    UserIdentity,
    UserInformation,
    read_items,
    write_items,
)
from tests.dimse.protocol.strategies import contexts, users


@given(contexts, users)
def test_items_come_back(proposed: tuple, user: UserInformation) -> None:
    items = Items("1.2.840.10008.3.1.1.1", proposed, (), user)
    assert read_items(memoryview(write_items(items))) == items


def test_what_another_stack_writes_is_read() -> None:
    version = ImplementationVersionNameSubItem()
    version.implementation_version_name = b"OTHER_1"
    identity = UserIdentitySubItemRQ()
    identity.user_identity_type = 2
    identity.positive_response_requested = 1
    identity.primary_field, identity.secondary_field = b"user", b"password"
    content = version.encode() + identity.encode()
    read = read_items(memoryview(b"\x50\x00" + len(content).to_bytes(2, "big") + content)).user
    assert read.implementation_version == "OTHER_1"
    assert read.identity == UserIdentity(2, True, b"user", b"password")


def test_items_that_nobody_knows_are_passed_over() -> None:
    items = Items("1.2", (), (), UserInformation())
    assert read_items(memoryview(b"\x99\x00\x00\x02zz" + write_items(items))) == items


@pytest.mark.parametrize(
    "content",
    [
        b"\x10",
        b"\x10\x00\x00\x05abc",
        b"\x20\x00\x00\x02\x01\x00",
        b"\x20\x00\x00\x04\x02\x00\x00\x00",
        b"\x20\x00\x00\x04\x01\x00\x00\x00",
        b"\x10\x00\x00\x90" + b"1" * 0x90,
        b"\x50\x00\x00\x06\x51\x00\x00\x02\x00\x00",
        b"\x50\x00\x00\x06\x53\x00\x00\x02\x00\x00",
        b"\x50\x00\x00\x06\x54\x00\x00\x02\x00\x09",
        b"\x50\x00\x00\x05\x58\x00\x00\x01\x00",
    ],
)
def test_what_cannot_be_read_names_the_invalid_value(content: bytes) -> None:
    with pytest.raises(ProtocolError) as told:
        read_items(memoryview(content))
    assert told.value.reason is AbortReason.INVALID_PARAMETER_VALUE


@given(st.binary(max_size=200))
def test_any_bytes_are_items_or_one_error(content: bytes) -> None:
    try:
        read_items(memoryview(content))
    except ProtocolError:
        return


def test_what_was_lately_asked_for_is_answered_for_as_when_it_was_new() -> None:
    first = ProposedContext(1, "1.2.3", ("1.2.840.10008.1.2",))
    # Another number, another syntax, and one context too long to be remembered.
    others = (replace(first, number=3), replace(first, transfer_syntaxes=("1.2.840.10008.1.2.1",)))
    long = replace(first, number=5, transfer_syntaxes=tuple(f"1.2.840.10008.1.2.{n}" for n in range(100)))
    for one in 2 * (first, *others, long):
        written = write_items(Items("", (one,), (), UserInformation()))
        assert read_items(memoryview(bytearray(written))).proposed == (one,)


def test_a_context_that_cannot_be_read_cannot_be_read_again() -> None:
    written = write_items(Items("", (ProposedContext(2, "1.2.3", ("1.2",)),), (), UserInformation()))
    for _ in range(2):
        with pytest.raises(ProtocolError, match="is even"):
            read_items(memoryview(written))


def test_what_is_remembered_does_not_hang_on_the_receive_buffer() -> None:
    one = ProposedContext(1, "1.2.3.4.5.6.7", ("1.2.840.10008.1.2",))
    buffer = bytearray(write_items(Items("", (one,), (), UserInformation())))
    read = read_items(memoryview(buffer))
    buffer[:] = bytes(len(buffer))
    assert read.proposed == (one,)
    buffer[:] = write_items(Items("", (one,), (), UserInformation()))
    assert read_items(memoryview(buffer)).proposed == (one,)
