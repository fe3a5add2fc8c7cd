"""Data sets as bytes and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.dicom.elements import Element, Elements, tag_of
from porion.dicom.encode import (
    character_set_for,
    element,
    elements,
    encode,
    head,
    sequence,
    spelled_for,
)
from porion.dicom.message import read_message
from porion.dicom.syntax import BIG_ENDIAN, EXPLICIT, IMPLICIT

SYNTAXES = [one.uid for one in (IMPLICIT, EXPLICIT, BIG_ENDIAN)]
NAME = tag_of("PatientName")
WORDS = st.text("abc XYZ^=äöÄßé€łжд山田가", min_size=1, max_size=12).map(str.strip).filter(bool)


def a_data_set(name: str) -> Elements:
    inner = elements([element("ReferencedSOPInstanceUID", "1.2.3"), element("CodeMeaning", name)])
    return elements(
        [
            element("StudyDate", "20260302"),
            element("ModalitiesInStudy", "PX", "DX"),
            element("PatientName", name),
            element("AccessionNumber"),
            element("Rows", 17),
            element("OffendingElement", 0x00100010, 0x00080005),
            element("EncapsulatedDocument", b"\1\2\3\4"),
            element("ReferenceCoordinates"),
            sequence("ReferencedSOPSequence", inner, elements([])),
        ]
    )


@pytest.mark.parametrize("syntax", SYNTAXES)
@given(name=WORDS)
def test_what_is_written_is_read_again(syntax: str, name: str) -> None:
    made = a_data_set(name)
    term = character_set_for(made, "ISO_IR 100", "ISO_IR 144")
    read = read_message(encode(made, syntax, term), syntax)
    assert read.text("SpecificCharacterSet") == (term or None)
    for one in made.values():
        if one.vr != "SQ":
            assert read[one.tag].values == one.values
    assert read.items_of("ReferencedSOPSequence")[0].text("CodeMeaning") == name


@pytest.mark.parametrize(
    ("text", "wanted", "term"),
    [
        ("Mueller", ("ISO_IR 100",), ""),
        ("Müller", ("ISO_IR 100",), "ISO_IR 100"),
        ("Иванов", ("ISO_IR 100", "ISO_IR 144"), "ISO_IR 144"),
        ("山田", ("ISO_IR 100", "ISO_IR 13"), "ISO_IR 192"),
        ("ﾔﾏﾀﾞ", ("ISO_IR 13",), "ISO_IR 13"),
        ("Müller", ("no such set",), "ISO_IR 192"),
        ("Müller", ("ISO 2022 IR 100",), "ISO_IR 192"),
    ],
)
def test_the_first_set_that_has_every_letter_is_taken(text: str, wanted: tuple[str, ...], term: str) -> None:
    assert character_set_for(elements([element("PatientName", text)]), *wanted) == term


def test_what_a_set_cannot_write_is_spelled_in_latin_letters() -> None:
    made = a_data_set("Ivanić^Жанна")
    spelled = spelled_for(made, "ISO_IR 100")
    assert spelled.text("PatientName") == "Ivanic^Zhanna"
    assert spelled.items_of("ReferencedSOPSequence")[0].text("CodeMeaning") == "Ivanic^Zhanna"
    assert spelled.integer("Rows") == 17
    assert spelled_for(made, "").text("PatientName") == "Ivanic^Zhanna"


def test_what_a_short_form_cannot_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="too long for LO"):
        head(NAME, "LO", 0x10000, EXPLICIT)
    assert len(head(NAME, "LO", 0x10000, IMPLICIT)) == 8


def test_the_last_of_two_elements_counts() -> None:
    made = elements([element("Rows", 2), element("PatientName", "A"), element("Rows", 3)])
    assert list(made) == [NAME, tag_of("Rows")]
    assert made.integer("Rows") == 3
    assert made[NAME] == Element(NAME, "PN", ("A",))
