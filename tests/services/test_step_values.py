"""What somebody writes about a step."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from porion.services import step_values
from porion.services.errors import Invalid

BAD = [
    ("procedure_of", "PANORAMA"),
    ("modality_of", "px"),
    ("modality_of", ""),
    ("modality_of", "A" * 17),
    ("station_of", "A" * 17),
    ("station_of", "a\\b"),
    ("line_of", "x" * 65),
    ("line_of", "two\nlines"),
    ("line_of", "back\\slash"),
    ("line_of", "bell\x07"),
    ("number_of", "1" * 17),
    ("uid_of", "1.2."),
    ("uid_of", "1.a"),
    ("uid_of", "1." + "2" * 63),
]


@pytest.mark.parametrize(("reader", "text"), BAD)
def test_what_no_device_could_show_is_refused(reader: str, text: str) -> None:
    with pytest.raises(Invalid):
        getattr(step_values, reader)(text)


@pytest.mark.parametrize(
    ("reader", "text", "kept"),
    [
        ("modality_of", "PX", "PX"),
        ("station_of", " PAN1 ", "PAN1"),
        ("station_of", " ", ""),
        ("line_of", "  Fernröntgen seitlich ", "Fernröntgen seitlich"),
        ("number_of", "A-1", "A-1"),
        ("uid_of", "1.2.3", "1.2.3"),
    ],
)
def test_what_fits_is_kept(reader: str, text: str, kept: str) -> None:
    assert getattr(step_values, reader)(text) == kept


def test_a_moment_is_kept_in_the_clinics_own_time() -> None:
    own = datetime(2026, 3, 2, 8, 30)  # noqa: DTZ001
    assert step_values.moment_of(own) == "2026-03-02T08:30:00"
    zoned = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
    assert step_values.moment_of(zoned) == zoned.astimezone().replace(tzinfo=None).isoformat()


def test_a_day_is_written_out() -> None:
    today = date(2026, 3, 2)
    assert step_values.day_of("today", today) == "2026-03-02"
    assert step_values.day_of("2026-04-01", today) == "2026-04-01"
    with pytest.raises(Invalid, match="no day"):
        step_values.day_of("2026-02-30", today)
