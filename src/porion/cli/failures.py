"""How the command line tells of errors: a sentence, and an exit status that scripts can read."""

from __future__ import annotations

from collections.abc import Mapping

from porion.services import errors

# 2 is the shell's own "wrong usage", 3 is "not DICOM or not readable" of `porion inspect`.
EXIT_STATUS: Mapping[type[errors.PorionError], int] = {
    errors.PorionError: 1,
    errors.NotSignedIn: 4,
    errors.NotPermitted: 4,
    errors.TooManyAttempts: 4,
    errors.NotFound: 5,
    errors.Invalid: 2,
    errors.Conflict: 6,
    errors.Stale: 6,
    errors.Duplicate: 6,
    errors.Settled: 6,
    errors.OutOfSpace: 7,
    errors.SourceFailed: 1,
    errors.NodeFailed: 8,
    errors.StorageFailed: 7,
    errors.Unshowable: 1,
    errors.NotOffered: 2,
    errors.Busy: 7,
    errors.WrongDataDirectory: 7,
}


def exit_status(error: errors.PorionError) -> int:
    """The status of the error's class, or of the nearest class above it."""
    return next(EXIT_STATUS[kind] for kind in type(error).__mro__ if kind in EXIT_STATUS)
