"""Acknowledgements (HL7 v2.5.1 section 2.9, original mode): AA applied, AE refused, AR not for this door."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from porion.hl7.message import Message

_ESCAPES = str.maketrans(
    {"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "&": "\\T\\", "~": "\\R\\", "\r": " ", "\n": " "}
)
_LONGEST = 240


def acknowledgement(message: Message | None, code: str, reason: str, number: str, at: datetime) -> bytes:
    """An ACK in UTF-8; without a message, what came could not be read. ``number`` is the ACK's own MSH-10."""

    def stated(field: int, component: int = 1) -> str:
        return _said(message.header.text(field, component)) if message else ""

    event = f"ACK^{stated(9, 2)}^ACK" if stated(9, 2) else "ACK"
    header = ["MSH", r"^~\&", stated(5) or "PORION", stated(6), stated(3), stated(4)]
    header += [f"{at:%Y%m%d%H%M%S}+0000", "", event, number, stated(11) or "P", stated(12) or "2.5.1"]
    header += ["", "", "", "", "", "UNICODE UTF-8"]
    said = _said(reason[:_LONGEST])
    segments = [header, ["MSA", code, stated(10), said]]
    if code != "AA":
        segments.append(["ERR", "", "", "207^Application internal error^HL70357", "E", "", "", "", said])
    return "".join("|".join(fields) + "\r" for fields in segments).encode()


def _said(text: str) -> str:
    return text.translate(_ESCAPES)
