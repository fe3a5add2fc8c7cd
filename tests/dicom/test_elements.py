from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.dicom.elements import Element, Elements, Header, Value, parse_date, tag_of, to_decimal
from porion.dicom.habits import NO_HABITS
from porion.dicom.problems import tag_text

PN, DS, ROWS = tag_of("PatientName"), tag_of("KVP"), tag_of("Rows")
SEQUENCE = tag_of("OtherPatientIDsSequence")


def elements(**values: tuple[Value, ...]) -> Elements:
    tags = {tag_of(keyword): found for keyword, found in values.items()}
    return Elements({tag: Element(tag, "LO", tags[tag]) for tag in sorted(tags)})


def test_an_element_is_named_by_the_standard() -> None:
    assert Element(PN, "PN").keyword == "PatientName"
    assert Element(0x00091001, "UN").keyword == ""
    with pytest.raises(KeyError):
        tag_of("NoSuchKeyword")


def test_a_tag_is_written_as_in_the_standard() -> None:
    assert (tag_text(0x7FE00010), tag_text(0x0009ABCD)) == ("(7FE0,0010)", "(0009,ABCD)")


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("0.81", "0.81"),
        (" 1,5 ", "1.5"),
        ("1E3", "1000"),
        (7, "7"),
        (0.5, "0.5"),
        ("-0", "0"),
        ("", None),
        ("NaN", None),
        ("inf", None),
        ("1E401", None),
        ("1.2.3", None),
        ("twelve", None),
        (b"12", None),
        (float("nan"), None),
    ],
)
def test_a_number_is_exact_or_none(value: Value, number: str | None) -> None:
    assert to_decimal(value) == (Decimal(number) if number else None)


@given(st.text() | st.floats() | st.integers() | st.binary())
def test_any_value_is_a_finite_number_or_none(value: Value) -> None:
    number = to_decimal(value)
    assert number is None or number.is_finite()


def test_a_data_set_is_read_by_keyword_and_missing_is_none_not_zero() -> None:
    data = elements(KVP=("85", "", "x"), PatientName=("",), Rows=(4,), ImageType=("ORIGINAL", "", "AXIAL"))
    assert data.text("KVP") == "85"
    assert data.numbers("KVP") == (Decimal(85), None, None)
    assert (data.text("PatientName"), data.texts("PatientName")) == (None, ("",))
    assert data.texts("ImageType") == ("ORIGINAL", "", "AXIAL")
    assert (data.integer("Rows"), data.text("Rows")) == (4, "4")
    assert (data.text("Columns"), data.texts("Columns"), data.number("Columns")) == (None, (), None)
    assert (data.integer("Columns"), data.element("Columns"), data.items_of("Columns")) == (None, None, ())


def test_what_is_not_whole_is_no_integer() -> None:
    data = elements(Rows=("4.0",), Columns=("4.5",), KVP=(b"\4",))
    assert (data.integer("Rows"), data.integer("Columns")) == (4, None)
    assert (data.text("KVP"), data.number("KVP")) == (None, None)


def test_a_data_set_is_a_mapping_in_the_order_of_its_tags() -> None:
    data = elements(Rows=(1,), PatientName=("A",), KVP=("85",))
    assert list(data) == [PN, DS, ROWS]
    assert [element.keyword for element in data.values()] == ["PatientName", "KVP", "Rows"]
    assert len(data) == 3
    assert data[PN] is data.element("PatientName")
    assert Elements() == Elements({})


def test_the_items_of_a_sequence_are_data_sets() -> None:
    item = elements(PatientID=("1",))
    data = Elements({SEQUENCE: Element(SEQUENCE, "SQ", items=(item,))})
    assert [found.text("PatientID") for found in data.items_of("OtherPatientIDsSequence")] == ["1"]


def test_a_header_reads_its_data_set_and_not_its_file_meta() -> None:
    data = elements(PatientName=("A",), KVP=("85", "90"), Rows=(4,))
    meta = elements(SourceApplicationEntityTitle=("AE",))
    header = Header(data, meta, "1.2.840.10008.1.2", 0, 100, habits=NO_HABITS)
    assert (header.text("PatientName"), header.texts("KVP")) == ("A", ("85", "90"))
    assert (header.number("KVP"), header.numbers("KVP")) == (Decimal(85), (Decimal(85), Decimal(90)))
    assert (header.integer("Rows"), header.items_of("Rows")) == (4, ())
    assert header.text("SourceApplicationEntityTitle") is None


def test_what_is_left_without_some_tags_stays_in_order() -> None:
    kept = [Element(tag, "LO", ("x",)) for tag in (0x00080060, 0x00100010, 0x00100020)]
    data = Elements({one.tag: one for one in kept})
    assert list(data.without({0x00100010, 0x7FE00010}).values()) == [kept[0], kept[2]]


@pytest.mark.parametrize(
    ("value", "text", "number", "whole"),
    [
        ("", None, None, None),
        ("12", "12", Decimal(12), 12),
        ("1.0", "1.0", Decimal("1.0"), 1),
        ("1.5", "1.5", Decimal("1.5"), None),
        (0, "0", Decimal(0), 0),
        (2.5, "2.5", Decimal("2.5"), None),
        (b"12", None, None, None),
    ],
)
def test_the_first_value_counts_whatever_its_vr(
    value: Value, text: str | None, number: Decimal | None, whole: int | None
) -> None:
    data = Elements({tag_of("KVP"): Element(tag_of("KVP"), "DS", (value, "7"))})
    assert (data.text("KVP"), data.number("KVP"), data.integer("KVP")) == (text, number, whole)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("20120403", date(2012, 4, 3)),
        ("2012.04.03", date(2012, 4, 3)),
        ("2012-04-03", date(2012, 4, 3)),
        (" 20120403 ", date(2012, 4, 3)),
        ("20120403101500", date(2012, 4, 3)),
        ("20120230", None),
        ("201204", None),
        ("03.04.2012x", None),
        ("٢٠١٢٠٤٠٣", None),
        ("", None),
        (None, None),
    ],
)
def test_a_date_is_a_day_of_the_calendar_or_none(text: str | None, day: date | None) -> None:
    assert parse_date(text) == day
