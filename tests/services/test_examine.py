from __future__ import annotations

import json
from dataclasses import asdict
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom import dcmread
from pydicom.uid import DeflatedExplicitVRLittleEndian, ImplicitVRLittleEndian

from porion.services.arrival import Arrival, Unreadable
from porion.services.examine import examine
from tests.builders import a_cbct_slice, a_panoramic, an_enhanced_ct, file_bytes
from tests.services.scenes import a_raw_image

SEEDS = [file_bytes(a_panoramic()), file_bytes(a_cbct_slice(1)), file_bytes(an_enhanced_ct())]


def arrival(content: bytes) -> Arrival:
    found = examine(memoryview(content))
    assert isinstance(found, Arrival), found
    return found


def storable(found: Arrival | Unreadable) -> bool:
    """Whether databases take all texts and numbers: no NUL, no broken text, 64 bits."""
    text = json.dumps(asdict(found), default=str, ensure_ascii=False, allow_nan=False)
    json.dumps(text.encode("utf-8").decode())
    numbers = (getattr(found, "header", None), getattr(found, "slice", None))
    whole = [value for part in numbers if part for value in asdict(part).values() if isinstance(value, int)]
    return "\\u0000" not in text and all(abs(value) < 2**63 for value in whole)


@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 1200), st.binary(max_size=12)), max_size=6),
    st.integers(0, 1500) | st.none(),
)
@settings(max_examples=300, deadline=None)
def test_whatever_the_bytes_hold_there_is_an_answer_that_can_be_stored(
    seed: bytes, changes: list[tuple[int, bytes]], end: int | None
) -> None:
    damaged = bytearray(seed[:end])
    for at, new in changes:
        damaged[at : at + len(new)] = new
    assert storable(examine(memoryview(bytes(damaged))))


def test_the_digest_is_of_the_data_set_alone() -> None:
    content = file_bytes(a_panoramic())
    one, other = arrival(content), arrival(b"\1" * 128 + content[128:])
    bare = arrival(content[one.offset :])
    assert one.digest == other.digest == bare.digest
    assert (one.prefix, bare.offset) == (None, 0)
    assert arrival(file_bytes(a_panoramic(Rows=5))).digest != one.digest


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, DeflatedExplicitVRLittleEndian])
def test_a_whole_file_keeps_its_own_head_whatever_its_transfer_syntax(syntax: str) -> None:
    found = arrival(file_bytes(a_panoramic(), transfer_syntax=syntax))
    assert found.prefix is None
    assert found.header.transfer_syntax == syntax


def test_a_mended_head_can_be_read_by_others() -> None:
    content = file_bytes(a_panoramic())
    bare = content[arrival(content).offset :]
    prefix = arrival(bare).prefix
    assert prefix is not None
    read = dcmread(BytesIO(prefix + bare))
    made = dcmread(BytesIO(content))
    assert read == made
    for keyword in ("MediaStorageSOPClassUID", "MediaStorageSOPInstanceUID", "TransferSyntaxUID"):
        assert read.file_meta[keyword].value == made.file_meta[keyword].value
    assert read.file_meta.FileMetaInformationGroupLength == len(prefix) - 144
    assert read.file_meta.FileMetaInformationVersion == b"\0\1"


@pytest.mark.parametrize(
    ("tag", "value", "reason"),
    [
        (0x00080018, b"", "No SOPInstanceUID"),
        (0x0020000E, b"", "No SeriesInstanceUID"),
        (0x00080016, b"1.2.840.10008.1.3.10", "media directory"),
    ],
)
def test_what_is_no_instance_is_told_in_words(tag: int, value: bytes, reason: str) -> None:
    found = examine(memoryview(a_raw_image(1, {tag: ("UI", value)})))
    assert isinstance(found, Unreadable)
    assert reason in found.reason


def test_a_uid_may_be_a_little_too_long_but_not_endless() -> None:
    assert arrival(a_raw_image(1, {0x00080018: ("UI", b"1." + b"2" * 126)}))
    found = examine(memoryview(a_raw_image(1, {0x00080018: ("UI", b"1." + b"2" * 128)})))
    assert isinstance(found, Unreadable)
    assert "SOPInstanceUID longer than 128" in found.reason


def test_keys_that_rows_are_found_by_are_short_and_differ() -> None:
    def keys(letter: bytes) -> set[str]:
        long = {
            0x00080070: ("LO", b"M" * 5000),
            0x00181030: ("LO", b"P" * 5000 + letter),
            0x00083010: ("UI", b"1." + b"2" * 5000 + letter),
        }
        found = arrival(a_raw_image(1, long))
        assert len(found.image.device) <= 200
        return {found.image.device_protocol, found.image.exposure.event_key if found.image.exposure else ""}

    first, second = keys(b"1"), keys(b"3")
    assert all(len(key) <= 200 for key in first | second)
    assert len(first | second) == 4


def test_slices_of_one_series_and_claim_share_a_grouping() -> None:
    first, second = (arrival(file_bytes(a_cbct_slice(n))) for n in (1, 2))
    other = arrival(file_bytes(a_cbct_slice(3, PatientName="Muster^Berta")))
    assert first.grouping == second.grouping != other.grouping
    assert arrival(file_bytes(a_panoramic(1))).grouping != arrival(file_bytes(a_panoramic(2))).grouping
