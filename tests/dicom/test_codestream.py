"""The size in a compressed frame's own header."""

from __future__ import annotations

import imagecodecs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.dicom.codestream import coded_size, unwrapped

GREY = np.arange(24 * 40, dtype=np.uint8).reshape(24, 40)
COLOUR = np.stack([GREY, GREY, GREY], axis=-1)


@pytest.mark.parametrize("encode", ["jpeg8", "jpegls", "htj2k", "jpeg2k"])
def test_every_codec_says_its_size(encode: str) -> None:
    code = getattr(imagecodecs, f"{encode}_encode")
    assert coded_size(unwrapped(bytes(code(GREY)))) == (24, 40, 1)
    assert coded_size(unwrapped(bytes(code(COLOUR)))) == (24, 40, 3)


def test_comments_fill_bytes_and_restart_markers_are_passed_over() -> None:
    start = b"\xff\xc0\x00\x0b\x08\x00\x10\x00\x20\x01\x01\x11\x00"
    assert coded_size(b"\xff\xd8\xff\xfe\x00\x06abcd\xff\xff\xd0" + start) == (16, 32, 1)


@pytest.mark.parametrize(
    "frame", [b"", b"\xff\xd8", b"\xff\xd8\xff\xfe\x00\x00", b"\xff\xd8no", b"\xff\x4f\xff\x51"]
)
def test_what_states_none_has_none(frame: bytes) -> None:
    assert coded_size(frame) is None


def test_a_jp2_file_is_taken_off() -> None:
    stream = bytes(imagecodecs.jpeg2k_encode(GREY, level=0, codecformat="j2k", reversible=True))
    wrapped = bytes(imagecodecs.jpeg2k_encode(GREY, level=0, codecformat="jp2", reversible=True))
    assert coded_size(unwrapped(wrapped)) == coded_size(stream) == (24, 40, 1)
    assert unwrapped(stream) == stream
    assert unwrapped(wrapped[:40]) == b""


@given(st.binary(max_size=200))
def test_any_bytes_have_a_size_or_none(noise: bytes) -> None:
    for start in (b"", b"\xff\xd8", b"\xff\xd8\xff\xfe", b"\x00\x00\x00\x0cjP  ", b"\xff\x4f\xff\x51"):
        coded_size(unwrapped(start + noise))
