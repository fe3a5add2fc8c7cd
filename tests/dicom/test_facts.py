"""The facts that rules speak of."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydicom import Dataset
from pydicom.datadict import dictionary_has_tag, tag_for_keyword

from porion.dicom.category import Kind
from porion.dicom.codes import Concept
from porion.dicom.elements import Element, Elements, Header, tag_of
from porion.dicom.facts import CODE_SOURCES, REQUEST_SOURCES, TEXT_SOURCES, Facts, facts_of
from porion.dicom.habits import NO_HABITS
from porion.dicom.header import read_header
from porion.dicom.keywords import Topic
from tests.builders import (
    a_cbct_slice,
    a_lateral_ceph,
    a_panoramic,
    an_enhanced_ct,
    an_intra_oral,
    data_set,
    file_bytes,
)


def facts(made: Dataset) -> Facts:
    return facts_of(read_header(file_bytes(made)))


def trust_in(topic: Topic, **attributes: Any) -> list[float]:
    return [
        spoken.trust
        for spoken in facts(a_lateral_ceph(**{"SeriesDescription": "", **attributes})).said(topic)
    ]


def test_an_empty_header_has_empty_facts() -> None:
    empty = facts_of(Header(Elements(), Elements(), "1.2.840.10008.1.2", 0, 0, habits=NO_HABITS))
    assert empty.kind is Kind.OTHER_OBJECT
    assert (empty.modality, empty.orientation, empty.teeth, empty.texts, empty.spacing) == (
        "",
        "",
        (),
        (),
        None,
    )


@pytest.mark.parametrize("value", ["0", "-4", "65536", "1E300", "4.5", "NaN"])
def test_a_side_that_is_no_unsigned_short_is_no_side(value: str) -> None:
    elements = Elements({tag_of("Rows"): Element(tag_of("Rows"), "DS", (value,))})
    assert facts_of(Header(elements, Elements(), "1.2.840.10008.1.2", 0, 0, habits=NO_HABITS)).rows == 0


def test_slices_of_one_series_have_equal_facts() -> None:
    assert len({facts(a_cbct_slice(n)) for n in range(1, 20)}) == 1


def test_what_a_lateral_cephalogram_says() -> None:
    found = facts(a_lateral_ceph(KVP="80", XRayTubeCurrent=10))
    assert (found.kind, found.modality, found.positioner, found.view) == (
        Kind.XRAY,
        "DX",
        "CEPHALOSTAT",
        "LL",
    )
    assert (found.orientation, found.rows, found.columns) == ("A", 4, 8)
    assert (found.kvp, found.tube_ma, found.spacing) == (Decimal(80), Decimal(10), (Decimal("0.1"),) * 2)


@pytest.mark.parametrize(
    ("attribute", "trust"),
    [
        (source.attribute, source.trust)
        for source in TEXT_SOURCES
        if source.attribute not in {"Modality", "BodyPartExamined"}
    ],
)
def test_a_word_is_trusted_by_where_it_stands(attribute: str, trust: float) -> None:
    assert trust_in(Topic.PANORAMIC, **{attribute: "PANORAMIC"}) == [trust]


@pytest.mark.parametrize("source", CODE_SOURCES, ids=lambda source: source.attribute)
def test_the_meaning_of_a_code_is_read_like_a_text(source: Any) -> None:
    code = data_set(CodeValue="1", CodingSchemeDesignator="99LOCAL", CodeMeaning="Bitewing left")
    assert trust_in(Topic.BITEWING, **{source.attribute: [code]}) == [0.9]


@pytest.mark.parametrize("source", REQUEST_SOURCES, ids=lambda source: source.attribute)
def test_what_the_worklist_said_is_read(source: Any) -> None:
    request = data_set(**{source.attribute: "Panoramic"})
    assert trust_in(Topic.PANORAMIC, RequestAttributesSequence=[request]) == [source.trust]


def test_an_order_of_two_kinds_of_image_is_trusted_half() -> None:
    assert trust_in(Topic.PANORAMIC, StudyDescription="OPG + lateral ceph") == [0.3]
    assert trust_in(Topic.CEPH, StudyDescription="OPG + lateral ceph") == [0.3]


def test_a_protocol_of_two_words_is_not_an_order() -> None:
    assert trust_in(Topic.PANORAMIC, ProtocolName="PANORAMIC TMJ") == [1.0]


def test_the_most_trusted_text_comes_first() -> None:
    said = facts(a_panoramic(StudyDescription="OPG", SeriesDescription="Pan")).said(Topic.PANORAMIC)
    assert [s.shown for s in said] == [
        "ProtocolName=PANORAMIC",
        "SeriesDescription=Pan",
        "StudyDescription=OPG",
    ]


def test_a_long_text_is_shown_cut() -> None:
    said = facts(a_panoramic(ProtocolName="PANORAMIC " + "x" * 54)).said(Topic.PANORAMIC)
    comment = facts(a_panoramic(ImageComments="PANORAMIC " + "x" * 5000)).said(Topic.PANORAMIC)
    assert said[0].shown.endswith("x" * 54)
    assert len(comment[-1].shown) == len("ImageComments=") + 64


@pytest.mark.parametrize(
    ("part", "concept"),
    [("JAW", Concept.JAW), ("Skull", Concept.SKULL), ("TMJ", Concept.TMJ), ("HAND", Concept.HAND)],
)
def test_the_body_part_is_a_region(part: str, concept: Concept) -> None:
    regions = facts(a_panoramic(BodyPartExamined=part.upper())).regions
    assert [(r.concept, r.shown) for r in regions] == [(concept, f"BodyPartExamined={part.upper()}")]


def test_regions_come_with_their_modifiers() -> None:
    region = data_set(CodeValue="T-11180", CodingSchemeDesignator="SRT", CodeMeaning="Mandible")
    region.AnatomicRegionModifierSequence = [
        data_set(CodeValue="699510004", CodingSchemeDesignator="SCT", CodeMeaning="Canine region")
    ]
    regions = facts(an_intra_oral(AnatomicRegionSequence=[region])).regions
    assert [r.concept for r in regions] == [Concept.MANDIBLE, Concept.CANINE_REGION]
    assert regions[0].shown == "AnatomicRegionSequence=T-11180 (Mandible)"


def test_the_thickness_of_an_enhanced_volume_is_in_its_functional_groups() -> None:
    assert facts(an_enhanced_ct()).thickness == Decimal("0.3")


def test_the_sources_are_attributes_of_the_standard() -> None:
    names = [source.attribute for source in (*TEXT_SOURCES, *REQUEST_SOURCES, *CODE_SOURCES)]
    assert all(dictionary_has_tag(tag_for_keyword(name) or 0) for name in names)
