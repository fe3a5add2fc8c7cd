"""Served copies, held against pydicom's reading of them."""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.filereader import read_dataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from porion.dicom.coerce import Demographics, coerced
from porion.dicom.elements import UnreadableDicom
from porion.dicom.header import data_set_offset
from tests.builders import a_panoramic, data_set, file_bytes

SYNTAXES = [ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian]
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
ANNA = Demographics("Beispiel^Anna", "P-1", "CLINIC", "20120403", "F")
JANE = Demographics("Doe^Jane", "P-9", "OTHER", "20110101", "M")


def body(made: Dataset, syntax: str = ExplicitVRLittleEndian) -> bytes:
    content = file_bytes(made, transfer_syntax=syntax)
    return content[data_set_offset(content) :]


def copy(content: bytes, person: Demographics, syntax: str = ExplicitVRLittleEndian) -> Dataset:
    joined = b"".join(coerced(memoryview(content), syntax, person, NOW))
    little, implicit = syntax != ExplicitVRBigEndian, syntax == ImplicitVRLittleEndian
    read = read_dataset(BytesIO(joined), implicit, little)
    assert sorted(read.keys()) == list(read.keys())
    return read


def told(read: Dataset) -> tuple[Any, ...]:
    issuer = read.get("IssuerOfPatientID") or ""
    return (str(read.PatientName), read.PatientID, issuer, read.PatientBirthDate, read.PatientSex)


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_the_copy_says_what_the_register_says_and_what_was_there(syntax: str) -> None:
    read = copy(body(a_panoramic(), syntax), JANE, syntax)
    assert told(read) == ("Doe^Jane", "P-9", "OTHER", "20110101", "M")
    (item,) = read.OriginalAttributesSequence
    (before,) = item.ModifiedAttributesSequence
    assert told(before) == ("Beispiel^Anna", "P-1", "CLINIC", "20120403", "F")
    assert item.ReasonForTheAttributeModification == "COERCE"
    assert item.ModifyingSystem == "Porion"
    assert item.AttributeModificationDateTime == "20260302120000.000000+0000"
    assert item.SourceOfPreviousValues == ""


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_all_the_rest_is_as_it_was(syntax: str) -> None:
    made = a_panoramic()
    made.add_new(0x00091001, "LO", "private")
    read, whole = copy(body(made, syntax), JANE, syntax), copy(body(made, syntax), ANNA, syntax)
    for one in whole:
        if one.tag.group != 0x0010:
            assert read[one.tag] == one


def test_who_is_right_already_gets_the_bytes_themselves() -> None:
    content = memoryview(body(a_panoramic()))
    assert coerced(content, ExplicitVRLittleEndian, ANNA, NOW) == [content]
    padded = memoryview(body(a_panoramic(PatientName="Beispiel^Anna^^^=安奈")))
    assert coerced(padded, ExplicitVRLittleEndian, ANNA, NOW) == [padded]
    unknown = Demographics("Beispiel^Anna", "P-1")
    assert coerced(content, ExplicitVRLittleEndian, unknown, NOW) == [content]


def test_what_was_missing_is_added_in_its_place() -> None:
    bare = a_panoramic()
    for keyword in ("PatientName", "PatientID", "IssuerOfPatientID", "PatientBirthDate", "PatientSex"):
        delattr(bare, keyword)
    read = copy(body(bare), ANNA)
    assert told(read) == ("Beispiel^Anna", "P-1", "CLINIC", "20120403", "F")
    (before,) = read.OriginalAttributesSequence[0].ModifiedAttributesSequence
    assert told(before) == ("", "", "", "", "")


def test_an_issuer_does_not_outlive_its_id() -> None:
    read = copy(body(a_panoramic()), Demographics("Beispiel^Anna", "P-2"))
    assert (read.PatientID, read.IssuerOfPatientID or "") == ("P-2", "")


