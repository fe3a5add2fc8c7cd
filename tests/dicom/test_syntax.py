"""Which encoding a data set is in, whatever is stated."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.dicom.syntax import (
    BIG_ENDIAN,
    EXPLICIT,
    IMPLICIT,
    UNDEFINED,
    Encoding,
    assumed,
    detect,
    encoding_of,
    explicit_head,
)
from tests.dicom.raw_elements import a_start, explicit, implicit, item


@pytest.mark.parametrize(
    ("written", "encoding"),
    [("explicit", EXPLICIT), ("implicit", IMPLICIT), ("big endian", BIG_ENDIAN)],
)
def test_the_encoding_is_found_by_looking(written: str, encoding: Encoding) -> None:
    assert detect(memoryview(a_start(of=written)), 0) is encoding


def test_a_single_element_that_fills_the_bytes_is_enough() -> None:
    assert detect(memoryview(implicit(0x00080018, b"1.2\0")), 0) is IMPLICIT


def test_a_sequence_without_length_may_come_first() -> None:
    begins = explicit(0x00081140, "SQ", item(), length=UNDEFINED)
    assert detect(memoryview(begins), 0) is EXPLICIT


@pytest.mark.parametrize("data", [b"", b"\x08\0", b"GIF89a" * 10, b"\xff\xd8\xff\xe0" * 20, bytes(64)])
def test_what_is_no_data_set_is_none(data: bytes) -> None:
    assert detect(memoryview(data), 0) is None


def test_an_unknown_vr_is_read_in_the_short_form() -> None:
    assert explicit_head(memoryview(explicit(0x00091001, "XX", b"ab")), 0) == (0x00091001, "XX", 8, 2)


def test_a_head_without_letters_is_read_as_implicit() -> None:
    assert explicit_head(memoryview(implicit(0x00091001, b"abcd")), 0) == (0x00091001, "", 8, 4)


def test_an_unlisted_transfer_syntax_is_explicit_little_endian() -> None:
    assert encoding_of("1.2.3") is EXPLICIT
    assert encoding_of("1.2.840.113619.5.2") is IMPLICIT


def test_an_odd_beginning_without_a_vr_is_taken_for_implicit() -> None:
    assert assumed(memoryview(implicit(0x00010001, b"ab")), 0, EXPLICIT.uid) is IMPLICIT
    assert assumed(memoryview(explicit(0x00010001, "LO", b"ab")), 0, EXPLICIT.uid) is EXPLICIT


@given(st.binary(max_size=200), st.integers(0, 200))
def test_looking_never_fails(data: bytes, at: int) -> None:
    assert detect(memoryview(data), at) in (EXPLICIT, IMPLICIT, BIG_ENDIAN, None)


@given(st.binary(min_size=12, max_size=40))
def test_a_head_ends_within_twelve_bytes(data: bytes) -> None:
    tag, _, start, length = explicit_head(memoryview(data), 0)
    assert tag == int.from_bytes(data[1::-1]) << 16 | int.from_bytes(data[3:1:-1])
    assert start in (8, 12)
    assert 0 <= length <= struct.unpack("<I", b"\xff" * 4)[0]
