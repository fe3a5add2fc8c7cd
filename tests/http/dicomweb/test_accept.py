from __future__ import annotations

import pytest
from fastapi import Request
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException

from porion.http.dicomweb.accept import Media, accepted, file_form, frame_form, must_take, parse


def asked(accept: str = "", query: str = "") -> Request:
    headers = [(b"accept", accept.encode("latin-1"))] if accept else []
    return Request({"type": "http", "headers": headers, "query_string": query.encode()})


@pytest.mark.parametrize(
    ("text", "media"),
    [
        ("image/png", [Media("image/png")]),
        ("IMAGE/PNG", [Media("image/png")]),
        ("a/b;q=0.1, c/d", [Media("c/d"), Media("a/b", {}, 0.1)]),
        ("a/b;q=0", []),
        ('a/b; type="x/y, z"; transfer-syntax=*', [Media("a/b", {"type": "x/y, z", "transfer-syntax": "*"})]),
        ('a/b; t="say \\"so\\""', [Media("a/b", {"t": 'say "so"'})]),
        ("nonsense, a/b", [Media("a/b")]),
        ("a/b;q=much", []),
    ],
)
def test_media_ranges_are_read_the_best_first(text: str, media: list[Media]) -> None:
    assert list(parse(text)) == media


@given(st.text(max_size=200))
def test_any_header_is_read(text: str) -> None:
    assert all(media.quality > 0 for media in parse(text))


def test_who_says_nothing_takes_anything_and_the_query_goes_first() -> None:
    assert accepted(asked()) == [Media("*/*")]
    assert accepted(asked("image/png", "accept=image/jpeg")) == [Media("image/jpeg")]


def test_what_is_taken_is_chosen_or_refused() -> None:
    assert must_take(asked("image/*"), "image/jpeg", "image/png") == "image/jpeg"
    assert must_take(asked("image/png, image/jpeg;q=0.9"), "image/jpeg", "image/png") == "image/png"
    with pytest.raises(HTTPException) as refused:
        must_take(asked("text/html"), "image/png")
    assert refused.value.status_code == 406


def test_transfer_syntaxes_keep_the_order_of_the_caller() -> None:
    form = file_form(asked("application/dicom;transfer-syntax=1.2;q=0.5, application/dicom"))
    assert (form.syntaxes, form.multipart) == (("1.2.840.10008.1.2.1", "1.2"), False)
    assert file_form(asked()).multipart


def test_a_frame_is_sent_in_the_type_in_which_its_syntax_was_asked_for() -> None:
    form = frame_form(asked("multipart/related; type=image/jls, multipart/related; type=image/jphc;q=0.5"))
    assert form.kind_of("1.2.840.10008.1.2.4.80") == "image/jls"
    assert form.kind_of("1.2.840.10008.1.2.4.201") == "image/jphc"
    free = frame_form(asked())
    assert free.kind_of("1.2.840.10008.1.2.4.90") == "image/jp2"
    assert free.kind_of("1.2.840.10008.1.2.1") == "application/octet-stream"
