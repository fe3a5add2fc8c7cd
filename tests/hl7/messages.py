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


def orm(
    control: str = "NW",
    number: str = "100",
    *,
    kind: str = "ORM^O01",
    placer: str = "ORD-1^RIS",
    service: str = "OPG^Panoramic^L",
    modality: str = "PX",
    start: str = "20260302083000",
    sent: str = "20260301120000",
    pid: str = "P-1",
    name: str = "Beispiel^Anna",
    born: str = "20120403",
    more: tuple[str, ...] = (),
) -> bytes:
    """An order of a panoramic."""
    obr = ["OBR", "1", placer, "", service, *[""] * 13, "ACC-1", *[""] * 5, modality, "", "", f"^^^{start}"]
    segments = [
        rf"MSH|^~\&|RIS|PRAXIS|PORION|KFO|{sent}||{kind}|{number}|P|2.5||||||UNICODE UTF-8",
        f"PID|1||{pid}^^^CLINIC^MR||{name}||{born}|F",
        f"ORC|{control}|{placer}||||||||||7^Wert^Ina",
        "|".join(obr),
        *more,
    ]
    return "".join(f"{segment}\r" for segment in segments).encode()


def siu(
    event: str = "S12", number: str = "200", *, reason: str = "OPG^Panoramic", start: str = "20260302083000"
) -> bytes:
    """An appointment."""
    segments = [
        rf"MSH|^~\&|PMS|PRAXIS|PORION|KFO|20260301120000||SIU^{event}^SIU_S12|{number}|P|2.5",
        f"SCH||APP-1|||||{reason}||||^^^{start}",
        "PID|1||P-1^^^CLINIC^MR||Beispiel^Anna||20120403|F",
    ]
    return "".join(f"{segment}\r" for segment in segments).encode()
