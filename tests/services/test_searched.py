from __future__ import annotations

from typing import Any

from porion.dicom.header import read_header
from porion.services.arrival import SearchedFacts
from porion.services.searched import keyed, searched_facts
from tests.builders import a_panoramic, data_set, file_bytes


def facts(**overrides: Any) -> SearchedFacts:
    return searched_facts(read_header(file_bytes(a_panoramic(**overrides))))


def test_a_header_says_what_queries_ask_for() -> None:
    request = data_set(ScheduledProcedureStepID="S", RequestedProcedureID="R")
    found = facts(StudyID="7", ReferringPhysicianName="A^B", RequestAttributesSequence=[request])
    assert found == SearchedFacts("20260302", "101500", "7", "A^B", "", 1, None, None, "S", "R")


def test_what_is_no_date_time_or_number_is_none() -> None:
    found = facts(StudyDate="", StudyTime="", SeriesNumber=None)
    assert (found.study_day, found.study_time, found.series_number) == (None, None, None)


def test_a_text_is_cut_where_an_index_takes_no_more() -> None:
    assert keyed("x" * 900) == "x" * 200
    assert keyed(None) is None
