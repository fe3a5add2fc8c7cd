"""ADT messages of practice systems that do not exist."""

from __future__ import annotations

from porion.dicom.person import Identifier


def adt(
    event: str = "A08",
    number: str = "1",
    *,
    pid: str = "P-1",
    name: str = "Beispiel^Anna",
    born: str = "20120403",
    sex: str = "F",
    prior: str = "",
    sent: str = "20260101120000",
    charset: str = "UNICODE UTF-8",
    codec: str = "utf-8",
) -> bytes:
    """An ADT message; IDs are of the issuer CLINIC."""
    segments = [
        rf"MSH|^~\&|KIS|PRAXIS|PORION|KFO|{sent}||ADT^{event}^ADT_A01|{number}|P|2.5||||||{charset}",
        f"EVN|{event}|{sent}",
        f"PID|1||{pid}^^^CLINIC^MR||{name}||{born}|{sex}",
    ]
    if prior:
        segments.append(f"MRG|{prior}^^^CLINIC^MR")
    return "".join(f"{segment}\r" for segment in segments).encode(codec)


def number(value: str) -> Identifier:
    """An ID of the clinic."""
    return Identifier(value, "CLINIC")
