from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.dicomweb.parts import media_type, parts
from porion.services.errors import NodeFailed
from tests.dicomweb.server import multipart


def cut(content: bytes, size: int) -> list[bytes]:
    return [content[at : at + size] for at in range(0, len(content), size)]


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=4), st.integers(1, 50))
def test_parts_come_whole_however_they_are_cut(files: list[bytes], size: int) -> None:
    _, body = multipart(*files, boundary="xyzzy-not-in-the-data-0123456789")
    got = [
        b"".join(bytes(piece) for piece in pieces)
        for pieces in parts(cut(body, size), "xyzzy-not-in-the-data-0123456789")
    ]
    assert got == files


def test_what_is_not_taken_is_skipped() -> None:
    _, body = multipart(b"one", b"two")
    assert len(list(parts([body], "b"))) == 2


@pytest.mark.parametrize("end", [10, 60, -3])
def test_what_breaks_off_is_told(end: int) -> None:
    _, body = multipart(b"x" * 100)
    with pytest.raises(NodeFailed):
        list(parts([body[:end]], "b"))


def test_a_media_type_has_its_boundary() -> None:
    assert media_type('multipart/related; type="application/dicom"; boundary="a b"') == (
        "multipart/related",
        "a b",
    )
    assert media_type("") == ("text/plain", "")
