"""Moments as other systems write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from porion.hl7.moments import moment_of


def test_a_moment_without_a_zone_has_none() -> None:
    assert moment_of("202603020830") == datetime(2026, 3, 2, 8, 30)  # noqa: DTZ001
    assert moment_of("20260302") == datetime(2026, 3, 2)  # noqa: DTZ001


def test_a_zone_is_kept() -> None:
    west = timezone(timedelta(hours=-5))
    assert moment_of("20260302083000-0500") == datetime(2026, 3, 2, 8, 30, tzinfo=west)
    assert moment_of("20260302083000.1234+0000") == datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "soon", "2026", "20260231", "202603022560", "20260302083000+9900"])
def test_what_is_no_moment_is_none(text: str) -> None:
    assert moment_of(text) is None
