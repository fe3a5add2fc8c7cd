"""Text from bytes: the character sets of PS3.3 section C.12.1.1.2, and what real devices write instead.

The tables are pydicom's; decoding is strict here, so that nothing turns into a question mark unseen.
A reading that departs from what the header states comes with a reason. What no character set
explains is shown as ``<NN>``, which loses nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pydicom.charset import CODES_TO_ENCODINGS, default_encoding, python_encoding

from porion.dicom.problems import shown

Decoded = tuple[str, str | None]

# Latin alphabet No. 9 came into the standard later than into pydicom's tables (PS3.3 C.12.1.1.2).
ENCODINGS = {**python_encoding, "ISO_IR 203": "iso8859_15", "ISO 2022 IR 203": "iso8859_15"}
_ESCAPES = {**CODES_TO_ENCODINGS, b"\x1b-b": "iso8859_15"}

# PS3.5 section 6.1.2.5.3: what brings a value back to the first character set; ^ and = in PN only.
_DELIMITERS = re.compile(rb"[\\\r\n\f\t]")
_NAME_DELIMITERS = re.compile(rb"[\\\r\n\f\t^=]")
_KNOWN_ESCAPE = re.compile(b"|".join(map(re.escape, sorted(_ESCAPES, key=len, reverse=True))))
_ESCAPED = re.compile(rb"\x1b[^\x1b]*|[^\x1b]+")
_C1 = re.compile(rb"[\x80-\x9f]")

# Single-byte sets in which valid multi-byte UTF-8 can only be UTF-8: capital letters with marks
# followed by signs are no words. In Thai and its neighbours such runs do occur, so that there only
# the bytes that the set does not have (80-9F) prove it.
_LATIN = frozenset(("iso8859", "latin_1", "iso8859_2", "iso8859_3", "iso8859_4", "iso_ir_148", "iso8859_15"))
# Windows code pages that extend the set of the standard (unicode.org MAPPINGS/VENDORS/MICSFT/WINDOWS).
_WINDOWS = {"iso8859": "cp1252", "latin_1": "cp1252", "iso_ir_148": "cp1254", "iso_ir_166": "cp874"}
# Python's codecs read the escape sequences of these themselves.
_STATEFUL = ("iso2022_jp", "iso2022_jp_2")
_MULTI_BYTE = ("euc_kr", "iso_ir_58", "shift_jis", "GB18030", "GBK", "GB2312", "UTF8")
# Terms found in files for which the standard has another word; letters and digits only.
_ALIASES = {
    "UTF8": "ISO_IR 192",  # K: written by web-based exporters
    "ISO88591": "ISO_IR 100",  # pydicom test files, dcmtk wiki
    "LATIN1": "ISO_IR 100",
    "ASCII": "ISO_IR 6",
    "WINDOWS1252": "ISO_IR 100",
}
_SHOWN = {byte: f"<{byte:02X}>" for byte in (*range(0x20), *range(0x7F, 0x100))}
_SQUEEZED = {re.sub("[^A-Z0-9]", "", term): term for term in ENCODINGS if term} | _ALIASES


@dataclass(frozen=True, slots=True)
class CharacterSet:
    """The character sets that (0008,0005) names: ``encodings`` are Python's names, the first the default.

    ``really`` is the term of the set in which the device is known to write, whatever it names.
    """

    terms: tuple[str, ...]
    encodings: tuple[str, ...]
    problems: tuple[str, ...] = ()
    really: str = ""

    def decode(self, raw: bytes, *, name: bool = False) -> Decoded:
        """The text of a whole value field, and the reason when it is not what the header promised.

        ``name`` says that the VR is PN, where ^ and = also end an escape (PS3.5 section 6.2.1.1).
        """
        if b"\x1b" in raw:
            plain = _without_escapes(raw) if self.encodings[0] == "UTF8" else None
            if plain is not None:
                return plain, "escape sequences were left in UTF-8, where none belong"
            return self._extended(raw, _NAME_DELIMITERS if name else _DELIMITERS)
        if self.really and self.really not in self.terms[:1] and not raw.isascii():
            text, broken = _strict(raw, ENCODINGS[self.really])
            if broken is None:
                return text, f"read in {self.really}, as is set for the device"
        return _plain(raw, self.encodings)

    def _extended(self, raw: bytes, delimiters: re.Pattern[bytes]) -> Decoded:
        """Code extensions of ISO 2022 (PS3.5 section 6.1.2.5): each escape opens a piece."""
        pieces = [self._piece(piece, delimiters) for piece in _ESCAPED.findall(raw)]
        return "".join(text for text, _ in pieces), next((why for _, why in pieces if why), None)

    def _piece(self, piece: bytes, delimiters: re.Pattern[bytes]) -> Decoded:
        if not piece.startswith(b"\x1b"):
            return _plain(piece, self.encodings)
        length = 4 if piece[1:3] in (b"$(", b"$)") else 3
        encoding = _ESCAPES.get(piece[:length])
        if encoding is None:
            return _shown(piece), f"unknown escape sequence {shown(_shown(piece[:length]))}"
        reason = None
        if encoding not in (*self.encodings, default_encoding):
            reason = f"switches to a character set that is not stated ({encoding})"
        if encoding in _STATEFUL:
            text, broken = _strict(piece, encoding)
            return text, broken or reason
        found = delimiters.search(piece, length)
        split = found.start() if found else len(piece)
        head, broken = _strict(piece[length:split], encoding)
        tail, odd = _plain(piece[split:], self.encodings)
        return head + tail, broken or odd or reason


@lru_cache(maxsize=256)
def character_set(terms: tuple[str, ...], really: str = "") -> CharacterSet:
    """The character sets for the values of (0008,0005), misspelt terms repaired and listed.

    ``really`` is a defined term, or empty: see :class:`CharacterSet`.
    """
    encodings: list[str] = []
    problems: list[str] = []
    for term in terms or ("",):
        known = term if term in ENCODINGS else _SQUEEZED.get(re.sub("[^A-Z0-9]", "", term.upper()))
        if known is None:
            problems.append(f"unknown character set {shown(term)}")
        elif known != term:
            problems.append(f"character set {shown(term)} is read as {known}")
        encodings.append(ENCODINGS[known or ""])
    return CharacterSet(terms, tuple(encodings), tuple(problems), really)


def defined_term(text: str) -> str | None:
    """The defined term of a character set without code extensions, as people write it; None if it is none."""
    squeezed = _SQUEEZED.get(re.sub("[^A-Z0-9]", "", text.upper()))
    return None if squeezed is None or squeezed.startswith("ISO 2022") else squeezed


DEFAULT_REPERTOIRE = character_set(())


def _without_escapes(raw: bytes) -> str | None:
    """UTF-8 in which a converter forgot the escapes of its source (Orthanc 1.10 with Korean), else None.

    Where only ASCII would be left the escapes are what makes it text, as in Japanese.
    """
    bare = _KNOWN_ESCAPE.sub(b"", raw)
    if b"\x1b" in bare or bare.isascii():
        return None
    text, broken = _strict(bare, "utf-8")
    return None if broken else text


def _plain(raw: bytes, encodings: tuple[str, ...]) -> Decoded:
    """Bytes without escapes in the first character set, or in the one they are really written in."""
    first = encodings[0]
    if raw.isascii():
        return _strict(raw, first)
    mislabelled = _as_utf8(raw, first)
    if mislabelled is not None:
        return mislabelled, "written in UTF-8, which the character set does not say"
    if first == default_encoding:
        return _undeclared(raw, encodings)
    windows = _WINDOWS.get(first)
    if windows and _C1.search(raw):
        text, broken = _strict(raw, windows)
        return (
            text,
            broken or f"written in Windows code page {windows[2:]}, which the character set does not say",
        )
    text, broken = _strict(raw, first)
    if broken and first == "UTF8":
        return _undeclared(raw, encodings)
    return text, broken


def _as_utf8(raw: bytes, stated: str) -> str | None:
    """The text if it is plainly UTF-8 under another label, else None."""
    if stated not in _LATIN and not (stated.startswith("iso") and _C1.search(raw)):
        return None
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _undeclared(raw: bytes, encodings: tuple[str, ...]) -> Decoded:
    """Bytes above 7F where the first set has none: another stated set if it fits, else Windows-1252."""
    for encoding in encodings[1:]:
        if encoding in _MULTI_BYTE:
            text, broken = _strict(raw, encoding)
            if broken is None:
                return text, f"written in {encoding} without its escape sequence"
    text, broken = _strict(raw, "cp1252")
    return text, broken or "holds characters outside of the stated character set; read as Windows-1252"


def _strict(raw: bytes, encoding: str) -> Decoded:
    try:
        return raw.decode(encoding), None
    except UnicodeDecodeError:
        return _shown(raw), f"holds bytes that are no text in {encoding}; shown as <NN>"


def _shown(raw: bytes) -> str:
    """Bytes that are no text, with nothing lost and no backslash, which would part two values."""
    return raw.decode("latin-1").translate(_SHOWN)
