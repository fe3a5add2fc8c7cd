from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset

from porion.dicom.bulk import Extent, locate
from porion.dicom.header import read_header
from tests.builders import a_panoramic, file_bytes

LONG = bytes(range(256)) * 4


def a_file(**more: object) -> memoryview:
    inner, outer = Dataset(), Dataset()
    inner.add_new(0x00091001, "OB", LONG)
    outer.ReferencedSeriesSequence = [Dataset(), inner]
    return memoryview(file_bytes(a_panoramic(ReferencedStudySequence=[outer]), **more))  # type: ignore[arg-type]


def at(view: memoryview, path: str) -> Extent | None:
    return locate(view, read_header(view), path)


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1"])
def test_a_value_is_found_at_any_depth(syntax: str) -> None:
    view = a_file(transfer_syntax=syntax)
    found = at(view, "00081110.0.00081115.1.00091001")
    assert found is not None
    assert bytes(view[found.offset : found.offset + found.length]) == LONG
    pixels = at(view, "7fe00010")
    assert pixels is not None
    assert (pixels.length, pixels.encapsulated) == (2 * 4 * 8, False)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "PatientName",
        "00091001",
        "00081110",
        "00081110.1.00081115",
        "00081110.0.00081115.7.00091001",
        "00100010.0.00091001",
        "7FE00010.",
        "٠٠٠٨١١١٠",
    ],
)
def test_what_is_not_there_is_none(path: str) -> None:
    assert at(a_file(), path) is None


@given(st.text(alphabet="0123456789ABCDEF.", max_size=40))
def test_any_path_is_looked_up(path: str) -> None:
    found = at(a_file(), path)
    assert found is None or found.length >= 0
