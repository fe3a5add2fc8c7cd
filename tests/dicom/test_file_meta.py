"""The file meta that Porion writes, and the seal in it."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import dcmread
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

from porion.dicom.file_meta import (
    IMPLEMENTATION_CLASS_UID,
    LONGEST_PREFIX,
    SEAL_CREATOR_UID,
    Seal,
    file_prefix,
    read_seal,
    seal_place,
    write_seal,
)

SEAL = Seal(320_000, "ab" * 32)


def prefix(**more: str) -> bytes:
    return file_prefix(CTImageStorage, "1.2.3", ExplicitVRLittleEndian, sealable=True, **more)


def test_others_read_what_was_written() -> None:
    meta = dcmread(BytesIO(prefix(source="PAN1", receiver="PORION")), force=True).file_meta
    assert meta.MediaStorageSOPClassUID == CTImageStorage
    assert meta.MediaStorageSOPInstanceUID == "1.2.3"
    assert meta.TransferSyntaxUID == ExplicitVRLittleEndian
    assert meta.ImplementationClassUID == IMPLEMENTATION_CLASS_UID
    assert (meta.SourceApplicationEntityTitle, meta.ReceivingApplicationEntityTitle) == ("PAN1", "PORION")
    assert meta.PrivateInformationCreatorUID == SEAL_CREATOR_UID
    assert prefix()[:132] == bytes(128) + b"DICM"


@given(
    st.integers(0, 2**63), st.binary(min_size=32, max_size=32), st.sampled_from(["", "A", "SIXTEEN CHARS AE"])
)
def test_a_seal_comes_back(size: int, digest: bytes, source: str) -> None:
    empty = prefix(source=source)
    seal = Seal(size, digest.hex())
    sealed = empty[: seal_place(empty)] + write_seal(seal)
    assert read_seal(empty) == (len(empty), None)
    assert read_seal(sealed + b"data set") == (len(empty), seal)
    assert len(sealed) == len(empty) < LONGEST_PREFIX


@pytest.mark.parametrize(
    "head",
    [b"", bytes(400), bytes(128) + b"DICM", prefix()[:-1], file_prefix("1.2", "1.3", "1.2.840.10008.1.2")],
)
def test_what_has_no_room_for_a_seal_has_none(head: bytes) -> None:
    assert read_seal(head) == (0, None)


@given(st.integers(0, 47))
def test_a_seal_in_part_is_none(written: int) -> None:
    empty = prefix()
    torn = empty[: seal_place(empty)] + write_seal(SEAL)[:written].ljust(48, b"\0")
    assert read_seal(torn) == (len(empty), None)


@given(st.binary(max_size=600))
def test_any_bytes_are_no_reason_to_fail(head: bytes) -> None:
    assert read_seal(bytes(128) + b"DICM" + head)[1] is None
