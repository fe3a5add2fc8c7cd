"""Every error of Porion's has its status."""

from __future__ import annotations

import inspect

from porion.dimse.call import TooLarge
from porion.dimse.event_report import NotDelivered
from porion.dimse.statuses import STATUSES, Status, status_of
from porion.services import errors


def test_every_error_is_in_the_table() -> None:
    ours = {
        one for one in vars(errors).values() if inspect.isclass(one) and issubclass(one, errors.PorionError)
    }
    assert ours <= set(STATUSES)


def test_a_full_disk_is_a_reason_to_come_again() -> None:
    assert status_of(errors.OutOfSpace("full")) == 0xA700
    assert status_of(errors.StorageFailed("broken")) == 0xA700


def test_a_derived_error_is_told_like_its_parent() -> None:
    assert status_of(TooLarge("long")) is Status.RESOURCE_LIMITATION
    assert status_of(NotDelivered("no")) is Status.PROCESSING_FAILURE
