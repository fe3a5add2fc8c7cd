"""Shapes of the schedule."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from porion.http.worklist_shapes import ScheduleWanted


def test_a_day_stands_for_both_ends() -> None:
    wanted = ScheduleWanted(date="today").narrowed()
    assert (wanted.first_day, wanted.last_day, wanted.states) == ("today", "today", None)


def test_a_range_has_two_ends_and_several_states() -> None:
    asked = {
        "from": "2026-03-02",
        "to": "2026-03-05",
        "state": ["scheduled", "in progress"],
        "device": "PAN1",
    }
    wanted = ScheduleWanted.model_validate(asked).narrowed()
    assert (wanted.first_day, wanted.last_day, wanted.station_ae) == ("2026-03-02", "2026-03-05", "PAN1")
    assert wanted.states == {"scheduled", "in progress"}


@pytest.mark.parametrize("asked", [{"date": "2.3.2026"}, {"state": ["lost"]}, {"limit": 0}, {"who": "me"}])
def test_what_is_no_filter_is_refused(asked: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ScheduleWanted.model_validate(asked)
