"""What can be scheduled, and how states follow each other."""

from __future__ import annotations

import pytest

from porion.clinic.scheduling import FOLLOWS, OPEN, PROCEDURES, TEMPLATES, StepState
from porion.dicom.category import Category


def test_every_category_can_be_scheduled_as_something_that_a_device_can_show() -> None:
    assert set(PROCEDURES) == set(Category)
    for row in PROCEDURES.values():
        assert 0 < len(row.description) <= 64
        assert all(len(code.value) <= 16 and len(code.meaning) <= 64 for code in row.codes)
        assert bool(row.codes) == bool(row.source)


def test_the_initial_records_are_a_panoramic_and_two_cephalograms() -> None:
    template = TEMPLATES["initial-orthodontic-records"]
    rows = [PROCEDURES[category] for category in template.categories]
    assert [row.dicom_modality for row in rows] == ["PX", "DX", "DX"]
    assert [code.value for code in rows[0].codes] == ["89846007"]
    assert len({row.description for row in rows}) == 3


def test_what_is_over_is_not_open_and_what_is_completed_stays_so() -> None:
    assert {StepState.SCHEDULED, StepState.IN_PROGRESS} == OPEN
    assert set(FOLLOWS) == set(StepState)
    assert FOLLOWS[StepState.COMPLETED] == frozenset()
    assert all(state not in following for state, following in FOLLOWS.items())


@pytest.mark.parametrize("state", [StepState.DISCONTINUED, StepState.CANCELLED, StepState.IN_PROGRESS])
def test_what_did_not_come_about_can_be_scheduled_again(state: StepState) -> None:
    assert StepState.SCHEDULED in FOLLOWS[state]
