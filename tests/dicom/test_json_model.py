"""The DICOM JSON Model, held against pydicom's, and rows for people."""

import json
import struct
from typing import Any

import pytest
from pydicom import Dataset

from porion.dicom.elements import Elements
from porion.dicom.header import read_header
from porion.dicom.json_model import TagRow, readable_rows, to_dicom_json
from tests.builders import a_cbct_slice, a_lateral_ceph, a_panoramic, an_enhanced_ct, data_set, file_bytes
from tests.dicom.raw_elements import a_start, explicit, in_file, item


def elements_of(made: Dataset) -> Elements:
    return read_header(file_bytes(made)).data_set


def attribute(vr: str, value: bytes) -> dict[str, Any]:
    """The JSON of one private element."""
    written: dict[str, Any] = to_dicom_json(
        read_header(in_file(a_start(), explicit(0x00111001, vr, value))).data_set
    )["00111001"]
    return written


@pytest.mark.parametrize(
    "made",
    [
        a_panoramic(
            PatientName="Yamada^Tarou=山田^太郎=やまだ^たろう",
            ReferringPhysicianName="",
            OtherPatientIDs=["A", "B"],
        ),
        a_lateral_ceph(AnatomicRegionSequence=[data_set(CodeValue="T-D1100", CodingSchemeDesignator="SRT")]),
        a_cbct_slice(
            3, FrameIncrementPointer=0x00200032, RealWorldValueIntercept=0.5, ReferencedImageSequence=[]
        ),
        an_enhanced_ct(2),
    ],
)
def test_the_json_is_what_pydicom_writes(made: Dataset) -> None:
    assert to_dicom_json(elements_of(made)) == made.to_json_dict()


@pytest.mark.parametrize(
    ("vr", "raw", "expected"),
    [
        ("CS", b"A\\\\B ", {"vr": "CS", "Value": ["A", None, "B"]}),
        ("PN", b"==C^D ", {"vr": "PN", "Value": [{"Phonetic": "C^D"}]}),
        ("IS", b"161.3 ", {"vr": "IS", "Value": [161.3]}),
        ("IS", b"one ", {"vr": "IS", "Value": ["one"]}),
        ("DS", b"0,5 ", {"vr": "DS", "Value": ["0,5"]}),
        ("DS", b"100.00", {"vr": "DS", "Value": [100]}),
        ("DS", b"1e390 ", {"vr": "DS", "Value": ["1e390"]}),
        (
            "FD",
            struct.pack("<3d", float("nan"), float("inf"), float("-inf")),
            {"vr": "FD", "Value": ["NaN", "inf", "-inf"]},
        ),
        ("UV", struct.pack("<Q", 1 << 63), {"vr": "UV", "Value": ["9223372036854775808"]}),
        ("AT", b"\x10\0\x20\0", {"vr": "AT", "Value": ["00100020"]}),
        ("OB", b"\1\2", {"vr": "OB", "InlineBinary": "AQI="}),
        ("XX", b"\1\2", {"vr": "UN", "InlineBinary": "AQI="}),
        ("LO", b"", {"vr": "LO"}),
    ],
)
def test_each_value_is_written_as_annex_f_has_it(vr: str, raw: bytes, expected: dict[str, Any]) -> None:
    assert attribute(vr, raw) == expected


def test_bulk_data_and_group_lengths_are_left_out() -> None:
    bulk = explicit(0x7FE00010, "OW", bytes(70_000))
    length = explicit(0x00100000, "UL", bytes(4))
    written = to_dicom_json(read_header(in_file(a_start(), length, bulk)).data_set)
    assert set(written) == {"00080016", "00080018"}


def test_the_json_can_be_written_without_special_numbers() -> None:
    made = a_panoramic()
    made.add_new(0x00189073, "FD", float("nan"))
    assert '"NaN"' in json.dumps(to_dicom_json(elements_of(made)), allow_nan=False)


def test_rows_go_into_sequences_and_name_everything() -> None:
    region = explicit(0x00082218, "SQ", item(explicit(0x00080100, "SH", b"T-D1213 ")))
    private = explicit(0x00090010, "LO", b"GEMS_IDEN_01") + explicit(0x00091002, "SH", b"CT01")
    rows = readable_rows(read_header(in_file(a_start(), region, private)).data_set)[2:]
    assert rows[0] == TagRow(
        "(0008,2218)",
        "(0008,2218)",
        "AnatomicRegionSequence",
        "Anatomic Region Sequence",
        "SQ",
        "1 item",
        False,
        0,
    )
    assert rows[1].path == "(0008,2218)[0].(0008,0100)"
    assert (rows[1].name, rows[1].value, rows[1].depth) == ("Code Value", "T-D1213", 1)
    assert [(row.name, row.private) for row in rows[2:]] == [("Private Creator", True), ("Suite id", True)]


@pytest.mark.parametrize(
    ("vr", "raw", "value"),
    [
        ("LO", b"A\\B ", "A\\B"),
        ("AT", b"\x10\0\x20\0", "(0010,0020)"),
        ("OB", b"\1\xff", "01 ff"),
        ("UT", b"x" * 300, "x" * 255 + "…"),
        ("OB", bytes(70_000), "(70000 bytes)"),
        ("LO", b"", ""),
    ],
)
def test_values_are_shown_short(vr: str, raw: bytes, value: str) -> None:
    rows = readable_rows(read_header(in_file(a_start(), explicit(0x00111001, vr, raw))).data_set)
    assert rows[-1].value == value
