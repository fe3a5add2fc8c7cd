"""What a node is expected to send."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from porion.services.remote_records import ExpectedRow


def expected(series: str = "", instances: tuple[str, ...] = ()) -> ExpectedRow:
    until = datetime(2026, 1, 1, tzinfo=UTC)
    return ExpectedRow("e", "job", "PACS", "ORTHANC", "127.0.0.1", "1.2", series, list(instances), until)


@pytest.mark.parametrize(
    ("asked", "came", "covered"),
    [
        (expected(), ("1.2", "3", "4"), True),
        (expected(), ("1.9", "3", "4"), False),
        (expected("3"), ("1.2", "3", "4"), True),
        (expected("3"), ("1.2", "5", "4"), False),
        (expected("3", ("4", "6")), ("1.2", "3", "6"), True),
        (expected("3", ("4", "6")), ("1.2", "3", "7"), False),
    ],
)
def test_only_what_was_asked_for_is_covered(
    asked: ExpectedRow, came: tuple[str, str, str], *, covered: bool
) -> None:
    assert asked.covers(*came) is covered
