"""What a file is, told by its first bytes; its name decides only what the bytes leave open."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import Literal

HEAD_SIZE = 1024
MEDIA_DIRECTORY_CLASS = b"1.2.840.10008.1.3.10"
MEDIA_DIRECTORY_NAME = "dicomdir"


class Kind(Enum):
    """What is done with a file."""

    DICOM = auto()
    MEDIA_DIRECTORY = auto()
    ZIP = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Looks:
    """The kind, and for OTHER why it is not taken, in words."""

    kind: Kind
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Magic:
    """Bytes at a place that mark a kind of file; ``source`` names the format's definition."""

    offset: int
    start: bytes
    words: str
    source: str


_MAGIC = (
    _Magic(0, b"\xff\xd8\xff", "a JPEG image", "ITU-T T.81"),
    _Magic(0, b"\x89PNG\r\n\x1a\n", "a PNG image", "ISO/IEC 15948"),
    _Magic(0, b"GIF8", "a GIF image", "GIF89a"),
    _Magic(0, b"BM", "a bitmap image", "BITMAPFILEHEADER"),
    _Magic(0, b"II*\x00", "a TIFF image", "TIFF 6.0"),
    _Magic(0, b"MM\x00*", "a TIFF image", "TIFF 6.0"),
    _Magic(0, b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 image", "ISO/IEC 15444-1 annex I"),
    _Magic(0, b"\xff\x4f\xff\x51", "a JPEG 2000 image", "ISO/IEC 15444-1 annex A"),
    _Magic(8, b"WEBP", "a WebP image", "RFC 9649"),
    _Magic(4, b"ftyp", "a video or HEIC image", "ISO/IEC 14496-12"),
    _Magic(0, b"%PDF-", "a PDF document", "ISO 32000"),
    _Magic(0, b"{\\rtf", "an RTF document", "RTF 1.9"),
    _Magic(0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Office document or thumbnail store", "MS-CFB"),
    _Magic(0, b"MZ", "a Windows program", "PE format"),
    _Magic(0, b"\x7fELF", "a Linux program", "ELF"),
    _Magic(0, b"\xcf\xfa\xed\xfe", "a macOS program", "Mach-O"),
    _Magic(0, b"\xca\xfe\xba\xbe", "a macOS or Java program", "Mach-O, JVMS 4.1"),
    _Magic(0, b"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it, or pack it as ZIP", "7-zip"),
    _Magic(0, b"Rar!\x1a\x07", "a RAR archive; unpack it, or pack it as ZIP", "RAR 5"),
    _Magic(0, b"\x1f\x8b", "a gzip archive; unpack it, or pack it as ZIP", "RFC 1952"),
    _Magic(0, b"BZh", "a bzip2 archive; unpack it, or pack it as ZIP", "bzip2"),
    _Magic(257, b"ustar", "a tar archive; unpack it, or pack it as ZIP", "POSIX 1003.1 pax"),
    _Magic(0, b"SQLite format 3\x00", "an SQLite database", "SQLite file format"),
    _Magic(0, b"\x00\x05\x16\x07", "a macOS companion file", "RFC 1740"),
    _Magic(0, b"\x00\x00\x00\x01Bud1", "a macOS folder view", "DS_Store"),
    _Magic(0, b"solid ", "a surface mesh or text", "STL"),
)

_TEXTS = (
    (re.compile(rb"\s*<\?xml", re.IGNORECASE), "XML"),
    (re.compile(rb"\s*<(!doctype html|html)", re.IGNORECASE), "an HTML page"),
    (re.compile(rb"\s*[{\[]"), "text or JSON"),
)

_SYSTEM_FILES = {
    ".ds_store": "macOS",
    "thumbs.db": "Windows",
    "ehthumbs.db": "Windows",
    "desktop.ini": "Windows",
    "autorun.inf": "Windows",
}

_TEXT_BYTES = b"\t\n\f\r\x1b" + bytes(range(32, 256))
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_DICOM_NAMES = (".dcm", ".dicom", ".dic", ".dc3", ".ima")

# The value representations of PS3.5 table 6.2-1 that a first element can have.
_VRS = frozenset(b"AE AS AT CS DA DS DT IS LO LT OB OW PN SH SQ ST TM UI UL UN US UT".split())
# Groups a data set without file meta begins with: file meta itself, directory, identifying, patient.
_FIRST_GROUPS = frozenset({0x0002, 0x0004, 0x0008, 0x0010})
_LONGEST_FIRST_VALUE = 1 << 20
_BYTE_ORDERS: tuple[Literal["little", "big"], ...] = ("little", "big")


def looks_like(head: bytes, name: str) -> Looks:
    """What a file with these first ``HEAD_SIZE`` bytes and this name is.

    In doubt it is DICOM, so that the reader decides: a data set without preamble and file meta, or one
    called ``.dcm`` of which nothing else can be said, must not be lost.
    """
    if not head:
        return Looks(Kind.OTHER, "empty")
    if head.startswith(b"DICM", 128) or head.startswith(b"DICM"):
        return Looks(Kind.MEDIA_DIRECTORY if _is_media_directory(head, name) else Kind.DICOM)
    if head.startswith(_ZIP_STARTS):
        return Looks(Kind.ZIP)
    file_name = _file_name(name)
    if _begins_with_an_element(head):
        return Looks(Kind.MEDIA_DIRECTORY if file_name == MEDIA_DIRECTORY_NAME else Kind.DICOM)
    words = _words_for(head, file_name)
    if words is None and file_name.endswith(_DICOM_NAMES):
        return Looks(Kind.DICOM)
    return Looks(Kind.OTHER, f"not DICOM ({words or 'of no known kind'})")


def _file_name(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2].lower()


def _is_media_directory(head: bytes, name: str) -> bool:
    """Whether Media Storage SOP Class UID (0002,0002) says so (PS3.10 section 8), or without it the name."""
    at = head.find(b"\x02\x00\x02\x00UI")
    if at < 0:
        return _file_name(name) == MEDIA_DIRECTORY_NAME
    length = int.from_bytes(head[at + 6 : at + 8], "little")
    return head[at + 8 : at + 8 + length].rstrip(b"\x00 ") == MEDIA_DIRECTORY_CLASS


def _begins_with_an_element(head: bytes) -> bool:
    """Whether the first bytes can be a data element of PS3.5 section 7.1, in either byte order."""
    return len(head) >= 8 and any(_is_first_element(head, order) for order in _BYTE_ORDERS)


def _is_first_element(head: bytes, order: Literal["little", "big"]) -> bool:
    """A plausible group, then a value representation (explicit) or a short length (implicit)."""
    group = int.from_bytes(head[0:2], order)
    length = int.from_bytes(head[4:8], order)
    return group in _FIRST_GROUPS and (head[4:6] in _VRS or length <= _LONGEST_FIRST_VALUE)


def _words_for(head: bytes, file_name: str) -> str | None:
    """What else it is, or None when nothing can be said."""
    if file_name in _SYSTEM_FILES:
        return f"a system file of {_SYSTEM_FILES[file_name]}"
    for magic in _MAGIC:
        if head.startswith(magic.start, magic.offset):
            return f"looks like {magic.words}"
    return _words_for_text(head)


def _words_for_text(head: bytes) -> str | None:
    if not _is_text(head):
        return None
    words = next((words for pattern, words in _TEXTS if pattern.match(head)), "text")
    return f"looks like {words}"


def _is_text(head: bytes) -> bool:
    """UTF-16 with its mark, or bytes without control characters other than white space."""
    return head.startswith((b"\xff\xfe", b"\xfe\xff")) or not head.translate(None, _TEXT_BYTES)
