"""Teeth in ISO 3950 (FDI) numbers and the side of an image, from a header."""

from __future__ import annotations

import re
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from porion.dicom.codes import Code, codes_in
from porion.dicom.keywords import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from porion.dicom.elements import Elements, Header

# PS3.16 CID 4018 and 4019: ISO 3950 number, SNOMED CT codes (current, then retired), SNOMED RT codes.
TOOTH_CODES: tuple[tuple[int, str, str], ...] = (
    (11, "422653006 22120004", "T-54282 T-54280"),
    (12, "424877001 11712009", "T-54272 T-54270"),
    (13, "860767006 80647007", "T-54260"),
    (14, "57826002", "T-54250"),
    (15, "36492000", "T-54240"),
    (16, "865995000 5140004", "T-54230"),
    (17, "863902006 7121006", "T-54220"),
    (18, "68085002", "T-54210"),
    (21, "424399000 31982000", "T-54292 T-54290"),
    (22, "423185002 25748002", "T-54302 T-54300"),
    (23, "860780009 72876007", "T-54310"),
    (24, "61897005", "T-54320"),
    (25, "23226009", "T-54330"),
    (26, "865988009 23427002", "T-54340"),
    (27, "863901004 66303006", "T-54350"),
    (28, "87704003", "T-54360"),
    (31, "425106001 113278005", "T-54442 T-54440"),
    (32, "423331005 77130001", "T-54432 T-54430"),
    (33, "860782001 39844006", "T-54420"),
    (34, "2400006", "T-54410"),
    (35, "24573005", "T-54400"),
    (36, "866006002 89625000", "T-54390"),
    (37, "863898000 48402004", "T-54380"),
    (38, "74344005", "T-54370"),
    (41, "424575004 15422005", "T-54452 T-54450"),
    (42, "423937004 82628004", "T-54462 T-54460"),
    (43, "860785004 47055002", "T-54470"),
    (44, "80140008", "T-54480"),
    (45, "8873007", "T-54490"),
    (46, "866005003 28480000", "T-54500"),
    (47, "863899008 40005008", "T-54510"),
    (48, "38994002", "T-54520"),
    (51, "88824007", "T-54610"),
    (52, "65624003", "T-54620"),
    (53, "30618001", "T-54630"),
    (54, "17505006", "T-54640"),
    (55, "27855007", "T-54650"),
    (61, "51678005", "T-54660"),
    (62, "43622005", "T-54670"),
    (63, "73937000", "T-54680"),
    (64, "45234009", "T-54690"),
    (65, "51943008", "T-54700"),
    (71, "89552004", "T-54760"),
    (72, "14770005", "T-54770"),
    (73, "43281008", "T-54780"),
    (74, "38896004", "T-54790"),
    (75, "49330006", "T-54800"),
    (81, "67834006", "T-54710"),
    (82, "22445006", "T-54720"),
    (83, "6062009", "T-54730"),
    (84, "58646007", "T-54740"),
    (85, "61868007", "T-54750"),
)

_BY_CODE: Mapping[str, int] = MappingProxyType(
    {code: fdi for fdi, current, older in TOOTH_CODES for code in f"{current} {older}".split()}
)
_NUMBERS = frozenset(fdi for fdi, _, _ in TOOTH_CODES)

# The first digit of an ISO 3950 number by dentition, jaw and side of the patient.
_QUADRANTS: Mapping[tuple[bool, str, str], int] = MappingProxyType(
    {
        (False, "maxillary", "right"): 1,
        (False, "maxillary", "left"): 2,
        (False, "mandibular", "left"): 3,
        (False, "mandibular", "right"): 4,
        (True, "maxillary", "right"): 5,
        (True, "maxillary", "left"): 6,
        (True, "mandibular", "left"): 7,
        (True, "mandibular", "right"): 8,
    }
)
_POSITIONS: Mapping[str, int] = MappingProxyType(
    {
        "central incisor": 1,
        "lateral incisor": 2,
        "lateral": 2,  # CID 4018 once says "Mandibular left lateral tooth"
        "canine": 3,
        "first premolar": 4,
        "second premolar": 5,
        "first molar": 6,
        "second molar": 7,
        "third molar": 8,
    }
)
_DECIDUOUS_POSITIONS: Mapping[str, int] = MappingProxyType(
    {name: place for name, place in _POSITIONS.items() if place <= 3} | {"first molar": 4, "second molar": 5}
)
_MEANING = re.compile(
    r"^(?:permanent |(?P<deciduous>deciduous |primary ))?(?P<jaw>maxillary|mandibular|upper|lower) "
    r"(?P<side>right|left) (?P<position>[a-z ]+?)(?: tooth)?$"
)
_JAWS = MappingProxyType({"upper": "maxillary", "lower": "mandibular"})
_LIST_OF_NUMBERS = re.compile(r"^\D*(\d{2}(?:\s*[,;/+ ]\s*\d{2})*)$")
_UPPER_QUADRANTS = frozenset({1, 2, 5, 6})
_RIGHT_QUADRANTS = frozenset({1, 4, 5, 8})
_SIDES: Mapping[str, str] = MappingProxyType(
    {"R": "R", "RIGHT": "R", "L": "L", "LEFT": "L", "B": "B", "BOTH": "B", "U": "U", "UNPAIRED": "U"}
)


