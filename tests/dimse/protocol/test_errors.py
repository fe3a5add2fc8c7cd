"""What a peer can do wrong."""

from __future__ import annotations

from porion.dimse.protocol.errors import AbortReason, ProtocolError


def test_an_error_has_a_reason_for_the_peer_and_a_sentence_for_us() -> None:
    error = ProtocolError(AbortReason.UNEXPECTED_PDU, "Not now.")
    assert (error.reason, str(error)) == (2, "Not now.")
