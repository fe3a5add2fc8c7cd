"""What devices say about the exposure outside the standard's attributes: comments and private texts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from porion.dicom.elements import Element, Elements, Header, tag_of
from porion.dicom.problems import tag_text
from porion.dicom.units import Quantity, Reading

if TYPE_CHECKING:
    from collections.abc import Iterator

_NUMBER = r"(?P<number>[^\s,;<>\"'\x00]{1,64})"


@dataclass(frozen=True, slots=True)
class PrivatePlace:
    """A private element (PS3.5 section 7.8): ``element`` is its low byte within the creator's block.

    With an empty ``creator`` the element number is taken whole, for devices that reserve no block.
    """

    group: int
    element: int
    creator: str = ""


@dataclass(frozen=True, slots=True)
class VendorRule:
    """One place where a device writes one quantity.

    The pattern has a group ``number`` and, where the text states the unit, a group ``unit``; else
    ``unit`` says what the device means by it, and is empty when nobody knows.
    """

    name: str
    device: str
    place: str | PrivatePlace
    quantity: Quantity
    pattern: re.Pattern[str]
    unit: str
    source: str


_NNT = PrivatePlace(0x0019, 0x29, "NNT")
_NNT_FILE = "key=value text of PX-Im-NewTom_Go.dcm"


def _nnt_key(key: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|,){key}={_NUMBER}")


VENDOR_RULES: tuple[VendorRule, ...] = (
    VendorRule(
        "morita-image-comments",
        "Morita Accuitomo 170",
        "ImageComments",
        "dap_mgycm2",
        re.compile(
            r"\bDAP\s*[:=]\s*(?P<number>[-+\d.,eE]{1,64}?)\s*(?P<unit>[dcmuµμ]?Gy[\s.*·]?c?m[\^]?[2²])"
        ),
        "",
        "DAP:<n>mGycm2, dental faculty's header script",
    ),
    VendorRule(
        "newtom-dap",
        "NewTom GO (NNT)",
        _NNT,
        "dap_mgycm2",
        _nnt_key("DAP"),
        "mGy.cm2",
        f"{_NNT_FILE}: DAP=81 beside 0.81 dGy.cm2 in (0018,115E)",
    ),
    VendorRule("newtom-kv", "NewTom GO (NNT)", _NNT, "kvp", _nnt_key("tech_fact_kV"), "kV", _NNT_FILE),
    VendorRule("newtom-ma", "NewTom GO (NNT)", _NNT, "tube_ma", _nnt_key("tech_fact_mA"), "mA", _NNT_FILE),
    VendorRule("newtom-s", "NewTom GO (NNT)", _NNT, "time_ms", _nnt_key("tech_fact_s"), "s", _NNT_FILE),
    VendorRule(
        "gendex-dose",
        "Gendex CBCT",
        PrivatePlace(0x000D, 0x1000),
        "dap_mgycm2",
        re.compile(r"""\bdose\s*=\s*(["'])(?P<number>[^"'<>]{0,64})\1"""),
        "mGy.cm2",
        "XML attribute dose, public survey script get_serie_ssm_data_from_gendex_dicom_files",
    ),
    VendorRule(
        "icat-dap-values",
        "i-CAT 17-19 (Imaging Sciences)",
        PrivatePlace(0x0019, 0x2002),
        "dap_mgycm2",
        re.compile(r"<DAPValues>(?P<number>[^<]{0,64})</DAPValues>"),
        "",
        "<DAPValues>a^b</DAPValues> in a real slice; neither the unit nor which of the two is stated",
    ),
)


def vendor_readings(header: Header) -> Iterator[Reading]:
    """What the rules of ``VENDOR_RULES`` find in the header, in the order of the table."""
    for rule in VENDOR_RULES:
        for element in _elements_at(header.data_set, rule.place):
            found = rule.pattern.search(_text_of(element))
            if found:
                yield _reading(rule, element.tag, found)


def _reading(rule: VendorRule, tag: int, found: re.Match[str]) -> Reading:
    stated = found.groupdict().get("unit")
    return Reading(
        quantity=rule.quantity,
        raw_text=found["number"].strip(),
        raw_unit=stated or rule.unit,
        unit_status="stated" if stated else "device_setting",
        source="private",
        tag=tag_text(tag),
        rule=rule.name,
    )


def _elements_at(data_set: Elements, place: str | PrivatePlace) -> Iterator[Element]:
    for tag in _tags_of(data_set, place):
        element = data_set.get(tag)
        if element is not None:
            yield element


def _tags_of(data_set: Elements, place: str | PrivatePlace) -> Iterator[int]:
    if isinstance(place, str):
        yield tag_of(place)
    elif not place.creator:
        yield place.group << 16 | place.element
    else:
        yield from (tag & ~0xFFFF | (tag & 0xFF) << 8 | place.element for tag in _blocks_of(data_set, place))


def _blocks_of(data_set: Elements, place: PrivatePlace) -> Iterator[int]:
    first = place.group << 16 | 0x10
    for tag in data_set:
        if first <= tag <= first | 0xFF and _text_of(data_set[tag]).strip() == place.creator:
            yield tag


def _text_of(element: Element) -> str:
    parts = (v.decode("latin-1") if isinstance(v, bytes) else str(v) for v in element.values)
    return "\\".join(parts).rstrip("\x00 ")
