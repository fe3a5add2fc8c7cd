from __future__ import annotations

from collections.abc import AsyncIterator
from io import BytesIO

import anyio
import pytest
from fastapi import Request, Response
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException

from porion.http.dicomweb.answers import (
    Part,
    Stretch,
    etag_of,
    gathered,
    multipart,
    pieces_of,
    ranged,
    unchanged,
)

CONTENT = bytes(range(100))


def asked(**headers: str) -> Request:
    return Request(
        {
            "type": "http",
            "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()],
        }
    )


def body(answer: Response) -> bytes:
    async def read() -> bytes:
        pieces: AsyncIterator[bytes] = answer.body_iterator  # type: ignore[attr-defined]
        return b"".join([piece async for piece in pieces])

    return anyio.run(read)


def served(**headers: str) -> Response:
    return ranged(asked(**headers), Stretch(BytesIO(b"--" + CONTENT + b"--"), 2, 100), "a/b", {})


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [("bytes=0-0", 0, 0), ("bytes=90-", 90, 99), ("bytes=-5", 95, 99), ("bytes=50-500", 50, 99)],
)
def test_a_range_is_cut_out_of_a_stretch(wanted: str, first: int, last: int) -> None:
    answer = served(range=wanted)
    assert (answer.status_code, body(answer)) == (206, CONTENT[first : last + 1])
    assert answer.headers["content-range"] == f"bytes {first}-{last}/100"
    assert answer.headers["content-length"] == str(last - first + 1)


@pytest.mark.parametrize("wanted", ["", "bytes=", "bytes=1-2,4-5", "items=1-2", "bytes=a-b"])
def test_what_is_no_single_range_is_everything(wanted: str) -> None:
    answer = served(range=wanted)
    assert (answer.status_code, body(answer)) == (200, CONTENT)


@pytest.mark.parametrize("wanted", ["bytes=100-", "bytes=5-4", "bytes=-0"])
def test_a_range_with_nothing_in_it_cannot_be_had(wanted: str) -> None:
    file = BytesIO(CONTENT)
    with pytest.raises(HTTPException) as refused:
        ranged(asked(range=wanted), Stretch(file, 0, 100), "a/b", {})
    assert refused.value.status_code == 416
    assert file.closed


def test_a_file_is_closed_when_it_has_been_sent() -> None:
    file = BytesIO(CONTENT)
    assert body(ranged(asked(), Stretch(file, 0, 100), "a/b", {})) == CONTENT
    assert file.closed


def test_names_differ_where_what_they_name_does() -> None:
    assert etag_of("a", 1) == etag_of("a", "1") != etag_of("a", 2)
    etag = etag_of("a")
    for header in (etag, f'W/{etag}, "x"'):
        answer = unchanged(asked(if_none_match=header), etag)
        assert answer is not None
        assert answer.status_code == 304
    assert unchanged(asked(if_none_match='"x"'), etag) is None


@given(st.lists(st.binary(max_size=50)))
def test_gathering_changes_nothing(pieces: list[bytes]) -> None:
    assert b"".join(gathered(pieces)) == b"".join(pieces)


def test_no_part_s_head_ends_before_its_end() -> None:
    part = Part("a/b; transfer-syntax=1\r\n\r\nevil", "/x\r\nContent-Type: text/html\u2028ä", [b"x"])
    content = bytes(multipart([part], "a/b", '"1"', whole=True).body)
    head, _, rest = content.partition(b"\r\n\r\n")
    assert head.split(b"\r\n")[1:] == [
        b"Content-Type: a/b; transfer-syntax=1????evil",
        b"Content-Location: /x??Content-Type: text/html??",
    ]
    assert rest.startswith(b"x\r\n--")


def test_a_file_ends_where_it_ends() -> None:
    assert b"".join(pieces_of(BytesIO(CONTENT), 500)) == CONTENT
    assert b"".join(pieces_of(BytesIO(CONTENT), 7)) == CONTENT[:7]
