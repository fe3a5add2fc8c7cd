"""The minimal lower layer protocol: bytes in, messages out; messages in, bytes out.

HL7 Minimal Lower Layer Protocol, release 1: <SB> message <EB><CR>, where SB is 0x0B, EB 0x1C and CR 0x0D.
"""

from __future__ import annotations

from porion.services.errors import Invalid

START = b"\x0b"
END = b"\x1c\x0d"

LONGEST = 1 << 20
"""Bytes of a message; one of a patient has some hundred."""


class Frames:
    """What has come of a connection and makes no whole message yet."""

    def __init__(self, longest: int = LONGEST) -> None:
        self._longest = longest
        self._held = b""

    @property
    def begun(self) -> bool:
        """Whether a message has begun and has not ended."""
        return bool(self._held)

    def feed(self, data: bytes) -> list[bytes]:
        """The messages that are whole by now, without frames; Invalid when it is no MLLP or too long."""
        held = self._held + data
        messages = []
        while held := held.lstrip(b"\r\n"):
            if not held.startswith(START):
                raise Invalid("This is no MLLP: a message begins with the byte 0x0B.")
            message, end, rest = held[1:].partition(END)
            if len(message) > self._longest:
                raise Invalid(f"A message is longer than {self._longest} bytes.")
            if not end:
                break
            messages.append(message)
            held = rest
        self._held = held
        return messages


def framed(message: bytes) -> bytes:
    """A message as it goes over the wire."""
    return START + message + END
