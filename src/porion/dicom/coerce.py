"""Served copies: a data set under the demographics of the register, the rest of its bytes as they are.

What was there before stands in the Original Attributes Sequence (PS3.3 section C.12.1.1.9).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from porion.dicom.charset import character_set
from porion.dicom.elements import UnreadableDicom
from porion.dicom.encode import (
    UNICODE,
    codec_of,
    encode_values,
    fits,
    has_only_ascii,
    head,
    is_plain,
    letters_of,
)
from porion.dicom.header import read_header
from porion.dicom.syntax import UNDEFINED, encoding_of
from porion.dicom.vr import public_vr

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from porion.dicom.syntax import Encoding

_CHARACTER_SETS = 0x00080005
_NAME, _ID, _ISSUER, _BIRTH_DATE, _SEX = 0x00100010, 0x00100020, 0x00100021, 0x00100030, 0x00100040
_ORIGINAL_ATTRIBUTES = 0x04000561
_ITEM, _ITEM_END, _SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
_TEXTS = frozenset((_NAME, _ID, _ISSUER))
_DEEPEST = 32


@dataclass(frozen=True, slots=True)
class Demographics:
    """Who a patient is by the register; what is empty is not known there, and stays as it was.

    ``name`` is the alphabetic group, ``birth_date`` YYYYMMDD.
    """

    name: str
    patient_id: str
    issuer: str = ""
    birth_date: str = ""
    sex: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    """An element at the top of a data set: where its head begins, its value, and where the next begins."""

    tag: int
    vr: str
    begin: int
    value: int
    value_end: int
    end: int


def coerced(
    view: memoryview, transfer_syntax: str, person: Demographics, at: datetime
) -> list[bytes | memoryview]:
    """The data set in pieces, under these demographics; one piece, as it is, when it says so already.

    ``view`` begins with the data set. UnreadableDicom when its elements cannot be told apart.
    """
    encoding = encoding_of(transfer_syntax)
    try:
        places = {one.tag: one for one in _top(view, encoding)}
    except struct.error as error:
        raise UnreadableDicom("the data set ends within an element") from error
    wanted = _differing(view, places, person)
    if not wanted:
        return [view]
    term, new_term = _character_set(view, places, wanted)
    written = {tag: _written(tag, text, term, encoding) for tag, text in wanted.items()}
    changed = [*wanted, *([_CHARACTER_SETS] if new_term else [])]
    if new_term:
        written[_CHARACTER_SETS] = _written(_CHARACTER_SETS, new_term, term, encoding)
    item = _original_item(view, places, sorted(changed), at, encoding)
    written[_ORIGINAL_ATTRIBUTES] = _with_item(view, places.get(_ORIGINAL_ATTRIBUTES), item, encoding)
    return list(_spliced(view, places, written))


def _top(view: memoryview, encoding: Encoding) -> Iterator[_Place]:
    """The elements at the top, up to where the last one to be changed may stand."""
    at = before = 0
    while at < len(view):
        tag, vr, value, length = encoding.head(view, at)
        if tag > _ORIGINAL_ATTRIBUTES:
            return
        if tag <= before:
            raise UnreadableDicom("its elements are not in ascending order")
        before = tag
        vr = vr or public_vr(tag) or "UN"
        if length == UNDEFINED:
            value_end, end = _end_of_items(view, encoding, value, 0)
        else:
            value_end = end = value + length
        if end > len(view):
            raise UnreadableDicom("an element is longer than the data set")
        yield _Place(tag, vr, at, value, value_end, end)
        at = end


def _end_of_items(view: memoryview, encoding: Encoding, at: int, depth: int) -> tuple[int, int]:
    """Where the items of a sequence of undefined length end, and where what follows it begins."""
    if depth > _DEEPEST:
        raise UnreadableDicom("sequences are nested too deep")
    while True:
        group, number, length = encoding.item(view, at)
        mark = group << 16 | number
        if mark == _SEQUENCE_END:
            return at, at + 8
        if mark != _ITEM:
            raise UnreadableDicom("a sequence holds what is no item")
        at += 8
        at = _end_of_item(view, encoding, at, depth) if length == UNDEFINED else at + length


def _end_of_item(view: memoryview, encoding: Encoding, at: int, depth: int) -> int:
    while True:
        group, number, _ = encoding.item(view, at)
        if group << 16 | number == _ITEM_END:
            return at + 8
        _, _, value, length = encoding.head(view, at)
        at = _end_of_items(view, encoding, value, depth + 1)[1] if length == UNDEFINED else value + length


def _differing(view: memoryview, places: Mapping[int, _Place], person: Demographics) -> dict[int, str]:
    """What is to be written, by tag: where the register knows better."""
    held = _held(view, places)
    wanted = {
        _NAME: person.name,
        _ID: person.patient_id,
        _BIRTH_DATE: person.birth_date,
        _SEX: person.sex,
    }
    differing = {
        tag: text for tag, text in wanted.items() if text and text != _compared(tag, held.get(tag, ""))
    }
    if (_ID in differing or person.issuer) and person.issuer != held.get(_ISSUER, ""):
        # An issuer that nobody knows is no longer that of the first ID.
        differing[_ISSUER] = person.issuer
    return differing


def _held(view: memoryview, places: Mapping[int, _Place]) -> dict[int, str]:
    charset = character_set(_terms(view, places))
    return {
        tag: charset.decode(bytes(view[one.value : one.value_end]), name=tag == _NAME)[0].strip(" \0")
        for tag, one in places.items()
        if tag in (_NAME, _ID, _ISSUER, _BIRTH_DATE, _SEX)
    }


def _compared(tag: int, text: str) -> str:
    # Ideographic and phonetic groups, which the register does not keep, are nothing to be corrected.
    return text.partition("=")[0].rstrip("^ ") if tag == _NAME else text


def _terms(view: memoryview, places: Mapping[int, _Place]) -> tuple[str, ...]:
    place = places.get(_CHARACTER_SETS)
    if place is None:
        return ()
    text = bytes(view[place.value : place.value_end]).decode("ascii", "replace")
    return tuple(part.strip(" \0") for part in text.split("\\")) if text.strip(" \0") else ()


def _character_set(view: memoryview, places: Mapping[int, _Place], wanted: dict[int, str]) -> tuple[str, str]:
    """The set to write in, and the term to state when it is another than the file's.

    UTF-8 where nothing but ASCII was written before; else, what the file's set lacks is spelled in Latin
    letters, in place.
    """
    terms = _terms(view, places)
    texts = [text for tag, text in wanted.items() if tag in _TEXTS]
    own = terms[0] if len(terms) == 1 and is_plain(terms[0]) else ""
    if all(fits(text, own) for text in texts):
        return own, ""
    with view[:] as whole:
        if has_only_ascii(read_header(whole).data_set):
            return UNICODE, UNICODE
    for tag in _TEXTS & set(wanted):
        wanted[tag] = letters_of(wanted[tag], own)
    return own, ""


def _written(tag: int, text: str, term: str, encoding: Encoding) -> bytes:
    vr = public_vr(tag) or "LO"
    value = encode_values(vr, (text,) if text else (), encoding.order, codec_of(term))
    return head(tag, vr, len(value), encoding) + value


def _original_item(
    view: memoryview, places: Mapping[int, _Place], changed: list[int], at: datetime, encoding: Encoding
) -> bytes:
    """An item that keeps the values before, byte for byte."""
    kept = b"".join(_kept(view, places.get(tag), tag, encoding) for tag in changed)
    modified = _item(kept, encoding)
    parts = (
        head(0x04000550, "SQ", len(modified), encoding) + modified,
        _written(0x04000562, at.strftime("%Y%m%d%H%M%S.%f%z"), "", encoding),
        _written(0x04000563, "Porion", "", encoding),
        _written(0x04000564, "", "", encoding),
        _written(0x04000565, "COERCE", "", encoding),
    )
    return _item(b"".join(parts), encoding)


def _kept(view: memoryview, place: _Place | None, tag: int, encoding: Encoding) -> bytes:
    if place is not None and place.value_end == place.end:
        return bytes(view[place.begin : place.end])
    return head(tag, public_vr(tag) or "LO", 0, encoding)


def _item(content: bytes, encoding: Encoding) -> bytes:
    return struct.pack(encoding.order + "HHI", _ITEM >> 16, _ITEM & 0xFFFF, len(content)) + content


def _with_item(view: memoryview, place: _Place | None, item: bytes, encoding: Encoding) -> bytes:
    before = bytes(view[place.value : place.value_end]) if place is not None else b""
    return head(_ORIGINAL_ATTRIBUTES, "SQ", len(before) + len(item), encoding) + before + item


def _spliced(
    view: memoryview, places: Mapping[int, _Place], written: dict[int, bytes]
) -> Iterator[bytes | memoryview]:
    """The data set with what was written in its place; the group lengths of its groups are left out."""
    groups = {tag >> 16 for tag in written}
    waiting = sorted(written)
    start = at = 0
    for tag, place in sorted(places.items()):
        while waiting and waiting[0] < tag:
            yield view[start:at]
            yield written[waiting.pop(0)]
            start = at
        replaced = bool(waiting) and waiting[0] == tag
        if replaced or (not tag & 0xFFFF and tag >> 16 in groups):
            yield view[start : place.begin]
            if replaced:
                yield written[waiting.pop(0)]
            start = place.end
        at = place.end
    yield view[start:at]
    for tag in waiting:
        yield written[tag]
    yield view[at:]
