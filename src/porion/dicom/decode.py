"""Values from bytes: what the walk found becomes :class:`Elements`, odd values listed on the way.

PS3.5 section 6.2. Values are kept as they were written (``161.3`` in an IS stays ``161.3``); a value
that cannot be read is left empty, and a problem says why.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from porion.dicom.charset import DEFAULT_REPERTOIRE, CharacterSet, character_set
from porion.dicom.elements import Element, Elements, Value, parse_date, to_decimal
from porion.dicom.problems import Place, Problems, shown
from porion.dicom.vr import BYTES, CHARACTER_SET_VRS, MULTI_TEXT, NUMBERS, SIGNED_OR_NOT, SINGLE_TEXT

if TYPE_CHECKING:
    from collections.abc import Callable

    from porion.dicom.limits import Limits
    from porion.dicom.walk import RawElement, RawElements, RawItem

_CHARACTER_SETS = 0x00080005
_PIXEL_REPRESENTATION = 0x00280103
_PADDING = " \0"
# Bytes: a series repeats its short values in hundreds of slices, long ones are seldom the same.
_REMEMBERED = 128
_MOST_REMEMBERED = 4096

Values = tuple[Value, ...]
# Tag, stated VR, offset and length of a value.
_Where = tuple[int, str, int, int]
# Elements without a problem by tag, stated VR and bytes, each with the single values that it counts for.
_Known = dict[tuple[int, str, bytes], tuple[Element, int]]


@dataclass(frozen=True, slots=True)
class Setting:
    """What values depend on beside their own bytes.

    ``order`` is the byte order (``<`` or ``>``). ``charset`` and ``signed`` are inherited by items
    (PS3.5 section 7.5.3; pixel representation: PS3.3 section C.7.6.3.1).
    """

    order: str = "<"
    place: Place | None = None
    charset: CharacterSet = DEFAULT_REPERTOIRE
    signed: bool = False


class Decoder:
    """Decodes what one :class:`~porion.dicom.walk.Walk` found in the same buffer."""

    __slots__ = ("_kept_left", "_limits", "_problems", "_values_left", "_view")

    def __init__(self, view: memoryview, limits: Limits, problems: Problems) -> None:
        self._view = view
        self._limits = limits
        self._problems = problems
        self._values_left = limits.values
        self._kept_left = limits.kept

    def data_set(self, found: RawElements, outer: Setting) -> Elements:
        """The elements of a data set or item, in ascending order."""
        setting = self._setting(found, outer)
        known = _known(setting.order, setting.charset, setting.signed)
        short = min(_REMEMBERED, self._limits.bulk)
        elements: dict[int, Element] = {}
        for tag, vr, start, length, items in found.values():
            if items is not None:
                elements[tag] = Element(tag, vr, (), self._items(tag, items, setting), length)
            elif length <= short:
                elements[tag] = self._short_element((tag, vr, start, length), setting, known)
            else:
                elements[tag] = self._element((tag, vr, start, length), setting)
        tags = list(elements)
        ascending = sorted(tags)
        return Elements(elements if tags == ascending else {tag: elements[tag] for tag in ascending})

    def _short_element(self, where: _Where, setting: Setting, known: _Known) -> Element:
        """An element that is decoded once for all the files that repeat its bytes.

        What had a problem is decoded anew each time, since the problem belongs to the file.
        """
        tag, vr, start, length = where
        key = (tag, vr, self._view[start : start + length].tobytes())
        element, values = known.get(key, (None, 0))
        if element is not None and values <= self._values_left and length <= self._kept_left:
            self._values_left -= values
            self._kept_left -= length
            return element
        noted, left = self._problems.noted, self._values_left
        element = self._element(where, setting)
        if self._problems.noted == noted:
            if len(known) >= _MOST_REMEMBERED:
                known.clear()
            known[key] = (element, left - self._values_left)
        return element

    def _element(self, where: _Where, setting: Setting) -> Element:
        tag, vr, start, length = where
        final = _settled(vr, setting)
        if length == 0:
            return Element(tag, final, (), (), 0)
        self._kept_left -= length
        if length <= self._limits.bulk and self._kept_left >= 0:
            values = self._values(tag, final, self._view[start : start + length].tobytes(), setting)
        else:
            values = self._left_out(tag, final, length, setting)
        return Element(tag, final, values, (), length)

    def _items(self, tag: int, items: list[RawItem], outer: Setting) -> tuple[Elements, ...]:
        return tuple(
            self.data_set(item, Setting(order, (outer.place, tag, n), outer.charset, outer.signed))
            for n, (item, order) in enumerate(items)
        )

    def _setting(self, found: RawElements, outer: Setting) -> Setting:
        """The outer setting, changed by what this data set itself says."""
        terms, pixels = self._short(found.get(_CHARACTER_SETS)), self._short(found.get(_PIXEL_REPRESENTATION))
        charset = outer.charset
        if terms:
            charset = character_set(
                tuple(term.strip(_PADDING) for term in terms.decode("latin-1").split("\\")),
                outer.charset.really,
            )
            for reason in charset.problems:
                self._problems.add(reason, _CHARACTER_SETS, outer.place)
        signed = any(pixels) if len(pixels) == 2 else outer.signed
        return Setting(outer.order, outer.place, charset, signed)

    def _short(self, raw: RawElement | None) -> bytes:
        """The bytes of a value that is there, may be read, and is no longer than such values are."""
        if raw is None or raw[4] is not None or raw[3] > 256:
            return b""
        return self._view[raw[2] : raw[2] + raw[3]].tobytes()

    def _left_out(self, tag: int, vr: str, length: int, setting: Setting) -> Values:
        """No values for bulk data, which counts as nothing kept."""
        self._kept_left += length
        if length <= self._limits.bulk:
            self._problems.add(f"more than {self._limits.kept} bytes of values; not read", tag, setting.place)
        elif vr not in BYTES:
            self._problems.add(f"{length} bytes of {vr} are too many to keep", tag, setting.place)
        return ()

    def _values(self, tag: int, vr: str, raw: bytes, setting: Setting) -> Values:
        if vr in MULTI_TEXT:
            return self._multi_text(tag, vr, raw, setting)
        if vr in NUMBERS:
            return self._numbers(tag, vr, raw, setting)
        if vr in BYTES:
            return (raw,)
        if vr in SINGLE_TEXT:
            text = self._text(tag, vr, raw, setting).rstrip(_PADDING)
            return self._without_zeros((text,), tag, setting) if text else ()
        if vr == "AT":
            return self._tags(tag, raw, setting)
        self._problems.add(f"unknown VR {shown(vr)}; kept as bytes", tag, setting.place)
        return (raw,)

    def _text(self, tag: int, vr: str, raw: bytes, setting: Setting) -> str:
        """The text of the whole value field; what is not plain ASCII goes by the character set."""
        if raw.isascii() and b"\x1b" not in raw:
            return raw.decode()
        escapes = raw.count(b"\x1b")
        if escapes and not self._afford(escapes, tag, setting):
            return ""
        text, reason = setting.charset.decode(raw, name=vr == "PN")
        if vr not in CHARACTER_SET_VRS:
            reason = reason or f"holds characters that {vr} does not allow"
        if reason:
            self._problems.add(reason, tag, setting.place)
        return text

    def _multi_text(self, tag: int, vr: str, raw: bytes, setting: Setting) -> Values:
        text = self._text(tag, vr, raw, setting).strip(_PADDING)
        if not text:
            return ()
        values: tuple[str, ...] = (text,)
        if "\\" in text:
            parts = text.split("\\")
            if not self._afford(len(parts), tag, setting):
                return ()
            values = tuple(part.strip(_PADDING) for part in parts)
        if "\0" in text:
            values = self._without_zeros(values, tag, setting)
        check = _CHECKS.get(vr)
        if check is not None:
            for value in values:
                reason = check(value) if value else None
                if reason:
                    self._problems.add(f"{shown(value)} {reason}", tag, setting.place)
        return values

    def _without_zeros(self, values: tuple[str, ...], tag: int, setting: Setting) -> tuple[str, ...]:
        """Zero bytes within a value become spaces: databases and JSON readers choke on them."""
        if not any("\0" in value for value in values):
            return values
        self._problems.add("a zero byte within the text is read as a space", tag, setting.place)
        return tuple(value.replace("\0", " ") for value in values)

    def _numbers(self, tag: int, vr: str, raw: bytes, setting: Setting) -> Values:
        letter, size = NUMBERS[vr]
        count, rest = divmod(len(raw), size)
        if rest:
            self._problems.add(f"{len(raw)} bytes are no whole number of {vr} values", tag, setting.place)
        if count > 1 and not self._afford(count, tag, setting):
            return ()
        return _unpacker(setting.order, letter, count)(raw)

    def _tags(self, tag: int, raw: bytes, setting: Setting) -> Values:
        count, rest = divmod(len(raw), 4)
        if rest:
            self._problems.add(f"{len(raw)} bytes are no whole number of tags", tag, setting.place)
        if not self._afford(count, tag, setting):
            return ()
        halves = _unpacker(setting.order, "H", 2 * count)(raw)
        return tuple(group << 16 | element for group, element in zip(halves[::2], halves[1::2], strict=True))

    def _afford(self, count: int, tag: int, setting: Setting) -> bool:
        """Whether that many single values may still be kept."""
        self._values_left -= count
        if self._values_left < 0:
            self._problems.add("more values than one file may have; not read", tag, setting.place)
        return self._values_left >= 0


@lru_cache(maxsize=16)
def _known(order: str, charset: CharacterSet, signed: bool) -> _Known:
    """What was decoded so far in such a setting: values depend on nothing else but their bytes."""
    del order, charset, signed
    return {}


@lru_cache(maxsize=1024)
def _unpacker(order: str, letter: str, count: int) -> Callable[[bytes], tuple[Any, ...]]:
    return struct.Struct(f"{order}{count}{letter}").unpack_from


def _settled(vr: str, setting: Setting) -> str:
    if vr != SIGNED_OR_NOT:
        return vr
    return "SS" if setting.signed else "US"


def _check_date(value: str) -> str | None:
    """PS3.5 table 6.2-1, DA; the point-separated form of ACR-NEMA is repaired by every reader of it."""
    return None if parse_date(value) else "is not a date"


def _check_whole(value: str) -> str | None:
    if value.isdigit() or value.lstrip("+-").isdigit():
        return None
    return "is not a whole number, as IS must be" if _check_decimal(value) is None else "is not a number"


def _check_decimal(value: str) -> str | None:
    if value.isdigit():
        return None
    if value.strip("0123456789+-.eE"):
        return "is written with a decimal comma" if to_decimal(value) is not None else "is not a number"
    return None if to_decimal(value) is not None else "is not a number"


def _check_uid(value: str) -> str | None:
    return "is not a UID" if value.strip("0123456789.") or len(value) > 64 else None


def _check_time(value: str) -> str | None:
    return "is not a time" if value.strip("0123456789.:") else None


def _check_moment(value: str) -> str | None:
    return "is not a date and time" if value.strip("0123456789.+-") else None


# What a value of these VRs must look like (PS3.5 table 6.2-1); the reason when it does not.
_CHECKS: dict[str, Callable[[str], str | None]] = {
    "DA": _check_date,
    "DS": _check_decimal,
    "DT": _check_moment,
    "IS": _check_whole,
    "TM": _check_time,
    "UI": _check_uid,
}