@pytest.mark.parametrize("undefined", [False, True])
def test_earlier_original_attributes_stay_in_front(undefined: bool) -> None:
    made = a_panoramic(OriginalAttributesSequence=[data_set(ModifyingSystem="BEFORE")])
    made["OriginalAttributesSequence"].is_undefined_length = undefined
    made.add_new(0x00081140, "SQ", Sequence([data_set(ReferencedSOPInstanceUID="1.2")]))
    made[0x00081140].is_undefined_length = undefined
    made[0x00081140].value[0].is_undefined_length_sequence_item = undefined
    read = copy(body(made), JANE)
    assert [item.ModifyingSystem for item in read.OriginalAttributesSequence] == ["BEFORE", "Porion"]
    assert read[0x00081140].value[0].ReferencedSOPInstanceUID == "1.2"


def test_group_lengths_that_would_be_wrong_are_left_out() -> None:
    lengths = [struct.pack("<HH2sHI", group, 0, b"UL", 4, 4711) for group in (0x0010, 0x0018)]
    content = body(a_panoramic())
    for length in lengths:
        at = content.index(length[:2] + b"\x10\x00" if length[0] == 0x10 else length[:2] + b"\x60\x00")
        content = content[:at] + length + content[at:]
    joined = b"".join(coerced(memoryview(content), ExplicitVRLittleEndian, JANE, NOW))
    assert [length in joined for length in lengths] == [False, True]
    assert coerced(memoryview(content), ExplicitVRLittleEndian, ANNA, NOW) == [content]


@pytest.mark.parametrize(
    ("stated", "other", "name", "shown", "term"),
    [
        ("ISO_IR 100", "é", "Müller^Zoë", "Müller^Zoë", "ISO_IR 100"),
        ("ISO_IR 192", "é", "Жанна", "Жанна", "ISO_IR 192"),
        (None, "e", "Müller", "Müller", "ISO_IR 192"),
        ("ISO_IR 100", "e", "Жанна", "Жанна", "ISO_IR 192"),
        ("ISO_IR 100", "é", "Müller^Жанна", "Müller^Zhanna", "ISO_IR 100"),
        (["", "ISO 2022 IR 87"], "山田", "Жанна", "Zhanna", ["", "ISO 2022 IR 87"]),
        (["", "ISO 2022 IR 87"], "e", "Жанна", "Жанна", "ISO_IR 192"),
    ],
)
def test_a_name_is_written_in_the_file_s_set_or_in_unicode(
    stated: Any, other: str, name: str, shown: str, term: Any
) -> None:
    made = a_panoramic(SpecificCharacterSet=stated, StudyDescription=other, PatientName="Old")
    read = copy(body(made), Demographics(name, "P-1"))
    assert (str(read.PatientName), read.StudyDescription) == (shown, other)
    assert read.SpecificCharacterSet == term
    (before,) = read.OriginalAttributesSequence[0].ModifiedAttributesSequence
    assert str(before.PatientName) == "Old"
    assert ("SpecificCharacterSet" in before) == (term != stated)


@given(st.binary(max_size=40), st.integers(0, 800))
def test_damaged_data_sets_are_copied_or_refused(damage: bytes, at: int) -> None:
    content = bytearray(body(a_panoramic()))
    content[at : at + len(damage)] = damage
    try:
        pieces = coerced(memoryview(bytes(content)), ExplicitVRLittleEndian, JANE, NOW)
    except UnreadableDicom:
        return
    assert pieces


@pytest.mark.parametrize("depth", [31, 40])
def test_nesting_has_an_end(depth: int) -> None:
    inner = data_set(CodeValue="1")
    for _ in range(depth):
        outer = data_set()
        outer.add_new(0x00081140, "SQ", Sequence([inner]))
        outer[0x00081140].is_undefined_length = True
        inner.is_undefined_length_sequence_item = True
        inner = outer
    made = a_panoramic()
    made.add_new(0x00081140, "SQ", inner[0x00081140].value)
    made[0x00081140].is_undefined_length = True
    if depth == 31:
        assert copy(body(made), JANE).PatientID == "P-9"
    else:
        with pytest.raises(UnreadableDicom, match="too deep"):
            copy(body(made), JANE)


def test_a_file_reads_the_same_elsewhere() -> None:
    content = file_bytes(a_panoramic())
    at = data_set_offset(content)
    with memoryview(content) as view:
        joined = b"".join(coerced(view[at:], ExplicitVRLittleEndian, JANE, NOW))
    read = dcmread(BytesIO(content[:at] + joined))
    assert read.PixelData == a_panoramic().PixelData
