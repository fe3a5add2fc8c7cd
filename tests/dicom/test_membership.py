from __future__ import annotations

import pytest

from porion.dicom.header import read_file_meta
from porion.dicom.membership import HEAD, membership
from tests.builders import a_panoramic, file_bytes


def test_an_instance_says_where_it_belongs_in_its_first_bytes() -> None:
    made = a_panoramic(1)
    content = file_bytes(made)
    meta, at = read_file_meta(content)
    told = membership(content[at : at + HEAD], meta.text("TransferSyntaxUID") or "")
    assert told == {
        "study": made.StudyInstanceUID,
        "series": made.SeriesInstanceUID,
        "instance": made.SOPInstanceUID,
    }


@pytest.mark.parametrize("head", [b"", b"no DICOM at all", bytes(1000)])
def test_what_says_nothing_belongs_nowhere(head: bytes) -> None:
    assert membership(head, "1.2.840.10008.1.2.1") == {}


def test_a_head_that_ends_early_says_what_it_has() -> None:
    content = file_bytes(a_panoramic(1))
    _, at = read_file_meta(content)
    whole = membership(content[at:], "1.2.840.10008.1.2.1")
    for end in range(at, at + 600, 7):
        told = membership(content[at:end], "1.2.840.10008.1.2.1")
        assert told.items() <= whole.items()
