"""What each key of a query leaves, and what is told of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from porion.dicom.elements import Elements
from porion.dicom.encode import element, elements, sequence
from porion.dicom.scheduled import STEP
from porion.services.worklist_narrowing import Narrowing, days_asked, keys_of, listed


def a_query(beside: dict[str, str] | None = None, **within: str) -> Elements:
    """A query with these keys of the step, and beside it."""
    step = elements(element(keyword, value) for keyword, value in within.items())
    others = [element(keyword, value) for keyword, value in (beside or {}).items()]
    return elements([sequence(STEP, step), *others])


def a_whole(
    modality: str = "PX", station: str = "PAN1", day: str = "20260302", time: str = "080000"
) -> Elements:
    step = elements(
        [
            element("Modality", modality),
            element("ScheduledStationAETitle", station),
            element("ScheduledProcedureStepStartDate", day),
            element("ScheduledProcedureStepStartTime", time),
        ]
    )
    return elements([sequence(STEP, step), element("PatientName", "Beispiel^Anna")])


def narrowed(query: Elements, **steps: Elements) -> tuple[list[str], list[str]]:
    """The steps that are left, and what was told."""
    narrowing = Narrowing(steps)
    narrowing.by(keys_of(query))
    return list(narrowing.left), narrowing.told


def test_every_key_says_what_it_leaves_and_what_the_rest_has() -> None:
    query = a_query({"PatientName": "Beispiel*"}, Modality="PX", ScheduledStationAETitle="PAN2")
    left, told = narrowed(query, a=a_whole(), b=a_whole("DX"), c=a_whole("DX"))
    assert left == []
    assert told == [
        "Modality “PX” leaves 1 of 3. The rest have “DX”.",
        "ScheduledStationAETitle “PAN2” leaves 0 of 1. The rest has “PAN1”.",
    ]


def test_nothing_of_another_patient_is_told() -> None:
    _, told = narrowed(a_query({"PatientName": "Muster*"}), a=a_whole())
    assert told == ["PatientName “Muster*” leaves 0 of 1."]


def test_what_is_not_kept_is_told_and_not_matched() -> None:
    left, told = narrowed(a_query({"RequestingService": "Ortho"}), a=a_whole())
    assert left == ["a"]
    assert told == ["RequestingService is not kept here: it is not matched."]


def test_what_nobody_knows_of_any_patient_empties_no_list() -> None:
    query = elements([element("PregnancyStatus", 0), element("MedicalAlerts", "none")])
    whole = elements([*a_whole().values(), element("PregnancyStatus"), element("MedicalAlerts", "")])
    left, told = narrowed(query, a=whole)
    assert left == ["a"]
    assert all(sentence.endswith("is not kept here: it is not matched.") for sentence in told)


def test_date_and_time_are_one_key() -> None:
    query = a_query(
        ScheduledProcedureStepStartDate="20260302-20260304", ScheduledProcedureStepStartTime="1000-1200"
    )
    steps = {
        "early": a_whole(time="090000"),
        "first": a_whole(time="180000"),
        "between": a_whole(day="20260303", time="030000"),
        "last": a_whole(day="20260304", time="120030"),
        "late": a_whole(day="20260304", time="121000"),
    }
    left, told = narrowed(query, **steps)
    assert left == ["first", "between", "last"]
    assert told == ["The start “20260302-20260304” with “1000-1200” leaves 3 of 5."]


def test_a_date_that_is_none_leaves_nothing_and_says_so() -> None:
    left, told = narrowed(a_query(ScheduledProcedureStepStartDate="today"), a=a_whole())
    assert (left, told) == ([], ["ScheduledProcedureStepStartDate “today” leaves 0 of 1."])
    mixed = a_query(ScheduledProcedureStepStartDate="today", ScheduledProcedureStepStartTime="0800")
    assert narrowed(mixed, a=a_whole())[0] == []


def test_the_days_are_those_of_the_step() -> None:
    assert days_asked(keys_of(a_query(ScheduledProcedureStepStartDate="20260302-"))) == (
        "2026-03-02",
        "9999-12-31",
    )
    assert days_asked(keys_of(a_query())) is None
    assert days_asked(keys_of(a_query(ScheduledProcedureStepStartDate="x"))) is None
    assert days_asked(keys_of(Elements())) is None


def test_keys_that_only_ask_to_be_told_match_everything() -> None:
    assert keys_of(a_query({"SpecificCharacterSet": "ISO_IR 100", "PatientName": "*"}, Modality="")) == []


def test_a_query_is_listed_with_its_values() -> None:
    found = list(listed(a_query({"PatientName": "B*"}, Modality="PX")))
    assert found == [[f"{STEP}.Modality", "PX"], ["PatientName", "B*"]]
    long = list(listed(a_query({"PatientName": "x" * 100})))
    assert long == [["PatientName", "x" * 64]]


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_any_texts_leave_some_or_none(name: str, date: str, time: str) -> None:
    query = a_query(
        {"PatientName": name}, ScheduledProcedureStepStartDate=date, ScheduledProcedureStepStartTime=time
    )
    assert narrowed(query, a=a_whole())[0] in ([], ["a"])
