"""Data sets of messages, as the wire has them."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.dicom.elements import UnreadableDicom
from porion.dicom.limits import Limits
from porion.dicom.message import read_message
from tests.dicom.raw_elements import UID, explicit, implicit, item

IMPLICIT, EXPLICIT, BIG_ENDIAN = "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"
TRANSACTION, REFERENCES, INSTANCE = 0x00081195, 0x00081199, 0x00081155


def in_implicit() -> bytes:
    return implicit(TRANSACTION, UID) + implicit(REFERENCES, item(implicit(INSTANCE, UID)))


@pytest.mark.parametrize(
    ("syntax", "content"),
    [
        (IMPLICIT, in_implicit()),
        (
            EXPLICIT,
            explicit(TRANSACTION, "UI", UID)
            + explicit(REFERENCES, "SQ", item(explicit(INSTANCE, "UI", UID), undefined=True)),
        ),
        (
            BIG_ENDIAN,
            explicit(TRANSACTION, "UI", UID, order=">")
            + explicit(
                REFERENCES,
                "SQ",
                struct.pack(">HHI", 0xFFFE, 0xE000, 16) + explicit(INSTANCE, "UI", UID, order=">"),
                order=">",
            ),
        ),
    ],
)
def test_a_message_is_read_in_the_syntax_that_was_agreed_on(syntax: str, content: bytes) -> None:
    read = read_message(content, syntax)
    assert read.text("TransactionUID") == "1.2.3.4"
    (only,) = read.items_of("ReferencedSOPSequence")
    assert only.text("ReferencedSOPInstanceUID") == "1.2.3.4"


@pytest.mark.parametrize("content", [b"", b"\0\0", in_implicit()[:-3], b"\xff" * 64])
def test_what_breaks_off_or_is_empty_is_one_error(content: bytes) -> None:
    with pytest.raises(UnreadableDicom):
        read_message(content, IMPLICIT)


def test_more_than_the_limits_allow_is_not_read() -> None:
    with pytest.raises(UnreadableDicom):
        read_message(in_implicit() * 50, IMPLICIT, limits=Limits(elements=100))


@given(st.binary(max_size=200), st.sampled_from([IMPLICIT, EXPLICIT, BIG_ENDIAN]))
def test_any_bytes_are_elements_or_one_error(content: bytes, syntax: str) -> None:
    try:
        assert len(read_message(content, syntax)) > 0
    except UnreadableDicom:
        return
