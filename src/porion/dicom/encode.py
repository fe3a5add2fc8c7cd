"""Elements as bytes: the data sets of our own messages, in the character set of whoever reads them.

The inverse of :func:`porion.dicom.message.read_message`.
"""

from __future__ import annotations

import struct
from functools import lru_cache
from typing import TYPE_CHECKING

from anyascii import anyascii
from pydicom.datadict import keyword_dict

from porion.dicom.charset import ENCODINGS
from porion.dicom.elements import Element, Elements, Value
from porion.dicom.syntax import Encoding, encoding_of
from porion.dicom.vr import CHARACTER_SET_VRS, LONG_FORM, NUMBERS, public_vr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

UNICODE = "ISO_IR 192"
_ASCII = "ISO_IR 6"
_JIS_X_0201 = "ISO_IR 13"
_CHARACTER_SETS = 0x00080005
_ITEM = 0xFFFEE000
_LONG = frozenset(LONG_FORM.values())
# PS3.5 section 7.1.2: a value of a VR with a two-byte length is no longer than that.
_LONGEST_SHORT = 0xFFFE


def element(keyword: str, *values: Value) -> Element:
    """An element of that keyword in the VR that PS3.6 gives it; KeyError for a word that is none."""
    tag = keyword_dict[keyword]
    return Element(tag, public_vr(tag) or "UN", values)


def sequence(keyword: str, *items: Elements) -> Element:
    """A sequence of that keyword."""
    return Element(keyword_dict[keyword], "SQ", items=items)


def elements(given: Iterable[Element]) -> Elements:
    """A data set of these elements; of two with one tag the last counts."""
    by_tag = {one.tag: one for one in given}
    return Elements({tag: by_tag[tag] for tag in sorted(by_tag)})


def character_set_for(data_set: Elements, *wanted: str) -> str:
    """The defined term of the first wanted set that has every letter, else that of UTF-8; empty for ASCII.

    A set with code extensions is passed over: none is ever needed where UTF-8 may be written.
    """
    if has_only_ascii(data_set):
        return ""
    texts = list(_texts(data_set))
    fitting = (term for term in wanted if is_plain(term) and all(fits(text, term) for text in texts))
    return next(fitting, UNICODE)


def has_only_ascii(data_set: Elements) -> bool:
    """Whether all its text could be read in any character set."""
    return all(text.isascii() for text in _texts(data_set))


def spelled_for(data_set: Elements, term: str) -> Elements:
    """The data set with what a character set cannot write spelled in Latin letters."""
    return Elements({tag: _spelled(one, term) for tag, one in data_set.items()})


def encode(data_set: Elements, transfer_syntax: str, term: str = "") -> bytes:
    """The data set in an uncompressed transfer syntax (PS3.5 section 7), text in that character set.

    (0008,0005) is written as the set needs it. UnicodeEncodeError for text that the set does not have:
    see :func:`character_set_for`.
    """
    whole = data_set
    if codec_of(term) != "ascii":
        named = Element(_CHARACTER_SETS, "CS", (term,))
        whole = elements([*data_set.values(), named])
    return _data_set(whole, encoding_of(transfer_syntax), codec_of(term))


def _data_set(data_set: Elements, encoding: Encoding, codec: str) -> bytes:
    return b"".join(_element(one, encoding, codec) for one in data_set.values())


def _element(one: Element, encoding: Encoding, codec: str) -> bytes:
    if one.vr == "SQ":
        value = b"".join(_item(item, encoding, codec) for item in one.items)
    else:
        value = encode_values(one.vr, one.values, encoding.order, codec)
    return head(one.tag, one.vr, len(value), encoding) + value


def _item(item: Elements, encoding: Encoding, codec: str) -> bytes:
    content = _data_set(item, encoding, codec)
    return struct.pack(encoding.order + "HHI", _ITEM >> 16, _ITEM & 0xFFFF, len(content)) + content


def head(tag: int, vr: str, length: int, encoding: Encoding) -> bytes:
    """The head of an element (PS3.5 section 7.1.2); ValueError when its VR takes no value so long."""
    group, number = tag >> 16, tag & 0xFFFF
    if not encoding.explicit:
        return struct.pack(encoding.order + "HHI", group, number, length)
    if vr in _LONG:
        return struct.pack(encoding.order + "HH2sHI", group, number, vr.encode(), 0, length)
    if length > _LONGEST_SHORT:
        raise ValueError(f"{length} bytes are too long for {vr}")
    return struct.pack(encoding.order + "HH2sH", group, number, vr.encode(), length)


def encode_values(vr: str, values: tuple[Value, ...], order: str, codec: str) -> bytes:
    """A value field, padded to an even length."""
    if vr in NUMBERS:
        letter = NUMBERS[vr][0]
        return struct.pack(f"{order}{len(values)}{letter}", *values)
    if vr == "AT":
        pairs = [int(value) for value in values]
        return b"".join(struct.pack(order + "HH", pair >> 16, pair & 0xFFFF) for pair in pairs)
    if values and isinstance(values[0], bytes):
        return values[0] + b"\0" * (len(values[0]) % 2)
    joined = "\\".join(map(str, values))
    # Elsewhere the default repertoire is all there is (PS3.5 section 6.1.2.3), whatever a device has sent.
    text = joined.encode(codec) if vr in CHARACTER_SET_VRS else joined.encode("ascii", "replace")
    return text + (b"\0" if vr == "UI" else b" ") * (len(text) % 2)


@lru_cache(maxsize=64)
def codec_of(term: str) -> str:
    """Python's name of a character set."""
    return "ascii" if term in ("", _ASCII) else ENCODINGS[term]


def is_plain(term: str) -> bool:
    """Whether a character set is one that text is written in, without code extensions."""
    return term in ENCODINGS and not term.startswith("ISO 2022")


def fits(text: str, term: str) -> bool:
    """Whether a character set has every letter of a text; an empty term is the default repertoire."""
    try:
        written = text.encode(codec_of(term))
    except UnicodeEncodeError:
        return False
    # Python's codec for JIS X 0201 has the kanji of Shift JIS as well, which no ISO_IR 13 has.
    return term != _JIS_X_0201 or len(written) == len(text)


def _texts(data_set: Elements) -> Iterator[str]:
    for one in data_set.values():
        if one.vr in CHARACTER_SET_VRS:
            yield from (value for value in one.values if isinstance(value, str))
        for item in one.items:
            yield from _texts(item)


def _spelled(one: Element, term: str) -> Element:
    if one.vr == "SQ":
        return Element(one.tag, one.vr, items=tuple(spelled_for(item, term) for item in one.items))
    if one.vr not in CHARACTER_SET_VRS:
        return one
    return Element(
        one.tag, one.vr, tuple(letters_of(v, term) if isinstance(v, str) else v for v in one.values)
    )


def letters_of(value: str, term: str) -> str:
    """A text with the letters that a character set lacks spelled in Latin ones."""
    return "".join(one if fits(one, term) else anyascii(one) for one in value)
