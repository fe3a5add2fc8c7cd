from __future__ import annotations

import pytest

from porion.dicom.identifiers import identifier_bytes, key_vr
from porion.dicom.message import read_message

SYNTAXES = ("1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2")
KEYS = {
    "PatientName": "Müller*",
    "StudyDate": "20200101-20201231",
    "ModalitiesInStudy": "PX\\DX",
    "QueryRetrieveLevel": "STUDY",
    "StudyInstanceUID": "",
    "Rows": "12",
    "NumberOfStudyRelatedInstances": "",
}


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_keys_come_back_from_their_bytes(syntax: str) -> None:
    read = read_message(identifier_bytes(KEYS, syntax), syntax)
    assert read.text("PatientName") == "Müller*"
    assert read.text("SpecificCharacterSet") == "ISO_IR 100"
    assert read.texts("ModalitiesInStudy") == ("PX", "DX")
    assert read.integer("Rows") == 12
    assert read.text("StudyInstanceUID") is None
    assert [one.keyword for one in read.values()] == sorted(
        [one.keyword for one in read.values()], key=[one.keyword for one in read.values()].index
    )
    assert list(read) == sorted(read)
    assert len(read) == len(KEYS) + 1


@pytest.mark.parametrize(
    ("name", "term"), [("Anna", None), ("Åsa", "ISO_IR 100"), ("Анна", "ISO_IR 192"), ("山田", "ISO_IR 192")]
)
def test_the_character_set_is_the_plainest_that_has_every_letter(name: str, term: str | None) -> None:
    read = read_message(identifier_bytes({"PatientName": name}, SYNTAXES[0]), SYNTAXES[0])
    assert (read.text("SpecificCharacterSet"), read.text("PatientName")) == (term, name)


@pytest.mark.parametrize(
    "word", ["Nonsense", "PixelData", "ReferencedStudySequence", "TransferSyntaxUID", ""]
)
def test_some_words_are_no_keys(word: str) -> None:
    assert key_vr(word) is None


def test_a_key_has_the_vr_of_the_standard() -> None:
    assert key_vr("PatientName") == "PN"


def test_a_value_that_its_vr_cannot_have_is_an_error() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        identifier_bytes({"Rows": "many"}, SYNTAXES[0])
