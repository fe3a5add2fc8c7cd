"""Coded concepts of the SNOMED family."""

from __future__ import annotations

from typing import Any

import pytest
from pydicom.sr._concepts_dict import concepts
from pydicom.sr._snomed_dict import mapping

from porion.dicom.codes import CONCEPTS, TOOTH_REGIONS, Code, Concept, ConceptRow, codes_in
from porion.dicom.header import read_header
from tests.builders import an_intra_oral, data_set, file_bytes

# Eponymous names, short terms and procedures that pydicom lists in other words.
LISTED: Any = concepts["SCT"]
SAID_OTHERWISE = {Concept.ORTHOPANTOMOGRAPHY}


def test_every_concept_has_one_row_with_codes_and_a_source() -> None:
    assert sorted(row.concept for row in CONCEPTS) == sorted(Concept)
    assert all(row.codes and row.source for row in CONCEPTS)


def test_no_code_stands_for_two_concepts() -> None:
    codes = [code for row in CONCEPTS for code in row.codes]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(
    "row", [row for row in CONCEPTS if row.concept not in SAID_OTHERWISE], ids=lambda r: r.concept.name
)
def test_codes_mean_what_the_standard_says(row: ConceptRow) -> None:
    meanings = {m.casefold() for words in LISTED.values() for m, _ in [words.get(row.codes[0], ("", ()))]}
    assert row.concept.casefold() in meanings


@pytest.mark.parametrize("row", [row for row in CONCEPTS if len(row.codes) > 1], ids=lambda r: r.concept.name)
def test_the_older_code_translates_to_the_current_one(row: ConceptRow) -> None:
    assert mapping["SRT"][row.codes[1]] == row.codes[0]


@pytest.mark.parametrize("scheme", ["SCT", "SRT", "SNM3", "99SDM", "sct "])
def test_all_designators_of_snomed_are_one_family(scheme: str) -> None:
    assert Code(scheme, "T-D1213", "").concept is Concept.JAW
    assert Code(scheme, "661005", "").concept is Concept.JAW


def test_a_code_of_another_scheme_is_not_read_as_snomed() -> None:
    assert Code("99LOCAL", "661005", "").concept is None


@pytest.mark.parametrize(
    ("code", "concept"),
    [
        (Code("99TEST", "AAAAAAAAA", "Jaw region"), Concept.JAW),
        (Code("", "", "POSTERO-ANTERIOR"), Concept.POSTERO_ANTERIOR),
        (Code("SNM3", "R-10214", "PA"), Concept.POSTERO_ANTERIOR),
        (Code("SCT", "1", "Something else"), None),
        (Code("", "", ""), None),
    ],
)
def test_the_meaning_speaks_when_the_code_says_nothing(code: Code, concept: Concept | None) -> None:
    assert code.concept is concept


def test_a_known_code_outranks_its_meaning() -> None:
    assert Code("SCT", "661005", "Hand").concept is Concept.JAW


def test_codes_are_read_from_the_items_of_sequences_in_order() -> None:
    made = an_intra_oral(
        AnatomicRegionSequence=[
            data_set(CodeValue="T-D1213", CodingSchemeDesignator="SRT", CodeMeaning="Jaw region"),
            data_set(LongCodeValue="6610050000000000000", CodingSchemeDesignator="SCT"),
            data_set(URNCodeValue="urn:x"),
        ],
        ViewCodeSequence=[],
    )
    found = list(
        codes_in(read_header(file_bytes(made)).data_set, "ViewCodeSequence", "AnatomicRegionSequence")
    )
    assert found == [
        Code("SRT", "T-D1213", "Jaw region"),
        Code("SCT", "6610050000000000000", ""),
        Code("", "urn:x", ""),
    ]


def test_a_code_is_shown_with_its_meaning() -> None:
    assert str(Code("SRT", "T-D1213", "Jaw region")) == "T-D1213 (Jaw region)"
    assert str(Code("SRT", "X", "")) == "X"


def test_the_regions_of_single_teeth_are_eight() -> None:
    assert len(TOOTH_REGIONS) == 8
    assert Concept.CANINE_REGION in TOOTH_REGIONS
