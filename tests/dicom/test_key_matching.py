"""Keys against values, kind by kind."""

from __future__ import annotations

import re
from fnmatch import translate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.dicom.elements import Element, Elements
from porion.dicom.encode import element, elements, sequence
from porion.dicom.key_matching import date_span, is_universal, like, matches, matches_all, time_span

CASES = [
    ("Modality", "PX", "PX", True),
    ("Modality", "PX", "DX", False),
    ("Modality", "P*", "PX", True),
    ("Modality", "", "PX", True),
    ("Modality", "*", "PX", True),
    ("PatientName", "BEISPIEL^ANNA", "Beispiel^Anna", True),
    ("PatientName", "Beispiel*", "Beispiel^Anna", True),
    ("PatientName", "Beispiel^Anna^^^", "Beispiel^Anna", True),
    ("PatientName", "MUELLER*", "Müller^Jörg", True),
    ("PatientName", "MULLER^JORG", "Müller^Jörg", True),
    ("PatientName", "Müller^J?rg", "Mueller^Jörg", True),
    ("PatientName", "Beispiel", "Beispiel^Anna", False),
    ("PatientID", "p-1", "P-1", False),
    ("ScheduledStationAETitle", "PAN*", "PAN1", True),
    ("ScheduledProcedureStepStartDate", "20260302", "20260302", True),
    ("ScheduledProcedureStepStartDate", "20260301-20260303", "20260302", True),
    ("ScheduledProcedureStepStartDate", "-20260302", "20260302", True),
    ("ScheduledProcedureStepStartDate", "20260303-", "20260302", False),
    ("ScheduledProcedureStepStartDate", "2026.03.02", "20260302", True),
    ("ScheduledProcedureStepStartDate", "tomorrow", "20260302", False),
    ("ScheduledProcedureStepStartTime", "0800-0859", "083000", True),
    ("ScheduledProcedureStepStartTime", "08", "085959", True),
    ("ScheduledProcedureStepStartTime", "0800-0830", "083059", True),
    ("ScheduledProcedureStepStartTime", "0900-", "083000", False),
    ("ScheduledProcedureStepStartTime", "99x", "083000", False),
]


@pytest.mark.parametrize(("keyword", "asked", "value", "expected"), CASES)
def test_a_key_matches_as_its_kind_does(keyword: str, asked: str, value: str, expected: bool) -> None:
    assert matches(element(keyword, asked), element(keyword, value)) is expected


def test_one_of_several_uids_is_enough() -> None:
    key = element("StudyInstanceUID", "1.2", "1.3")
    assert matches(key, element("StudyInstanceUID", "1.3"))
    assert not matches(key, element("StudyInstanceUID", "1.4"))
    assert not matches(element("StudyInstanceUID", "1.*"), element("StudyInstanceUID", "1.3"))


def test_what_is_missing_matches_only_a_key_that_asks_for_nothing() -> None:
    assert matches(element("PatientID", ""), None)
    assert matches(element("PatientID"), None)
    assert not matches(element("PatientID", "P-1"), None)
    assert not matches(element("PatientID", "P-1"), element("PatientID", ""))


def test_a_sequence_is_matched_by_one_item_that_fits_as_a_whole() -> None:
    def steps(*pairs: tuple[str, str]) -> Element:
        items = [
            elements([element("Modality", one), element("ScheduledStationAETitle", two)])
            for one, two in pairs
        ]
        return sequence("ScheduledProcedureStepSequence", *items)

    assert matches(steps(("PX", "")), steps(("DX", "A"), ("PX", "B")))
    assert not matches(steps(("PX", "A")), steps(("DX", "A"), ("PX", "B")))
    assert not matches(steps(("PX", "")), None)
    assert matches(steps(("", "*")), None)
    assert is_universal(sequence("ScheduledProcedureStepSequence"))
    assert matches_all(Elements(), elements([element("Modality", "PX")]))


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("20260302", ("20260302", "20260302")),
        ("20260302-", ("20260302", "99991231")),
        ("-20260302", ("00010101", "20260302")),
        ("-", None),
        ("2026", None),
        ("20260302-x", None),
    ],
)
def test_spans_of_days(text: str, span: tuple[str, str] | None) -> None:
    assert date_span(text) == span


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("08", ("080000", "085959")),
        ("0830", ("083000", "083059")),
        ("08:30:05.5", ("083005", "083005")),
        ("0800-", ("080000", "235959")),
        ("8", None),
    ],
)
def test_spans_of_times(text: str, span: tuple[str, str] | None) -> None:
    assert time_span(text) == span


@given(st.text("ab*?", max_size=8), st.text("ab", max_size=8))
def test_patterns_mean_what_they_mean_elsewhere(pattern: str, text: str) -> None:
    assert like(pattern, text) == bool(re.fullmatch(translate(pattern), text))


def test_a_hostile_pattern_takes_no_time() -> None:
    assert not like("*a" * 2_000 + "b", "a" * 4_000)


def test_what_nobody_would_ask_matches_nothing_and_takes_no_time() -> None:
    value = element("PatientID", "a" * 64)
    assert not matches(element("PatientID", "*a" * 513), value)
    assert matches(element("PatientID", "*a" * 60 + "*"), value)
    many = element("StudyInstanceUID", *(f"1.2.{number}" for number in range(100_000)))
    assert matches(many, element("StudyInstanceUID", "1.2.999"))
    assert not matches(many, element("StudyInstanceUID", "1.2.1000"))
