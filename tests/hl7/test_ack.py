from __future__ import annotations

from datetime import UTC, datetime

import pytest

from porion.hl7.ack import acknowledgement
from porion.hl7.message import Message, read_message
from tests.hl7.messages import adt

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def made(code: str, reason: str, *, of: bytes | None = None) -> Message:
    """An acknowledgement as its receiver reads it."""
    message = read_message(of) if of else None
    return read_message(acknowledgement(message, code, reason, "77", NOON))


def test_it_goes_back_to_the_sender_and_names_the_message() -> None:
    ack = made("AA", "Brought up to date.", of=adt("A31", "42"))
    header, said = ack.header, ack.first("MSA")
    assert [header.text(field) for field in (3, 4, 5, 6)] == ["PORION", "KFO", "KIS", "PRAXIS"]
    assert (header.text(9), header.text(9, 2), header.text(10)) == ("ACK", "A31", "77")
    assert (header.text(7), header.text(12)) == ("20260302120000+0000", "2.5")
    assert said is not None
    assert [said.text(field) for field in (1, 2, 3)] == ["AA", "42", "Brought up to date."]
    assert ack.first("ERR") is None


@pytest.mark.parametrize("code", ["AE", "AR"])
def test_a_refusal_gives_its_reason(code: str) -> None:
    reason = "Line\rend | and ^ of Müller & Söhne."
    error = made(code, reason, of=adt()).first("ERR")
    assert error is not None
    assert (error.text(4), error.text(8)) == ("E", reason.replace("\r", " "))


def test_what_could_not_be_read_is_refused_too() -> None:
    ack = made("AR", "This is no MLLP.")
    said = ack.first("MSA")
    assert said is not None
    assert (said.text(1), said.text(2), ack.header.text(9)) == ("AR", "", "ACK")


def test_a_long_reason_is_cut() -> None:
    said = made("AE", "x" * 1_000, of=adt()).first("MSA")
    assert said is not None
    assert len(said.text(3)) == 240
