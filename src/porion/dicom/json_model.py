"""Elements for other programs (DICOM JSON Model, PS3.18 annex F) and for people (rows of a tag list)."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any

from pydicom.datadict import dictionary_description, dictionary_has_tag

from porion.dicom.elements import Element, Elements, Header, Value, to_decimal
from porion.dicom.problems import Place, path_of, tag_text
from porion.dicom.vr import BYTES, creator_tag, is_private_creator, private_entry
from porion.dicom.walk import PIXELS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SHORT = 256
_GROUPS = ("Alphabetic", "Ideographic", "Phonetic")
_SAFE_INTEGER = 1 << 53  # beyond it JavaScript rounds; PS3.18 table F.2.3-1 allows a string instead


BULK_AT = "porion-bulk:"
"""What stands in metadata for the address of an instance's bulk data."""


def to_dicom_json(elements: Elements, bulk: str | None = None) -> dict[str, Any]:
    """The DICOM JSON Model of a data set, keyed by eight hexadecimal digits (PS3.18 section F.2).

    Bulk data over 64 KiB is left out altogether, since an element without a value would say that it
    is empty; so are group lengths (section F.2.2). With ``bulk``, the beginning of an address, bulk data
    is pointed to instead, pixel data of any length too. DS and IS are numbers where the text is one,
    else the text as it stands.
    """
    return {
        f"{element.tag:08X}": _attribute(element, bulk)
        for element in elements.values()
        if element.tag & 0xFFFF and (bulk is not None or not _is_bulk(element))
    }


def to_metadata(header: Header) -> dict[str, Any]:
    """What an instance says without its bulk data (PS3.18 section 10.4.1.1.2): that has an address each."""
    syntax = {"vr": "UI", "Value": [header.transfer_syntax]}
    return {**to_dicom_json(header.data_set, BULK_AT), "00083002": syntax}


def _is_bulk(element: Element) -> bool:
    return element.vr in BYTES and element.length > 0 and not element.values


def _attribute(element: Element, bulk: str | None) -> dict[str, Any]:
    attribute: dict[str, Any] = {"vr": element.vr}
    if element.vr == "SQ":
        attribute["Value"] = list(_items(element, bulk))
    elif bulk is not None and element.length and (element.tag in PIXELS or _is_bulk(element)):
        attribute["BulkDataURI"] = f"{bulk}{element.tag:08X}"
    elif element.values and isinstance(element.values[0], bytes):
        attribute["vr"] = element.vr if element.vr in BYTES else "UN"
        attribute["InlineBinary"] = b64encode(element.values[0]).decode("ascii")
    elif element.values:
        attribute["Value"] = [_value(element.vr, value) for value in element.values]
    return attribute


def _items(element: Element, bulk: str | None) -> Iterator[dict[str, Any]]:
    for number, item in enumerate(element.items):
        yield to_dicom_json(item, None if bulk is None else f"{bulk}{element.tag:08X}.{number}.")


def _value(vr: str, value: Value) -> object:
    """One value; an empty one among several is null (PS3.18 section F.2.5)."""
    if value == "":
        return None
    if isinstance(value, str):
        return _TEXTS.get(vr, str)(value)
    if isinstance(value, float) and not isfinite(value):
        return str(value).replace("nan", "NaN")
    if isinstance(value, int):
        if vr == "AT":
            return f"{value:08X}"
        return value if abs(value) <= _SAFE_INTEGER else str(value)
    return value


def _person_name(value: str) -> dict[str, str]:
    """The component groups that are filled (PS3.18 section F.2.2)."""
    return {key: group for key, group in zip(_GROUPS, value.split("="), strict=False) if group}


def _number(text: str) -> int | float | str:
    """The number that the digits stand for, or the text itself when they stand for none."""
    number = to_decimal(text)
    if number is None or "," in text or "_" in text:
        return text
    if number == number.to_integral_value() and abs(number) <= _SAFE_INTEGER:
        return int(number)
    return float(number) if isfinite(float(number)) else text


_TEXTS: dict[str, Callable[[str], object]] = {"PN": _person_name, "DS": _number, "IS": _number}


@dataclass(frozen=True, slots=True)
class TagRow:
    """One line of a tag list; ``depth`` counts the sequences around it."""

    path: str
    tag: str
    keyword: str
    name: str
    vr: str
    value: str
    private: bool
    depth: int


def readable_rows(elements: Elements) -> list[TagRow]:
    """All elements in the order of the file, each sequence followed by its items' elements."""
    return list(_rows(elements, None, 0))


def _rows(elements: Elements, place: Place | None, depth: int) -> Iterator[TagRow]:
    for element in elements.values():
        yield TagRow(
            path=path_of(place, element.tag),
            tag=tag_text(element.tag),
            keyword=element.keyword,
            name=_name(element, elements),
            vr=element.vr,
            value=_readable(element),
            private=bool(element.tag & 0x10000),
            depth=depth,
        )
        for n, item in enumerate(element.items):
            yield from _rows(item, (place, element.tag, n), depth + 1)


def _name(element: Element, siblings: Elements) -> str:
    """The name of PS3.6 or, by its creator, of the private dictionaries; else an empty string."""
    if is_private_creator(element.tag):
        return "Private Creator"
    if element.tag & 0x10000:
        creator = siblings.get(creator_tag(element.tag))
        entry = private_entry(element.tag, str(creator.values[0])) if creator and creator.values else None
        return entry[2] if entry else ""
    return dictionary_description(element.tag) if dictionary_has_tag(element.tag) else ""


def _readable(element: Element) -> str:
    """The value for people, at most 256 characters."""
    if element.vr == "SQ":
        return f"{len(element.items)} item{'' if len(element.items) == 1 else 's'}"
    if not element.values:
        return f"({element.length} bytes)" if element.length else ""
    if isinstance(element.values[0], bytes):
        text = element.values[0][:_SHORT].hex(" ")
    elif element.vr == "AT":
        text = "\\".join(tag_text(int(value)) for value in element.values[:_SHORT])
    else:
        text = "\\".join(str(value) for value in element.values[:_SHORT])
    return text if len(text) <= _SHORT else text[: _SHORT - 1] + "…"
