"""File meta information that Porion writes (PS3.10 section 7.1), and the seal within it.

A file that comes over the network is written while it arrives. Its last act is the seal: the size and
the SHA-256 of the data set, written into the Private Information (0002,0102) that the file meta has
room for. A file without its seal was never received as a whole.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

# Porion as the writer; a UID below the UUID root of PS3.5 B.2.
IMPLEMENTATION_CLASS_UID = "2.25.302043790172249692526321623266752743501"
IMPLEMENTATION_VERSION = "PORION_0.1"
SEAL_CREATOR_UID = "2.25.302043790172249692526321623266752743502"

_PREAMBLE = 128
_GROUP_LENGTH = struct.Struct("<HH2sHI")
_SHORT = struct.Struct("<HH2sH")
_LONG = struct.Struct("<HH2sHI")
# The mark comes last: a seal that was written in part is none.
_SEAL = struct.Struct("<Q32s8s")
_MARK = b"PORION-1"
_BEFORE_META = _PREAMBLE + 4 + _GROUP_LENGTH.size
_SEAL_HEAD = _LONG.pack(0x0002, 0x0102, b"OB", 0, _SEAL.size)
LONGEST_PREFIX = 4096
"""No prefix of ours is longer, whatever its UIDs and titles."""


@dataclass(frozen=True, slots=True)
class Seal:
    """What a data set came to: its size in bytes and its SHA-256 in hexadecimal."""

    size: int
    digest: str


def file_prefix(
    sop_class_uid: str,
    sop_instance_uid: str,
    transfer_syntax: str,
    *,
    source: str = "",
    receiver: str = "",
    sealable: bool = False,
) -> bytes:
    """A preamble of zeros and a file meta group that says what the data set is and who sent it.

    ``source`` and ``receiver`` are AE titles. With ``sealable`` the last bytes are an empty seal.
    """
    meta = (
        _LONG.pack(0x0002, 0x0001, b"OB", 0, 2)
        + b"\x00\x01"
        + _text(0x0002, b"UI", sop_class_uid)
        + _text(0x0003, b"UI", sop_instance_uid)
        + _text(0x0010, b"UI", transfer_syntax)
        + _text(0x0012, b"UI", IMPLEMENTATION_CLASS_UID)
        + _text(0x0013, b"SH", IMPLEMENTATION_VERSION)
        + (_text(0x0016, b"AE", source) if source else b"")
        + (_text(0x0018, b"AE", receiver) if receiver else b"")
    )
    if sealable:
        meta += _text(0x0100, b"UI", SEAL_CREATOR_UID) + _SEAL_HEAD + bytes(_SEAL.size)
    return bytes(_PREAMBLE) + b"DICM" + _GROUP_LENGTH.pack(0x0002, 0x0000, b"UL", 4, len(meta)) + meta


def seal_place(prefix: bytes) -> int:
    """Where in a file with that sealable prefix its seal is written."""
    return len(prefix) - _SEAL.size


def write_seal(seal: Seal) -> bytes:
    """A seal as bytes."""
    return _SEAL.pack(seal.size, bytes.fromhex(seal.digest), _MARK)


def read_seal(head: bytes) -> tuple[int, Seal | None]:
    """Where the data set of a file that begins with ``head`` starts, and its seal if it has one.

    The place is 0 when the file has no prefix of ours.
    """
    if len(head) < _BEFORE_META or head[_PREAMBLE : _PREAMBLE + 4] != b"DICM":
        return 0, None
    end = _BEFORE_META + _GROUP_LENGTH.unpack_from(head, _PREAMBLE + 4)[4]
    begin = end - _SEAL.size
    if end > len(head) or head[begin - len(_SEAL_HEAD) : begin] != _SEAL_HEAD:
        return 0, None
    size, digest, mark = _SEAL.unpack_from(head, begin)
    return end, Seal(size, digest.hex()) if mark == _MARK else None


def _text(element: int, vr: bytes, text: str) -> bytes:
    value = text.encode("ascii", "replace")
    value += (b"\0" if vr == b"UI" else b" ") * (len(value) % 2)
    return _SHORT.pack(0x0002, element, vr, len(value)) + value
