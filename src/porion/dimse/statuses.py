"""Statuses of DIMSE responses, and which of them tells each of Porion's errors."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from porion.dimse.call import TooLarge
from porion.services import errors

if TYPE_CHECKING:
    from collections.abc import Mapping


class Status(IntEnum):
    """PS3.7 annex C, and PS3.4 sections B.2.3, C.4.1.1.4, C.4.2.1.5 and C.4.3.1.4."""

    SUCCESS = 0x0000
    INVALID_ATTRIBUTE_VALUE = 0x0106
    PROCESSING_FAILURE = 0x0110
    DUPLICATE_INSTANCE = 0x0111
    NO_SUCH_INSTANCE = 0x0112
    INVALID_ARGUMENT = 0x0115
    SOP_CLASS_NOT_SUPPORTED = 0x0122
    NO_SUCH_ACTION = 0x0123
    NOT_AUTHORIZED = 0x0124
    RESOURCE_LIMITATION = 0x0213
    UNRECOGNIZED_OPERATION = 0x0211
    OUT_OF_RESOURCES = 0xA700
    CANNOT_COUNT_MATCHES = 0xA701
    CANNOT_PERFORM_SUBOPERATIONS = 0xA702
    DESTINATION_UNKNOWN = 0xA801
    IDENTIFIER_DOES_NOT_FIT = 0xA900
    SOME_SUBOPERATIONS_FAILED = 0xB000
    CANNOT_UNDERSTAND = 0xC000
    CANCELLED = 0xFE00
    PENDING = 0xFF00
    PENDING_WITHOUT_SOME_KEYS = 0xFF01


# A sender that hears 0xA700 tries again later: right for what passes, such as a full disk.
STATUSES: Mapping[type[errors.PorionError], Status] = {
    errors.PorionError: Status.PROCESSING_FAILURE,
    errors.NotSignedIn: Status.NOT_AUTHORIZED,
    errors.NotPermitted: Status.NOT_AUTHORIZED,
    errors.TooManyAttempts: Status.RESOURCE_LIMITATION,
    errors.NotFound: Status.NO_SUCH_INSTANCE,
    errors.Invalid: Status.INVALID_ARGUMENT,
    TooLarge: Status.RESOURCE_LIMITATION,
    errors.Conflict: Status.PROCESSING_FAILURE,
    errors.Duplicate: Status.DUPLICATE_INSTANCE,
    errors.Settled: Status.PROCESSING_FAILURE,
    errors.Stale: Status.PROCESSING_FAILURE,
    errors.OutOfSpace: Status.OUT_OF_RESOURCES,
    errors.SourceFailed: Status.PROCESSING_FAILURE,
    errors.NodeFailed: Status.PROCESSING_FAILURE,
    errors.StorageFailed: Status.OUT_OF_RESOURCES,
    errors.Unshowable: Status.PROCESSING_FAILURE,
    errors.NotOffered: Status.INVALID_ARGUMENT,
    errors.Busy: Status.RESOURCE_LIMITATION,
    errors.WrongDataDirectory: Status.OUT_OF_RESOURCES,
}


def status_of(error: errors.PorionError) -> Status:
    """The status of the error's class, or of the nearest class above it."""
    return next(STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)
