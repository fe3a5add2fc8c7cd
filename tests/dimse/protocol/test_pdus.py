"""PDUs as values and as bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pynetdicom.pdu import A_ASSOCIATE_RQ

from porion.dimse.protocol.errors import ProtocolError
from porion.dimse.protocol.items import ContextAnswer, UserInformation
from porion.dimse.protocol.pdus import (
    HEADER,
    Abort,
    AssociateAccept,
    AssociateReject,
    AssociateRequest,
    Pdu,
    ReleaseRequest,
    ReleaseResponse,
    read_fragments,
    read_pdu,
    write_fragments,
    write_pdu,
)
from tests.dimse.protocol.strategies import requests


def back(pdu: Pdu) -> Pdu:
    content = write_pdu(pdu)
    kind, length = HEADER.unpack_from(content)
    assert length == len(content) - HEADER.size
    return read_pdu(kind, memoryview(content)[HEADER.size :])


@given(requests)
def test_a_request_comes_back_and_another_stack_reads_it(request: AssociateRequest) -> None:
    assert back(request) == request
    other = A_ASSOCIATE_RQ()
    other.decode(write_pdu(request))
    assert str(other.calling_ae_title).strip() == request.calling
    assert [one.context_id for one in other.presentation_context] == [one.number for one in request.contexts]


@pytest.mark.parametrize(
    "pdu",
    [
        AssociateAccept(
            "PORION", "PAN1", (ContextAnswer(1, 0, "1.2"),), UserInformation(16_384, "1.2.3", "V")
        ),
        AssociateReject(1, 1, 3),
        ReleaseRequest(),
        ReleaseResponse(),
        Abort(2, 6),
    ],
)
def test_the_others_come_back(pdu: Pdu) -> None:
    assert back(pdu) == pdu


def test_titles_lose_their_padding() -> None:
    body = bytes((0, 1, 0, 0)) + b"PORION\0\0".ljust(16) + b"  PAN 1".ljust(16) + bytes(32)
    context = b"\x20\x00\x00\x11\x01\x00\x00\x00\x30\x00\x00\x03\x31\x2e\x32\x40\x00\x00\x02\x31\x2e"
    read = read_pdu(1, memoryview(body + context))
    assert isinstance(read, AssociateRequest)
    assert (read.called, read.calling) == ("PORION", "PAN 1")
    odd = read_pdu(1, memoryview(body.replace(b"PAN 1", b"P\0N\x1b1") + context))
    assert isinstance(odd, AssociateRequest)
    assert odd.calling == "P?N?1"


@given(st.binary(max_size=5000), st.integers(0, 4000), st.booleans())
def test_fragments_come_back_in_the_length_that_the_peer_takes(
    data: bytes, at_most: int, command: bool
) -> None:
    content, at, gathered, last = write_fragments(3, data, is_command=command, at_most=at_most), 0, b"", []
    while at < len(content):
        _, length = HEADER.unpack_from(content, at)
        assert not at_most or length <= max(at_most, 7)
        for fragment in read_fragments(memoryview(content)[at + 6 : at + 6 + length]):
            assert (fragment.context, fragment.is_command) == (3, command)
            gathered += fragment.data
            last.append(fragment.is_last)
        at += 6 + length
    assert gathered == data
    assert last == [False] * (len(last) - 1) + [True]


@pytest.mark.parametrize("body", [b"", b"\x00\x00\x00", b"\0\0\0\1\1\0", b"\0\0\0\x09\1\0abc"])
def test_values_that_do_not_fit_their_pdu_are_refused(body: bytes) -> None:
    with pytest.raises(ProtocolError):
        read_fragments(memoryview(body))


@given(st.integers(1, 7).filter(lambda kind: kind != 4), st.binary(max_size=300))
def test_any_bytes_are_a_pdu_or_one_error(kind: int, body: bytes) -> None:
    try:
        read_pdu(kind, memoryview(body))
    except ProtocolError:
        return
