"""Deflated bytes are unpacked as far as asked and no further."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.dicom.inflate import Inflater


def deflated(data: bytes, window: int = -zlib.MAX_WBITS) -> bytes:
    packer = zlib.compressobj(wbits=window)
    return packer.compress(data) + packer.flush()


@given(st.binary(min_size=1, max_size=5000), st.integers(1, 6000), st.integers(1, 6000))
def test_asking_twice_goes_on_where_it_stopped(data: bytes, first: int, second: int) -> None:
    inflater = Inflater(memoryview(deflated(data)))
    assert inflater.up_to(first) == data[:first]
    assert inflater.up_to(max(first, second)) == data[: max(first, second)]


def test_a_bomb_is_not_unpacked_beyond_what_is_asked() -> None:
    inflater = Inflater(memoryview(deflated(bytes(10_000_000))))
    assert len(inflater.up_to(1000)) == 1000
    assert not inflater.ended


def test_a_zlib_header_is_understood_and_told() -> None:
    inflater = Inflater(memoryview(deflated(b"abc" * 100, zlib.MAX_WBITS)))
    assert inflater.up_to(300) == b"abc" * 100
    assert inflater.wrapped


@pytest.mark.parametrize("packed", [b"", b"\xff" * 50, deflated(b"abc" * 10_000)[:-20]])
def test_damaged_streams_end_broken(packed: bytes) -> None:
    inflater = Inflater(memoryview(packed))
    assert len(inflater.up_to(1 << 20)) < 30_000
    assert inflater.broken
