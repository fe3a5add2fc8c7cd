"""What may be DICOM is never lost, and what is not is named."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from porion.folder.kinds import HEAD_SIZE, Kind, Looks, looks_like
from tests.builders import a_panoramic, file_bytes
from tests.folder.discs import a_media_directory

MEDIA = a_media_directory()


def without_meta(data: bytes) -> bytes:
    """The data set alone, as old devices and raw dumps have it."""
    (length,) = struct.unpack("<I", data[140:144])
    return data[144 + length :]


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian])
def test_a_file_and_its_bare_data_set_are_dicom(syntax: str) -> None:
    made = file_bytes(a_panoramic(), transfer_syntax=syntax)
    for data in (made, made[128:], made[132:], without_meta(made)):
        assert looks_like(data[:HEAD_SIZE], "IMG0001").kind is Kind.DICOM


@pytest.mark.parametrize("preamble", [b"MZ", b"PK\x03\x04", b"%PDF-1.7", b"II*\0"])
def test_a_preamble_that_pretends_to_be_something_else_does_not_hide_an_image(preamble: bytes) -> None:
    data = file_bytes(a_panoramic(), preamble=preamble.ljust(128, b"\0"))
    assert looks_like(data, "x").kind is Kind.DICOM


@pytest.mark.parametrize("name", ["DICOMDIR", "cd/dicomdir", "anything"])
def test_a_media_directory_is_told_by_its_class(name: str) -> None:
    assert looks_like(MEDIA[:HEAD_SIZE], name).kind is Kind.MEDIA_DIRECTORY


def test_an_image_called_dicomdir_is_an_image() -> None:
    assert looks_like(file_bytes(a_panoramic()), "DICOMDIR").kind is Kind.DICOM


@pytest.mark.parametrize("head", [bytes(128) + b"DICM", without_meta(MEDIA)])
def test_without_a_class_the_name_tells_a_media_directory(head: bytes) -> None:
    assert looks_like(head, "DICOMDIR").kind is Kind.MEDIA_DIRECTORY
    assert looks_like(head, "IMG1").kind is Kind.DICOM


@pytest.mark.parametrize("start", [b"PK\x03\x04", b"PK\x05\x06"])
def test_an_archive_is_told_by_content(start: bytes) -> None:
    assert looks_like(start + bytes(40), "x.dcm").kind is Kind.ZIP


@pytest.mark.parametrize(
    ("head", "name", "reason"),
    [
        (b"", "x.dcm", "empty"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "x.dcm", "not DICOM (looks like a JPEG image)"),
        (b"\x89PNG\r\n\x1a\n", "x", "not DICOM (looks like a PNG image)"),
        (b"%PDF-1.7", "x", "not DICOM (looks like a PDF document)"),
        (b"MZ\x90\0", "viewer.exe", "not DICOM (looks like a Windows program)"),
        (b"\x7fELF\x02", "x", "not DICOM (looks like a Linux program)"),
        (b"\0\0\0\x18ftypmp42", "x", "not DICOM (looks like a video or HEIC image)"),
        (b"\x1f\x8b\x08", "x.tgz", "not DICOM (looks like a gzip archive; unpack it, or pack it as ZIP)"),
        (
            bytes(257) + b"ustar",
            "x.tar",
            "not DICOM (looks like a tar archive; unpack it, or pack it as ZIP)",
        ),
        (b'\n<?xml version="1.0"?>', "x", "not DICOM (looks like XML)"),
        (b"<!DOCTYPE html>", "index.htm", "not DICOM (looks like an HTML page)"),
        ("Größe".encode(), "readme", "not DICOM (looks like text)"),
        ("Größe".encode("utf-16"), "readme", "not DICOM (looks like text)"),
        (b"[autorun]", "AUTORUN.INF", "not DICOM (a system file of Windows)"),
        (b"\xd0\xcf\x11\xe0", "cd\\Thumbs.db", "not DICOM (a system file of Windows)"),
        (b"\0\0\0\x01Bud1", "cd/.DS_Store", "not DICOM (a system file of macOS)"),
        (b"\0\x05\x16\x07", "._IMG1.dcm", "not DICOM (looks like a macOS companion file)"),
        (bytes(500), "zeros", "not DICOM (of no known kind)"),
        (b"\x08\0", "short", "not DICOM (of no known kind)"),
    ],
)
def test_what_is_not_dicom_is_named(head: bytes, name: str, reason: str) -> None:
    assert looks_like(head, name) == Looks(Kind.OTHER, reason)


def test_an_unknown_file_called_dcm_is_left_to_the_reader() -> None:
    assert looks_like(b"\x19\x80\x01\x02 unknown", "x.DCM").kind is Kind.DICOM
    assert looks_like(b"\x19\x80\x01\x02 unknown", "x").kind is Kind.OTHER


@given(st.sampled_from([2, 4, 8, 16]), st.integers(0, 0xFFFF), st.integers(0, 1 << 20), st.sampled_from("<>"))
def test_every_plausible_first_element_is_dicom(group: int, element: int, length: int, order: str) -> None:
    assert looks_like(struct.pack(f"{order}HHI", group, element, length), "IMG").kind is Kind.DICOM


@given(st.binary(max_size=HEAD_SIZE), st.text(max_size=20))
def test_any_head_and_name_have_a_kind_and_others_a_reason(head: bytes, name: str) -> None:
    looks = looks_like(head, name)
    assert bool(looks.reason) is (looks.kind is Kind.OTHER)
