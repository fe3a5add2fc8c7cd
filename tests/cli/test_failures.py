"""Every error that a person can be told about has an exit status."""

from __future__ import annotations

import inspect

from porion.cli.failures import EXIT_STATUS, exit_status
from porion.folder.csv_rows import UnreadableCsv
from porion.services import errors

CLASSES = {
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, errors.PorionError) and kind.__module__ == errors.__name__
}


def test_the_table_names_every_class_and_no_other() -> None:
    assert set(EXIT_STATUS) == CLASSES


def test_no_error_ends_as_success_or_as_unreadable_dicom() -> None:
    assert not {0, 3} & set(EXIT_STATUS.values())
    assert all(0 < status < 64 for status in EXIT_STATUS.values())


def test_a_class_of_a_door_has_the_status_of_the_class_above_it() -> None:
    assert exit_status(UnreadableCsv("no table")) == EXIT_STATUS[errors.Invalid] == 2


def test_whoever_must_act_can_be_told_from_the_status() -> None:
    assert exit_status(errors.NotFound("")) == 5
    assert exit_status(errors.Stale("")) == exit_status(errors.Conflict("")) == 6
    assert exit_status(errors.OutOfSpace("")) == exit_status(errors.StorageFailed("")) == 7
