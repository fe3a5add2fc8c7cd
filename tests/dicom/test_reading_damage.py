"""Any bytes, and any damage to a good file, end as a header or a named error."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from porion.dicom.elements import Header, UnreadableDicom
from porion.dicom.header import read_header
from tests.builders import a_cbct_slice, a_panoramic, an_enhanced_ct, data_set, file_bytes
from tests.dicom.raw_elements import a_start, in_file

SYNTAXES = (
    ImplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    DeflatedExplicitVRLittleEndian,
)
MADE = (
    a_panoramic(PatientName="Müller^Änne", AnatomicRegionSequence=[data_set(CodeValue="661005")]),
    a_cbct_slice(2),
    an_enhanced_ct(3),
)


def header_of(data: bytes) -> Header | None:
    try:
        return read_header(data)
    except UnreadableDicom:
        return None


def ends_well(data: bytes) -> None:
    """The one promise about any bytes."""
    header = header_of(data)
    if header is not None:
        assert len(header.data_set) > 0
        assert len(header.problems) <= 200
        assert list(header.data_set) == sorted(header.data_set)


@given(st.binary(max_size=2000))
@settings(max_examples=300, deadline=5000)
def test_any_bytes_end_as_a_header_or_a_named_error(data: bytes) -> None:
    ends_well(data)
    ends_well(in_file(data))
    ends_well(in_file(a_start() + data))


FILES = [file_bytes(made, transfer_syntax=syntax) for made in MADE for syntax in SYNTAXES]
edits = st.tuples(
    st.sampled_from(["flip", "cut", "insert", "duplicate", "zero", "mark"]),
    st.floats(0, 1),
    st.integers(1, 60),
    st.binary(min_size=1, max_size=12),
)
MARKS = [
    b"\xfe\xff\x00\xe0",
    b"\xfe\xff\x0d\xe0",
    b"\xfe\xff\xdd\xe0",
    b"\xff\xff\xff\xff",
    b"SQ\0\0",
    b"UN\0\0",
]


def edited(data: bytes, edit: tuple[str, float, int, bytes]) -> bytes:
    """The file with one thing done to it."""
    kind, where, size, extra = edit
    at = int(where * len(data))
    changed: dict[str, Any] = {
        "flip": data[:at]
        + bytes(a ^ b for a, b in zip(data[at : at + len(extra)], extra, strict=False))
        + data[at + len(extra) :],
        "cut": data[:at] + data[at + size :],
        "insert": data[:at] + extra + data[at:],
        "duplicate": data[: at + size] + data[at:],
        "zero": data[:at] + bytes(size) + data[at + size :],
        "mark": data[:at] + MARKS[size % len(MARKS)] + data[at + 4 :],
    }
    return bytes(changed[kind])


@given(st.sampled_from(FILES), st.lists(edits, min_size=1, max_size=6))
@settings(max_examples=500, deadline=5000)
def test_any_damage_to_a_file_ends_as_a_header_or_a_named_error(
    data: bytes, damage: list[tuple[str, float, int, bytes]]
) -> None:
    for edit in damage:
        data = edited(data, edit)
    ends_well(data)


@given(st.sampled_from(FILES), st.floats(0, 1))
@settings(max_examples=200, deadline=5000)
def test_a_file_cut_anywhere_says_nothing_false(data: bytes, where: float) -> None:
    whole = read_header(data)
    cut = header_of(data[: int(where * len(data))])
    for keyword in ("PatientName", "PatientID", "PatientBirthDate", "SOPInstanceUID", "StudyInstanceUID"):
        assert cut is None or cut.text(keyword) in (None, whole.text(keyword))
