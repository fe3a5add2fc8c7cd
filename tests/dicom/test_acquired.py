"""The moment of acquisition: which attribute wins, and how precisely it is known."""

from __future__ import annotations

from datetime import datetime, time, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.config import disable_value_validation

from porion.dicom.acquired import AcquiredAt, acquired_at, parse_date_time, parse_time
from porion.dicom.header import read_header
from tests.builders import an_intra_oral, file_bytes

DATES = {
    "AcquisitionDateTime": "20260302101501",
    "AcquisitionDate": "20260302",
    "AcquisitionTime": "101502",
    "ContentDate": "20260302",
    "ContentTime": "101503",
    "SeriesDate": "20260302",
    "SeriesTime": "101504",
    "StudyDate": "20260302",
    "StudyTime": "101505",
}
ORDER = ["AcquisitionDateTime", "AcquisitionDate", "ContentDate", "SeriesDate", "StudyDate"]


def acquired(**attributes: Any) -> AcquiredAt:
    blank = dict.fromkeys(DATES, None)
    with disable_value_validation():
        return acquired_at(read_header(file_bytes(an_intra_oral(**{**blank, **attributes}))))


@pytest.mark.parametrize("nearest", range(5))
def test_the_attribute_nearest_to_the_exposure_wins(nearest: int) -> None:
    kept = {word: value for word, value in DATES.items() if word.replace("Time", "Date") in ORDER[nearest:]}
    kept = kept if nearest else DATES
    assert acquired(**kept) == AcquiredAt(
        datetime.fromisoformat(f"2026-03-02T10:15:0{nearest + 1}"), ORDER[nearest], "second"
    )


def test_no_date_at_all_is_told_as_such() -> None:
    assert acquired(StudyTime="101500") == AcquiredAt(None, "", "none")


def test_a_date_without_a_time_claims_no_time() -> None:
    assert acquired(StudyDate="20260302") == AcquiredAt(
        datetime.fromisoformat("2026-03-02"), "StudyDate", "day"
    )


@pytest.mark.parametrize("empty", ["18991230", "19000101", "00010101", "20261341", "", "00000000"])
def test_placeholder_and_impossible_dates_give_way_to_the_next_attribute(empty: str) -> None:
    found = acquired(AcquisitionDate=empty, AcquisitionTime="101500", StudyDate="20260302", StudyTime="0930")
    assert (found.source, found.value, found.precision) == (
        "StudyDate",
        datetime.fromisoformat("2026-03-02T09:30"),
        "minute",
    )


def test_the_header_offset_holds_for_dates_and_times_and_a_value_may_state_its_own() -> None:
    zone = timezone(timedelta(hours=1))
    found = acquired(StudyDate="20260302", StudyTime="101500", TimezoneOffsetFromUTC="+0100")
    assert found.value == datetime(2026, 3, 2, 10, 15, tzinfo=zone)
    own = acquired(AcquisitionDateTime="20260302101500-0530", TimezoneOffsetFromUTC="+0100").value
    assert own is not None
    assert own.utcoffset() == -timedelta(hours=5, minutes=30)


@pytest.mark.parametrize("offset", ["", "0100", "+9900", "+01", "Europe/Zurich"])
def test_an_unreadable_offset_leaves_local_time(offset: str) -> None:
    found = acquired(StudyDate="20260302", StudyTime="101500", TimezoneOffsetFromUTC=offset).value
    assert found == datetime.fromisoformat("2026-03-02T10:15")


@pytest.mark.parametrize(
    ("text", "clock", "precision"),
    [
        ("10", time(10), "hour"),
        ("1015", time(10, 15), "minute"),
        ("101533", time(10, 15, 33), "second"),
        ("10:15:33", time(10, 15, 33), "second"),
        (" 101533.5 ", time(10, 15, 33, 500000), "fraction"),
        ("101533.1234567", time(10, 15, 33, 123456), "fraction"),
        ("235960", time(23, 59, 59), "second"),
    ],
)
def test_times_are_read_to_the_precision_that_they_have(text: str, clock: time, precision: str) -> None:
    assert parse_time(text) == (clock, precision)


@pytest.mark.parametrize("text", [None, "", "24", "1060", "1", "noon", "-10", "1015-1016"])
def test_what_is_no_time_is_none(text: str | None) -> None:
    assert parse_time(text) is None


@pytest.mark.parametrize(
    ("text", "iso", "precision"),
    [
        ("2026", "2026-01-01T00:00", "year"),
        ("202603", "2026-03-01T00:00", "month"),
        ("20260302", "2026-03-02T00:00", "day"),
        ("2026-03-02T10:15:33.25", "2026-03-02T10:15:33.250000", "fraction"),
        ("2026.03.02 10:15", "2026-03-02T10:15", "minute"),
        ("2026030210Z", "2026-03-02T10:00+00:00", "hour"),
        ("2026-0500", "2026-01-01T00:00-05:00", "year"),
        ("20260302101533.000000+0100", "2026-03-02T10:15:33+01:00", "fraction"),
    ],
)
def test_date_times_are_read_to_the_precision_that_they_have(text: str, iso: str, precision: str) -> None:
    assert parse_date_time(text) == (datetime.fromisoformat(iso), precision)


@pytest.mark.parametrize("text", [None, "", "20260231", "18991230000000", "yesterday", "202603021015330"])
def test_what_is_no_date_time_is_none(text: str | None) -> None:
    assert parse_date_time(text) is None


@given(st.datetimes(min_value=datetime.fromisoformat("1950-01-01")))
def test_what_a_device_writes_comes_back(moment: datetime) -> None:
    assert parse_date_time(f"{moment:%Y%m%d%H%M%S.%f}") == (moment, "fraction")


@given(st.text(max_size=30))
def test_no_text_raises(text: str) -> None:
    for parsed in (parse_time(text), parse_date_time(text)):
        assert parsed is None or text.strip()[:2].isdigit()
