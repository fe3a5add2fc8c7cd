"""What a peer can do wrong, with the reason that its A-ABORT names."""

from __future__ import annotations

from enum import IntEnum


class AbortReason(IntEnum):
    """Reasons of an A-ABORT from the service provider (PS3.8 table 9-26)."""

    NOT_SPECIFIED = 0
    UNRECOGNIZED_PDU = 1
    UNEXPECTED_PDU = 2
    UNRECOGNIZED_PARAMETER = 4
    UNEXPECTED_PARAMETER = 5
    INVALID_PARAMETER_VALUE = 6


class ProtocolError(Exception):
    """The peer broke the protocol; ``reason`` is what the A-ABORT tells it, the message tells us."""

    def __init__(self, reason: AbortReason, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


class LocalError(Exception):
    """Our own side asked for what the association's state does not allow: a mistake in the program."""
