"""Teeth and sides."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import Dataset
from pydicom.sr._concepts_dict import concepts

from porion.dicom.elements import Element, Elements, Header, tag_of
from porion.dicom.habits import NO_HABITS
from porion.dicom.header import read_header
from porion.dicom.teeth import TOOTH_CODES, is_posterior, is_right, is_upper, laterality, teeth
from tests.builders import an_enhanced_ct, an_intra_oral, data_set, file_bytes

CONCEPTS: Any = concepts["SCT"]
MEANINGS = {
    code: meaning
    for words in CONCEPTS.values()
    for code, (meaning, groups) in words.items()
    if {4018, 4019} & set(groups)
}


def a_header(**values: str | Elements) -> Header:
    """A header of single values, valid or not."""
    elements = (
        Element(tag_of(k), "SQ", items=(v,)) if isinstance(v, Elements) else Element(tag_of(k), "LO", (v,))
        for k, v in values.items()
    )
    return Header(
        Elements({e.tag: e for e in elements}), Elements(), "1.2.840.10008.1.2", 0, 0, habits=NO_HABITS
    )


def a_code(value: str = "", scheme: str = "SCT", meaning: str = "") -> Dataset:
    return data_set(CodeValue=value or None, CodingSchemeDesignator=scheme, CodeMeaning=meaning)


def teeth_of(*codes: Dataset, sequence: str = "PrimaryAnatomicStructureSequence") -> tuple[int, ...]:
    return teeth(read_header(file_bytes(an_intra_oral(1, **{sequence: list(codes)}))))


def test_the_table_has_every_tooth_of_both_dentitions_once() -> None:
    permanent = [10 * quadrant + position for quadrant in range(1, 5) for position in range(1, 9)]
    deciduous = [10 * quadrant + position for quadrant in range(5, 9) for position in range(1, 6)]
    assert [fdi for fdi, _, _ in TOOTH_CODES] == permanent + deciduous


def test_no_code_names_two_teeth() -> None:
    codes = [code for _, current, older in TOOTH_CODES for code in f"{current} {older}".split()]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(
    ("fdi", "codes"), [(fdi, f"{current} {older}") for fdi, current, older in TOOTH_CODES]
)
def test_every_code_of_the_table_gives_its_number(fdi: int, codes: str) -> None:
    assert all(teeth_of(a_code(code)) == (fdi,) for code in codes.split())


@pytest.mark.parametrize(("fdi", "current"), [(fdi, current.split()[0]) for fdi, current, _ in TOOTH_CODES])
def test_the_standards_own_words_agree_with_the_table(fdi: int, current: str) -> None:
    assert teeth_of(a_code("unknown", "99LOCAL", MEANINGS[current])) == (fdi,)


@pytest.mark.parametrize(
    ("meaning", "expected"),
    [
        ("Maxillary right canine tooth", (13,)),
        ("Upper left first molar", (26,)),
        ("Primary lower right second molar tooth", (85,)),
        ("Deciduous mandibular left third molar tooth", ()),
        ("36", (36,)),
        ("36,37", (36, 37)),
        ("Teeth 36 + 37", (36, 37)),
        ("tooth 19", ()),
        ("11, 99", ()),
        ("3", ()),
        ("111", ()),
        ("Jaw region", ()),
        ("", ()),
    ],
)
def test_a_description_is_read_only_when_it_is_iso_3950(meaning: str, expected: tuple[int, ...]) -> None:
    assert teeth_of(a_code("unknown", "99LOCAL", meaning)) == expected


@pytest.mark.parametrize("scheme", ["ISO3950", "ISO 3950-2016", "FDI"])
def test_a_code_of_iso_3950_is_the_number_itself(scheme: str) -> None:
    assert teeth_of(a_code("48", scheme), a_code("99", scheme)) == (48,)


def test_teeth_come_once_and_in_ascending_order() -> None:
    assert teeth_of(a_code("T-54400"), a_code("T-54210"), a_code("24573005")) == (18, 35)


def test_the_anatomic_region_and_its_modifier_may_name_a_tooth() -> None:
    assert teeth_of(a_code("38994002"), sequence="AnatomicRegionSequence") == (48,)
    region = a_code("T-D1213", "SRT", "Jaw region")
    region.AnatomicRegionModifierSequence = [a_code("T-54790", "SRT")]
    assert teeth_of(region, sequence="AnatomicRegionSequence") == (74,)


def test_functional_groups_may_name_teeth_and_side() -> None:
    anatomy = data_set(FrameLaterality="L", PrimaryAnatomicStructureSequence=[a_code("61868007")])
    header = read_header(
        file_bytes(an_enhanced_ct(SharedFunctionalGroupsSequence=[data_set(FrameAnatomySequence=[anatomy])]))
    )
    assert teeth(header) == (85,)
    assert laterality(header) == "L"


def test_free_descriptions_are_not_searched_for_numbers() -> None:
    assert (
        teeth(read_header(file_bytes(an_intra_oral(SeriesDescription="36,37", ImageComments="tooth 11"))))
        == ()
    )


@pytest.mark.parametrize(
    ("attributes", "side"),
    [
        ({"ImageLaterality": "R"}, "R"),
        ({"ImageLaterality": "B", "Laterality": "L"}, "B"),
        ({"ImageLaterality": "", "Laterality": "L"}, "L"),
        ({"Laterality": "left"}, "L"),
        ({"ImageLaterality": "U"}, "U"),
        ({"ImageLaterality": "X"}, None),
        ({"ImageLaterality": "X", "Laterality": "R"}, "R"),
        ({}, None),
    ],
)
def test_the_side_is_the_most_specific_one_stated(attributes: dict[str, str], side: str | None) -> None:
    assert laterality(a_header(**attributes)) == side


@pytest.mark.parametrize(
    ("fdi", "upper", "right", "posterior"),
    [
        (11, True, True, False),
        (26, True, False, True),
        (33, False, False, False),
        (45, False, True, True),
        (51, True, True, False),
        (64, True, False, True),
        (73, False, False, False),
        (85, False, True, True),
    ],
)
def test_a_number_says_jaw_side_and_place(fdi: int, upper: bool, right: bool, posterior: bool) -> None:
    assert (is_upper(fdi), is_right(fdi), is_posterior(fdi)) == (upper, right, posterior)


@given(st.text(max_size=20), st.sampled_from(["SCT", "FDI", "99X", ""]), st.text(max_size=60))
def test_any_code_gives_numbers_of_the_table_or_none(value: str, scheme: str, meaning: str) -> None:
    known = {fdi for fdi, _, _ in TOOTH_CODES}
    item = a_header(CodeValue=value, CodingSchemeDesignator=scheme, CodeMeaning=meaning).data_set
    assert set(teeth(a_header(PrimaryAnatomicStructureSequence=item))) <= known
