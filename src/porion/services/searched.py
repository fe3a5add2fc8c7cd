"""What a header says that DICOM queries ask for, and the columns that it is kept in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from porion.dicom.query import clean_date, clean_time
from porion.services.arrival import SearchedFacts

if TYPE_CHECKING:
    from porion.dicom.elements import Elements, Header
    from porion.services.records import Json

# The range of IS and SL (PS3.5 table 6.2-1); a count beyond it counts nothing.
_LARGEST = 2**31 - 1
# The standard allows 64 characters at most; an index takes only so much.
_LONGEST = 200


NOTHING_SAID = SearchedFacts(None, None, "", "", "", None, None, None, "", "")
"""What a header says that cannot be read any more."""


def count_of(data_set: Elements, keyword: str) -> int | None:
    """A whole number, None when there is none or it counts nothing."""
    number = data_set.integer(keyword)
    return number if number is not None and abs(number) <= _LARGEST else None


def keyed(text: str | None) -> str | None:
    """A text as an index takes it."""
    return None if text is None else text[:_LONGEST]


def searched_facts(header: Header) -> SearchedFacts:
    """Read them from the header of any object."""
    said = header.data_set
    asked = next(iter(said.items_of("RequestAttributesSequence")), None)
    return SearchedFacts(
        study_day=clean_date(said.text("StudyDate")),
        study_time=clean_time(said.text("StudyTime")),
        study_id=_text(said, "StudyID"),
        referring_physician=_text(said, "ReferringPhysicianName"),
        timezone=_text(said, "TimezoneOffsetFromUTC"),
        series_number=count_of(said, "SeriesNumber"),
        step_day=clean_date(said.text("PerformedProcedureStepStartDate")),
        step_time=clean_time(said.text("PerformedProcedureStepStartTime")),
        scheduled_step_id=_text(asked, "ScheduledProcedureStepID"),
        requested_procedure_id=_text(asked, "RequestedProcedureID"),
    )


def _text(said: Elements | None, keyword: str) -> str:
    return keyed(said.text(keyword) if said is not None else None) or ""


def study_columns(facts: SearchedFacts) -> Json:
    """The columns of a study's row."""
    return {
        "day": facts.study_day,
        "time": facts.study_time,
        "dicom_id": facts.study_id,
        "referring_physician": facts.referring_physician,
        "timezone": facts.timezone,
    }


def series_columns(facts: SearchedFacts) -> Json:
    """The columns of a series' row."""
    return {
        "number": facts.series_number,
        "step_day": facts.step_day,
        "step_time": facts.step_time,
        "scheduled_step_id": facts.scheduled_step_id,
        "requested_procedure_id": facts.requested_procedure_id,
    }
