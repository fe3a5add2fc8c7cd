"""What somebody writes about a scheduled step, checked; Invalid says what to write instead."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from porion.clinic.scheduling import PROCEDURES
from porion.dicom.category import Category
from porion.services.ae_titles import read_title
from porion.services.errors import Invalid

if TYPE_CHECKING:
    from porion.clinic.scheduling import Procedure

# PS3.5 table 6.2-1: LO and SH, and the Code String of a modality.
LONGEST_DESCRIPTION = 64
LONGEST_NUMBER = 16
_MODALITY = re.compile(r"[A-Z0-9_ ]{1,16}")
_UID = re.compile(r"[0-9]+(\.[0-9]+)+")


def procedure_of(category: str) -> Procedure:
    """What a category is scheduled as."""
    try:
        return PROCEDURES[Category(category)]
    except ValueError:
        raise Invalid(f"{category} is no category: choose among {', '.join(Category)}.") from None


def modality_of(text: str) -> str:
    """A DICOM modality."""
    if not _MODALITY.fullmatch(text):
        raise Invalid(f"{text} is no modality of DICOM: write PX, DX, IO or CT, for instance.")
    return text


def station_of(text: str) -> str:
    """The AE title of the device that is to make it; empty: any device."""
    return read_title(text) if text.strip() else ""


def line_of(text: str, longest: int = LONGEST_DESCRIPTION) -> str:
    """One line of text that a device can show: neither controls nor a backslash, which would part it."""
    line = text.strip()
    if len(line) > longest or not line.isprintable() or "\\" in line:
        raise Invalid(f"“{text[:80]}” does not fit: one line of at most {longest} characters, no backslash.")
    return line


def number_of(text: str) -> str:
    """An accession number or the like."""
    return line_of(text, LONGEST_NUMBER)


def uid_of(text: str) -> str:
    """A Study Instance UID."""
    if len(text) > 64 or not _UID.fullmatch(text):
        raise Invalid(f"{text[:80]} is no UID.")
    return text


def moment_of(moment: datetime) -> str:
    """A moment in the clinic's own time, as a step keeps it; without a time zone it is that time already."""
    own = moment.astimezone().replace(tzinfo=None) if moment.tzinfo else moment
    return own.isoformat(timespec="seconds")


def day_of(text: str, today: date) -> str:
    """A day as ``YYYY-MM-DD``; ``today`` may be written as the word."""
    if text == "today":
        return today.isoformat()
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise Invalid(f"{text[:40]} is no day: write 2026-03-02, or today.") from None
