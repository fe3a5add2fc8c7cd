"""A data set as frozen values: elements, items and the header that the rest of Porion reads.

Nothing here reads bytes (``header.py`` does) and nothing here decides. Attributes are named by the
keywords of PS3.6, so that ``header.text("ProtocolName")`` reads like the standard.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from pydicom.datadict import keyword_dict, keyword_for_tag

if TYPE_CHECKING:
    from porion.dicom.habits import Habits
    from porion.dicom.problems import Problem

Value = str | int | float | bytes


class UnreadableDicom(Exception):
    """The bytes are not a DICOM data set that Porion can read; the message says why."""


class NotDicom(UnreadableDicom):
    """The bytes do not look like DICOM at all."""


@dataclass(frozen=True, slots=True)
class Element:
    """One data element (PS3.5 section 7.1).

    ``values`` holds decoded, unpadded text for every character VR (DS and IS stay text: their digits
    are evidence), int for US SS UL SL UV SV and AT, float for FL FD, bytes for OB OW OF OD OL OV UN
    of at most 64 KiB. It is empty for an empty or unreadable value and for bulk data; ``length`` is
    the length in the file all the same. ``items`` holds a sequence's items.
    """

    tag: int
    vr: str
    values: tuple[Value, ...] = ()
    items: tuple[Elements, ...] = ()
    length: int = 0

    @property
    def keyword(self) -> str:
        """The keyword of PS3.6, or an empty string for a private or unknown attribute."""
        return keyword_for_tag(self.tag)


def tag_of(keyword: str) -> int:
    """The tag of a PS3.6 keyword; KeyError for a word that is not one."""
    return keyword_dict[keyword]


def to_decimal(value: Value) -> Decimal | None:
    """A finite number from a DS, IS or binary value, or None; a decimal comma is read as a point.

    Exponents beyond those of FD (400) are no measurement: computing with them would take for ever.
    """
    if isinstance(value, bytes):
        return None
    try:
        number = Decimal(str(value).strip().replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) <= 400 else None


class Elements(Mapping[int, Element]):
    """An immutable data set or item: tag → :class:`Element`, in ascending order, read by keyword."""

    __slots__ = ("_by_tag",)

    def __init__(self, by_tag: Mapping[int, Element] | None = None) -> None:
        self._by_tag = dict(by_tag or {})

    def __getitem__(self, tag: int) -> Element:
        return self._by_tag[tag]

    def __iter__(self) -> Iterator[int]:
        return iter(self._by_tag)

    def __len__(self) -> int:
        return len(self._by_tag)

    def element(self, keyword: str) -> Element | None:
        """The element of that keyword, or None."""
        return self._by_tag.get(keyword_dict[keyword])

    def values(self) -> Iterator[Element]:  # type: ignore[override]
        """The elements in ascending order of tag."""
        return iter(self._by_tag.values())

    def texts(self, keyword: str) -> tuple[str, ...]:
        """All values as text, empty ones kept in their place."""
        found = self._by_tag.get(keyword_dict[keyword])
        return tuple(str(v) for v in found.values if not isinstance(v, bytes)) if found else ()

    def text(self, keyword: str) -> str | None:
        """The first value as text, None when missing or empty."""
        first = self._first(keyword)
        return None if first is None or isinstance(first, bytes) else str(first) or None

    def numbers(self, keyword: str) -> tuple[Decimal | None, ...]:
        """All values as exact decimals; None where a value is not a finite number."""
        found = self._by_tag.get(keyword_dict[keyword])
        return tuple(to_decimal(v) for v in found.values) if found else ()

    def number(self, keyword: str) -> Decimal | None:
        """The first value as an exact decimal, None when missing or not a finite number."""
        first = self._first(keyword)
        return None if first is None else to_decimal(first)

    def integer(self, keyword: str) -> int | None:
        """The first value as an int, None when missing or not whole."""
        first = self._first(keyword)
        if first is None or isinstance(first, int):
            return first
        number = to_decimal(first)
        return int(number) if number is not None and number == number.to_integral_value() else None

    def items_of(self, keyword: str) -> tuple[Elements, ...]:
        """The items of a sequence, empty when the sequence is missing."""
        found = self._by_tag.get(keyword_dict[keyword])
        return found.items if found else ()

    def without(self, tags: Container[int]) -> dict[int, Element]:
        """All elements but those, quickly compared with those of another data set."""
        return {tag: one for tag, one in self._by_tag.items() if tag not in tags}

    def _first(self, keyword: str) -> Value | None:
        found = self._by_tag.get(keyword_dict[keyword])
        return found.values[0] if found and found.values else None


@dataclass(frozen=True, slots=True)
class PixelData:
    """Where pixel data lies in the file; never the pixels themselves (PS3.5 section 8)."""

    offset: int
    length: int | None
    encapsulated: bool


@dataclass(frozen=True, slots=True)
class Header:
    """Everything in a DICOM file but its pixels.

    ``transfer_syntax`` is the one the data set is really written in, which a wrong file meta group
    may contradict (then a problem says so). ``data_set_offset`` is where the data set's bytes begin
    in the file: what comes before (preamble, file meta) is not part of the data set.
    """

    data_set: Elements
    file_meta: Elements
    transfer_syntax: str
    data_set_offset: int
    size: int
    character_sets: tuple[str, ...] = ()
    pixel_data: PixelData | None = None
    has_preamble: bool = False
    problems: tuple[Problem, ...] = field(default=())
    habits: Habits = field(kw_only=True)

    def text(self, keyword: str) -> str | None:
        """See :meth:`Elements.text`."""
        return self.data_set.text(keyword)

    def texts(self, keyword: str) -> tuple[str, ...]:
        """See :meth:`Elements.texts`."""
        return self.data_set.texts(keyword)

    def number(self, keyword: str) -> Decimal | None:
        """See :meth:`Elements.number`."""
        return self.data_set.number(keyword)

    def numbers(self, keyword: str) -> tuple[Decimal | None, ...]:
        """See :meth:`Elements.numbers`."""
        return self.data_set.numbers(keyword)

    def integer(self, keyword: str) -> int | None:
        """See :meth:`Elements.integer`."""
        return self.data_set.integer(keyword)

    def items_of(self, keyword: str) -> tuple[Elements, ...]:
        """See :meth:`Elements.items_of`."""
        return self.data_set.items_of(keyword)


def parse_date(text: str | None) -> date | None:
    """A calendar date from a DA value (PS3.5 table 6.2-1; ``YYYY.MM.DD`` and ``YYYY-MM-DD`` too), or None."""
    digits = (text or "").strip().replace(".", "").replace("-", "")[:8]
    if len(digits) != 8 or not (digits.isascii() and digits.isdigit()):
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
