"""Frames as parts of an answer."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import Response
from starlette.exceptions import HTTPException

from porion.http.dicomweb.accept import OCTETS, Form
from porion.http.dicomweb.answers import Part, etag_of, multipart
from porion.http.dicomweb.call import PREFIX, Call
from porion.services.metadata import address_of
from porion.services.pixel_ports import Frame
from porion.services.retrieve import ANY, Place, frames_at
from porion.services.search_rows import HeldInstance

MOST_FRAMES = 4096


def whole_instance(call: Call, place: Place, held: HeldInstance) -> Response:
    """All frames as they are held."""
    numbers = range(1, held.instance.frames + 1)
    form = Form((ANY,), (OCTETS,), multipart=True)
    _, shown = frames_at(call.porion, call.actor, place, numbers, form.syntaxes)
    return parts_of(held, shown, form, etag_of(held.instance.digest, "all"), PREFIX)


def numbers_in(text: str) -> list[int]:
    """The numbers of a list of frames; 400 for more than are given at once."""
    numbers = [int(number) for number in text.split(",")]
    if len(numbers) > MOST_FRAMES:
        raise HTTPException(400, f"At most {MOST_FRAMES} frames are given at once.")
    return numbers


def parts_of(
    held: HeldInstance, shown: Iterator[Frame], form: Form, etag: str, base: str, *, alone: bool = False
) -> Response:
    """Frames, each a part; the first one is made before anything is said.

    What cannot be shown is an answer of its own then.
    """
    first = next(shown)
    kind = form.kind_of(first.transfer_syntax)
    return multipart(_parts(held, first, shown, form, base), kind, etag, whole=alone)


def _parts(
    held: HeldInstance, first: Frame, others: Iterator[Frame], form: Form, base: str
) -> Iterator[Part]:
    address = address_of(held, base)
    yield Part(kind_of(first, form), f"{address}/frames/{first.number}", [first.data])
    for frame in others:
        yield Part(kind_of(frame, form), f"{address}/frames/{frame.number}", [frame.data])


def kind_of(frame: Frame, form: Form) -> str:
    """The media type of a frame, with its transfer syntax."""
    return f"{form.kind_of(frame.transfer_syntax)}; transfer-syntax={frame.transfer_syntax}"
