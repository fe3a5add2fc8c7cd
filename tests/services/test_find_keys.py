"""Identifiers of queries, read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porion.dicom.elements import Element
from porion.dicom.encode import element, elements, sequence
from porion.dicom.query import OneOf, Pattern, Span
from porion.services.errors import Invalid
from porion.services.find_keys import MOST_UIDS, Asked, Rules, read_query
from porion.services.search_rows import Condition, Level

RELATIONAL, COMBINED = Rules(relational=True), Rules(combined=True)


def read(*keys: Element, level: str = "STUDY", rules: Rules = RELATIONAL) -> Asked:
    return read_query(elements([element("QueryRetrieveLevel", level), *keys]), rules, verified=True)


def conditions(*keys: Element, **more: object) -> dict[str, tuple[object, ...]]:
    return {one.keyword: one.matches for one in read(*keys, **more).wanted.conditions}


def test_each_kind_of_matching_is_told_from_its_value() -> None:
    found = conditions(
        element("PatientName", "BEI*"),
        element("PatientID", "P-1"),
        element("StudyDate", "20260101-20260201"),
        element("StudyTime", "-12"),
        element("StudyInstanceUID", "1.2", "1.3"),
        element("ModalitiesInStudy", "PX", "DX"),
    )
    assert found == {
        "PatientName": (Pattern("BEI*"),),
        "PatientID": (Pattern("P-1"),),
        "StudyDate": (Span("20260101", "20260201"),),
        "StudyTime": (Span(None, "12~"),),
        "StudyInstanceUID": (OneOf(("1.2",)), OneOf(("1.3",))),
        "ModalitiesInStudy": (Pattern("PX"), Pattern("DX")),
    }


@pytest.mark.parametrize("text", ["", "*", "**", " "])
def test_what_matches_everything_is_a_wish(text: str) -> None:
    asked = read(element("PatientName", text), element("StudyDate"))
    assert (asked.wanted.conditions, asked.unmatched) == ((), ())


def test_keys_in_a_sequence_are_conditions_too() -> None:
    item = elements([element("ScheduledProcedureStepID", "STEP"), element("RequestedProcedureID")])
    asked = read(sequence("RequestAttributesSequence", item), level="SERIES")
    assert asked.wanted.conditions == (Condition("ScheduledProcedureStepID", (Pattern("STEP"),)),)


def test_what_is_compared_with_nothing_is_listed() -> None:
    keys = (element("InstitutionName", "X"), element("Modality", "PX"), element("SOPClassUID", "1.2"))
    assert len(read(*keys).unmatched) == 3
    assert [one.keyword for one in read(*keys, level="IMAGE").wanted.conditions] == [
        "SOPClassUID",
        "Modality",
    ]


def test_patients_are_asked_for_by_their_own_attributes_alone() -> None:
    keys = (element("PatientName", "A*"), element("StudyDate", "20260101"))
    asked = read(*keys, level="PATIENT", rules=Rules(patient_root=True))
    assert [one.keyword for one in asked.wanted.conditions] == ["PatientName"]
    assert asked.unmatched == (0x00080020,)


def test_date_and_time_are_one_moment_where_that_was_agreed() -> None:
    keys = (element("StudyDate", "20260101-20260102"), element("StudyTime", "10-12"))
    found = conditions(*keys, rules=COMBINED)
    assert found["StudyMoment"] == (Span("2026010110", "2026010212~"),)
    assert "StudyTime" not in found
    assert conditions(keys[0], rules=COMBINED) == {"StudyDate": (Span("20260101", "20260102"),)}
    open_end = conditions(element("StudyDate", "20260101-"), element("StudyTime", "10-"), rules=COMBINED)
    assert open_end["StudyMoment"] == (Span("2026010110", None),)


@pytest.mark.parametrize(
    "keys",
    [
        [element("StudyDate", "2026")],
        [element("StudyDate", "20260101-20260201-20260301")],
        [element("StudyTime", "noon")],
        [element("PatientName", "a" * 201)],
        [element("PatientName", "*a*b*c*d*e*")],
        [element("StudyInstanceUID", *map(str, range(MOST_UIDS + 1)))],
        [sequence("RequestAttributesSequence", elements([]), elements([]))],
    ],
)
def test_what_makes_no_sense_is_refused(keys: list[Element]) -> None:
    with pytest.raises(Invalid):
        read(*keys, level="SERIES")


@pytest.mark.parametrize(
    ("level", "rules", "keys", "fits"),
    [
        ("SERIES", Rules(), ["StudyInstanceUID"], True),
        ("SERIES", Rules(), [], False),
        ("SERIES", RELATIONAL, [], True),
        ("IMAGE", Rules(), ["StudyInstanceUID", "SeriesInstanceUID"], True),
        ("IMAGE", Rules(), ["SeriesInstanceUID"], False),
        ("STUDY", Rules(patient_root=True), ["PatientID"], True),
        ("STUDY", Rules(patient_root=True), [], False),
        ("PATIENT", Rules(patient_root=True), [], True),
        ("PATIENT", Rules(), [], False),
        ("IMAGES", RELATIONAL, [], False),
    ],
)
def test_unless_agreed_otherwise_what_lies_above_is_named(
    level: str, rules: Rules, keys: list[str], fits: bool
) -> None:
    named = [element(keyword, "1.2.3") for keyword in keys]
    if fits:
        assert read(*named, level=level, rules=rules).level in Level
    else:
        with pytest.raises(Invalid):
            read(*named, level=level, rules=rules)


VALUES = st.one_of(st.text("*?-A1\\^ ", max_size=12), st.dates().map(lambda day: day.strftime("%Y%m%d")))
KEYWORDS = st.sampled_from(["PatientName", "StudyDate", "StudyTime", "StudyInstanceUID", "Modality", "Rows"])


@given(st.dictionaries(KEYWORDS, VALUES), st.sampled_from(["STUDY", "SERIES", "IMAGE", "X"]))
def test_any_keys_are_a_query_or_one_error(keys: dict[str, str], level: str) -> None:
    made = [Element(element(keyword).tag, "LO", (value,)) for keyword, value in keys.items()]
    try:
        asked = read(*made, level=level)
    except Invalid:
        return
    assert len(asked.wanted.conditions) + len(asked.unmatched) <= len(made)
