"""Files that are made to cost time or memory cost little of both."""

import time
import tracemalloc

import pytest

from porion.dicom.elements import Header, UnreadableDicom
from porion.dicom.header import Limits, read_header
from porion.dicom.syntax import UNDEFINED
from tests.dicom.raw_elements import DEFLATED, a_start, deflated, explicit, in_file, item


def peak_of(data: bytes, **limits: int) -> tuple[Header | None, int, float]:
    """What comes of some bytes, the peak of memory in bytes, and the time in seconds."""
    tracemalloc.start()
    began = time.perf_counter()
    try:
        header = read_header(data, limits=Limits(**limits))
    except UnreadableDicom:
        header = None
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return header, peak, time.perf_counter() - began


def test_a_deflate_bomb_behind_the_pixel_data_tag_is_not_unpacked() -> None:
    bomb = deflated(a_start() + explicit(0x7FE00010, "OW", bytes(30_000_000)))
    header, peak, _ = peak_of(in_file(bomb, transfer_syntax=DEFLATED))
    assert header is not None
    assert header.pixel_data is not None
    assert header.pixel_data.length == 30_000_000
    assert peak < 3_000_000


def test_a_deflate_bomb_in_the_header_ends_at_the_cap() -> None:
    bomb = deflated(a_start() + explicit(0x00420011, "OB", bytes(10_000_000)) * 5)
    header, peak, _ = peak_of(in_file(bomb, transfer_syntax=DEFLATED), inflated=8 << 20)
    assert header is not None
    assert any(
        "inflates to more than 8388608 bytes" in reason
        for reason in (problem.reason for problem in header.problems)
    )
    assert peak < 40_000_000


def many(vr: str, value: bytes) -> bytes:
    """Thirty elements of the same value."""
    return b"".join(explicit(0x00091001 + n, vr, value) for n in range(30))


HOSTILE = {
    "elements": explicit(0x00091001, "UN") * 300_000,
    "items": explicit(0x00091001, "SQ", item() * 300_000),
    "delimiters": (b"\xfe\xff\x0d\xe0" + bytes(4)) * 300_000,
    "ascending elements": b"".join(explicit(0x00090000 + n, "SH", b"ab") for n in range(60_000)),
    "values": many("CS", b"a\\" * 30_000),
    "numbers": many("UL", bytes(65_000)),
    "escapes": many("LO", b"\x1b$B" * 20_000),
    "no text": many("LO", b"\x81" * 60_000),
    "zeros": b"\0" * 3_000_000,
    "fragments": explicit(0x7FE00010, "OB", item() * 300_000, length=UNDEFINED),
    "digits": many("DS", b"9" * 60_000),
    "lengths": explicit(0x00091001, "OB", b"", length=UNDEFINED - 1),
    "frames": explicit(0x00280008, "IS", b"1e999999999 "),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_floods_cost_little_time_and_memory(kind: str) -> None:
    data = in_file(a_start() + HOSTILE[kind])
    header, peak, seconds = peak_of(data)
    assert header is not None
    assert len(header.problems) <= 200
    assert peak < 20 * len(data) + 40_000_000
    assert seconds < 20  # measured while every allocation is traced
