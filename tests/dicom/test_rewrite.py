"""From one little endian encoding into the other."""

from __future__ import annotations

from io import BytesIO

import pytest
from pydicom.filereader import read_dataset

from porion.dicom.elements import UnreadableDicom
from porion.dicom.header import data_set_offset
from porion.dicom.rewrite import LITTLE_ENDIAN, rewritten
from tests.builders import a_panoramic, file_bytes

EXPLICIT, IMPLICIT = LITTLE_ENDIAN


@pytest.mark.parametrize(("held_in", "into"), [(EXPLICIT, IMPLICIT), (IMPLICIT, EXPLICIT)])
def test_it_says_the_same(held_in: str, into: str) -> None:
    made = a_panoramic(1, PatientName="Müller^Zoë")
    content = file_bytes(made, transfer_syntax=held_in)
    at = data_set_offset(content)
    pieces = [content[at : at + 100], memoryview(content)[at + 100 :]]
    read = read_dataset(BytesIO(rewritten(pieces, held_in, into)), into == IMPLICIT, True)
    assert {one.tag: one.value for one in read} == {one.tag: one.value for one in made}


def test_what_cannot_be_read_is_told() -> None:
    with pytest.raises(UnreadableDicom):
        rewritten([b"\x08\x00\x40\x11SQ\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0"], EXPLICIT, IMPLICIT)
