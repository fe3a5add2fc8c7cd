"""Identifiers of queries (PS3.4 section C.2.2.1): keys by keyword, as bytes."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from pydicom.datadict import keyword_dict

from porion.dicom.syntax import Encoding, encoding_of
from porion.dicom.vr import SHORT_FORM, public_vr

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_CHARACTER_SET = 0x00080005
_SHORT = frozenset(SHORT_FORM.values()) - {"SQ", "UN"}
_NUMBERS: Mapping[str, str] = {"US": "H", "SS": "h", "UL": "I", "SL": "i", "FL": "f", "FD": "d"}
_NOT_KEYS = frozenset({"AT"})


def key_vr(keyword: str) -> str | None:
    """The VR of an attribute of the standard that a query can have as a key; None for any other word."""
    tag = keyword_dict.get(keyword)
    vr = public_vr(tag) if tag is not None and keyword and tag >> 16 > 0x0002 else None
    return vr if vr in _SHORT and vr not in _NOT_KEYS else None


def identifier_bytes(keys: Mapping[str, str], transfer_syntax: str) -> bytes:
    """The identifier in an uncompressed transfer syntax; a backslash separates the values of a list.

    Its character set is Latin-1 where that has every letter, for old nodes know it, else UTF-8.
    ValueError for a value that its VR cannot have, KeyError for a word that :func:`key_vr` does not know.
    """
    encoding = encoding_of(transfer_syntax)
    term, codec = _character_set(keys.values())
    by_tag = {keyword_dict[keyword]: (key_vr(keyword) or "", value) for keyword, value in keys.items()}
    if term:
        by_tag[_CHARACTER_SET] = ("CS", term)
    return b"".join(
        _element(encoding, tag, vr, _encoded(encoding, vr, value, codec))
        for tag, (vr, value) in sorted(by_tag.items())
    )


def _character_set(values: Iterable[str]) -> tuple[str, str]:
    text = "".join(values)
    if text.isascii():
        return "", "ascii"
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return "ISO_IR 192", "utf-8"
    return "ISO_IR 100", "latin-1"


def _encoded(encoding: Encoding, vr: str, value: str, codec: str) -> bytes:
    if vr in _NUMBERS:
        numbers = [float(part) if vr in ("FL", "FD") else int(part) for part in value.split("\\") if part]
        return struct.pack(f"{encoding.order}{len(numbers)}{_NUMBERS[vr]}", *numbers)
    text = value.encode(codec)
    return text + (b"\0" if vr == "UI" else b" ") * (len(text) % 2)


def _element(encoding: Encoding, tag: int, vr: str, value: bytes) -> bytes:
    place = struct.pack(f"{encoding.order}HH", tag >> 16, tag & 0xFFFF)
    if encoding.explicit:
        return place + vr.encode() + struct.pack(f"{encoding.order}H", len(value)) + value
    return place + struct.pack(f"{encoding.order}I", len(value)) + value
