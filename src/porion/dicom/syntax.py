"""How the head of an element is written in the three encodings, and which one a data set is in.

PS3.5 section 7.1. The stated transfer syntax is a claim; what the bytes are is found by looking.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass

from porion.dicom.vr import KNOWN, LONG_FORM, SHORT_FORM, is_private_creator, public_vr

UNDEFINED = 0xFFFFFFFF

# tag, VR ("" when the head has none), offset of the value, length of the value
Head = tuple[int, str, int, int]
ReadHead = Callable[[memoryview, int], Head]

_LITTLE_EXPLICIT = struct.Struct("<HH2sH").unpack_from
_LITTLE_IMPLICIT = struct.Struct("<HHI").unpack_from
_LITTLE_LENGTH = struct.Struct("<I").unpack_from
_BIG_EXPLICIT = struct.Struct(">HH2sH").unpack_from
_BIG_IMPLICIT = struct.Struct(">HHI").unpack_from
_BIG_LENGTH = struct.Struct(">I").unpack_from


def implicit_head(view: memoryview, at: int) -> Head:
    """A head in implicit VR little endian; struct.error when the bytes end within it."""
    group, element, length = _LITTLE_IMPLICIT(view, at)
    return group << 16 | element, "", at + 8, length


def explicit_head(view: memoryview, at: int) -> Head:
    """A head in explicit VR little endian; struct.error when the bytes end within it."""
    group, element, letters, length = _LITTLE_EXPLICIT(view, at)
    if letters in SHORT_FORM:
        return group << 16 | element, SHORT_FORM[letters], at + 8, length
    if letters in LONG_FORM:
        return group << 16 | element, LONG_FORM[letters], at + 12, _LITTLE_LENGTH(view, at + 8)[0]
    return _odd_head(group << 16 | element, letters, at, (length, _LITTLE_LENGTH(view, at + 4)[0]))


def big_endian_head(view: memoryview, at: int) -> Head:
    """A head in explicit VR big endian; struct.error when the bytes end within it."""
    group, element, letters, length = _BIG_EXPLICIT(view, at)
    if letters in SHORT_FORM:
        return group << 16 | element, SHORT_FORM[letters], at + 8, length
    if letters in LONG_FORM:
        return group << 16 | element, LONG_FORM[letters], at + 12, _BIG_LENGTH(view, at + 8)[0]
    return _odd_head(group << 16 | element, letters, at, (length, _BIG_LENGTH(view, at + 4)[0]))


def _odd_head(tag: int, letters: bytes, at: int, lengths: tuple[int, int]) -> Head:
    """An unknown VR in capitals is read in the short form, anything else as implicit VR.

    Real writers slip implicit elements into explicit data sets. PS3.5 section 6.2 note would have new
    VRs in the long form, but the ones met in files ("XX", "??") were written short.
    """
    if tag >> 16 != 0xFFFE and letters.isalpha() and letters.isupper():
        return tag, letters.decode("ascii"), at + 8, lengths[0]
    return tag, "", at + 8, lengths[1]


@dataclass(frozen=True, slots=True)
class Encoding:
    """One way of writing a data set (PS3.5 annex A); ``head`` and ``item`` read at an offset."""

    uid: str
    name: str
    explicit: bool
    order: str
    head: ReadHead
    item: Callable[[memoryview, int], tuple[int, ...]]


IMPLICIT = Encoding(
    "1.2.840.10008.1.2", "implicit VR little endian", False, "<", implicit_head, _LITTLE_IMPLICIT
)
EXPLICIT = Encoding(
    "1.2.840.10008.1.2.1", "explicit VR little endian", True, "<", explicit_head, _LITTLE_IMPLICIT
)
BIG_ENDIAN = Encoding(
    "1.2.840.10008.1.2.2", "explicit VR big endian", True, ">", big_endian_head, _BIG_IMPLICIT
)

# Every transfer syntax that is not named here is explicit VR little endian (PS3.5 annex A.4).
ENCODING_OF = {
    "1.2.840.10008.1.2": IMPLICIT,  # PS3.5 A.1
    "1.2.840.113619.5.2": IMPLICIT,  # GE private: implicit VR, pixels big endian (pydicom, dcm4che)
    "1.2.840.10008.1.2.2": BIG_ENDIAN,  # PS3.5 A.3, retired
}
DEFLATED_EXPLICIT = "1.2.840.10008.1.2.1.99"  # PS3.5 A.5
DEFLATED = frozenset(
    (
        DEFLATED_EXPLICIT,
        "1.2.840.10008.1.2.4.95",  # PS3.5 A.7, JPIP referenced deflate
        "1.2.840.10008.1.2.4.205",  # PS3.5 A.7, JPIP HTJ2K referenced deflate
    )
)


def encoding_of(transfer_syntax: str) -> Encoding:
    """The encoding that a transfer syntax prescribes; explicit VR little endian when it is unknown."""
    return ENCODING_OF.get(transfer_syntax, EXPLICIT)


def assumed(view: memoryview, at: int, transfer_syntax: str) -> Encoding:
    """The encoding of a data set that begins oddly: the stated one, unless it needs a VR and has none."""
    encoding = encoding_of(transfer_syntax)
    if encoding.explicit and not view[at + 4 : at + 6].tobytes().isalpha():
        return IMPLICIT
    return encoding


def detect(view: memoryview, at: int) -> Encoding | None:
    """The encoding that the data set at an offset is really written in, or None if it looks like none.

    Explicit VR comes first: two letters that are a known VR are a length of more than 16 kB when read
    as implicit, which no data set begins with.
    """
    for encoding in (EXPLICIT, BIG_ENDIAN, IMPLICIT):
        if _looks_like(encoding, view, at):
            return encoding
    return None


def has_explicit_head(view: memoryview, at: int) -> bool:
    """Whether a known VR stands where explicit VR would have it."""
    letters = view[at + 4 : at + 6].tobytes()
    return letters in SHORT_FORM or letters in LONG_FORM


def _looks_like(encoding: Encoding, view: memoryview, at: int) -> bool:
    """Whether one element and the head of a second make sense, or one that ends with the bytes."""
    try:
        tag, vr, start, length = encoding.head(view, at)
        if not _may_begin(encoding, tag, vr):
            return False
        if length == UNDEFINED:
            return "SQ" in (vr, public_vr(tag))
        if start + length >= len(view):
            return start + length == len(view)
        following = encoding.head(view, start + length)[0]
    except struct.error:
        return False
    return following > tag and (encoding.explicit or _is_listed(following))


def _may_begin(encoding: Encoding, tag: int, vr: str) -> bool:
    """Whether a head may begin a data set: a low group, and a known VR or else a listed attribute."""
    group = tag >> 16
    if not 0 < tag < 0x7FE10000:
        return False
    if encoding.explicit:
        # In the other byte order 0008 reads as 0800: the smaller reading is the right one.
        return vr in KNOWN and group <= (group & 0xFF) << 8 | group >> 8
    return _is_listed(tag)


def _is_listed(tag: int) -> bool:
    return public_vr(tag) is not None or is_private_creator(tag)
