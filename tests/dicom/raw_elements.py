"""Elements as bytes, well or badly written: what no library agrees to write."""

from __future__ import annotations

import struct
import zlib

from porion.dicom.syntax import UNDEFINED
from porion.dicom.vr import LONG_FORM

ITEM_END = b"\xfe\xff\x0d\xe0" + bytes(4)
SEQUENCE_END = b"\xfe\xff\xdd\xe0" + bytes(4)
DEFLATED = "1.2.840.10008.1.2.1.99"
UID = b"1.2.3.4\0"


def explicit(tag: int, vr: str, value: bytes = b"", *, length: int | None = None, order: str = "<") -> bytes:
    """An element in explicit VR; ``length`` may lie."""
    size = len(value) if length is None else length
    head = struct.pack(order + "HH", tag >> 16, tag & 0xFFFF) + vr.encode()
    if vr.encode() in LONG_FORM:
        return head + bytes(2) + struct.pack(order + "I", size) + value
    return head + struct.pack(order + "H", size) + value


def implicit(tag: int, value: bytes = b"", *, length: int | None = None) -> bytes:
    """An element in implicit VR little endian; ``length`` may lie."""
    return struct.pack("<HHI", tag >> 16, tag & 0xFFFF, len(value) if length is None else length) + value


def item(*elements: bytes, undefined: bool = False) -> bytes:
    """An item of a sequence, or a fragment."""
    content = b"".join(elements)
    head = b"\xfe\xff\x00\xe0" + struct.pack("<I", UNDEFINED if undefined else len(content))
    return head + content + (ITEM_END if undefined else b"")


def in_file(*elements: bytes, transfer_syntax: str = "1.2.840.10008.1.2.1", preamble: int = 128) -> bytes:
    """A file with preamble and the least file meta information around a data set."""
    text = transfer_syntax.encode()
    stated = explicit(0x00020010, "UI", text + b"\0" * (len(text) % 2))
    length = explicit(0x00020000, "UL", struct.pack("<I", len(stated)))
    return bytes(preamble) + b"DICM" + length + stated + b"".join(elements)


def a_start(*, of: str = "explicit") -> bytes:
    """SOP Class and Instance UID, as data sets begin."""
    if of == "implicit":
        return implicit(0x00080016, UID) + implicit(0x00080018, UID)
    order = ">" if of == "big endian" else "<"
    return explicit(0x00080016, "UI", UID, order=order) + explicit(0x00080018, "UI", UID, order=order)


def deflated(data: bytes) -> bytes:
    """The bytes as PS3.5 annex A.5 packs them."""
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()