def is_upper(fdi: int) -> bool:
    """Whether a tooth stands in the upper jaw."""
    return fdi // 10 in _UPPER_QUADRANTS


def is_right(fdi: int) -> bool:
    """Whether a tooth stands on the patient's right."""
    return fdi // 10 in _RIGHT_QUADRANTS


def is_posterior(fdi: int) -> bool:
    """Whether a tooth is a premolar or molar, in either dentition."""
    return fdi % 10 >= 4


def teeth(header: Header) -> tuple[int, ...]:
    """Read the teeth that a header lists, as ascending ISO 3950 numbers (11..48, 51..85); empty when none.

    Read from the anatomic sequences of the data set and of its functional groups (PS3.3 C.8.11.9 and
    C.7.6.16.2.8). Supernumerary teeth (CID 4025) have no number of their own and are left out.
    """
    found = {fdi for item in _anatomy(header) for code in _tooth_entries(item) for fdi in _numbers_of(code)}
    return tuple(sorted(found))


def laterality(header: Header) -> str | None:
    """R, L, B or U from Image, Frame or (series) Laterality, in this order; None when nothing says so."""
    image = (header.text("ImageLaterality"),)
    frames = tuple(item.text("FrameLaterality") for item in _frame_anatomy(header))
    series = (header.text("Laterality"),)
    stated = (_SIDES.get(value.strip().upper()) for value in (*image, *frames, *series) if value)
    return next((side for side in stated if side), None)


def _frame_anatomy(header: Header) -> Iterator[Elements]:
    shared = header.items_of("SharedFunctionalGroupsSequence")
    # One frame speaks for all: hundreds of frames repeat the same anatomy.
    for group in (*shared, *header.items_of("PerFrameFunctionalGroupsSequence")[:1]):
        yield from group.items_of("FrameAnatomySequence")


def _anatomy(header: Header) -> Iterator[Elements]:
    yield header.data_set
    yield from _frame_anatomy(header)


def _tooth_entries(elements: Elements) -> Iterator[Code]:
    yield from codes_in(elements, "PrimaryAnatomicStructureSequence", "AnatomicRegionSequence")
    for region in elements.items_of("AnatomicRegionSequence"):
        yield from codes_in(region, "AnatomicRegionModifierSequence")


@lru_cache(maxsize=1024)
def _numbers_of(code: Code) -> tuple[int, ...]:
    if code.is_snomed and code.value in _BY_CODE:
        return (_BY_CODE[code.value],)
    if _names_iso_3950(code.scheme):
        return _listed(code.value)
    named = _by_meaning(code.meaning)
    return (named,) if named else _listed(code.meaning)


def _names_iso_3950(scheme: str) -> bool:
    return "3950" in scheme or fold(scheme) == "fdi"


def _by_meaning(meaning: str) -> int | None:
    """Find the number of a tooth described in words, as the meanings of CID 4018 and 4019 are."""
    words = _MEANING.match(fold(meaning))
    if words is None:
        return None
    is_deciduous = bool(words["deciduous"])
    place = (_DECIDUOUS_POSITIONS if is_deciduous else _POSITIONS).get(words["position"])
    jaw = _JAWS.get(words["jaw"], words["jaw"])
    return 10 * _QUADRANTS[is_deciduous, jaw, words["side"]] + place if place else None


def _listed(text: str) -> tuple[int, ...]:
    """Numbers such as ``36,37``; none at all when one of them is not of ISO 3950 (another notation)."""
    found = _LIST_OF_NUMBERS.match(text.strip())
    numbers = tuple(int(number) for number in re.findall(r"\d{2}", found[1])) if found else ()
    return numbers if all(number in _NUMBERS for number in numbers) else ()
