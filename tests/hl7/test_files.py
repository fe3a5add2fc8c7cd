from __future__ import annotations

import pytest

from porion.hl7.files import messages_in
from porion.hl7.mllp import framed
from tests.hl7.messages import adt

TWO = [adt(number="1"), adt(number="2")]


@pytest.mark.parametrize(
    "content",
    [
        b"".join(TWO),
        b"\r\n".join(TWO).replace(b"\r", b"\r\n"),
        b"".join(map(framed, TWO)),
        b"FHS|^~\\&\rBHS|^~\\&\r" + b"".join(TWO) + b"BTS|2\rFTS|1\r",
    ],
)
def test_messages_are_told_apart_however_a_file_holds_them(content: bytes) -> None:
    assert messages_in(content) == TWO


def test_what_is_no_message_is_kept_for_its_error() -> None:
    assert messages_in(b"hello\r" + TWO[0]) == [b"hello\r", TWO[0]]
    assert messages_in(b"") == []
