from __future__ import annotations

import pytest
from pydicom.datadict import keyword_dict

from porion.dicom.query import Alike, OneOf
from porion.services.errors import Invalid
from porion.services.search_keys import KEYS, condition, key_at, keyword_of, tag_path
from porion.services.search_rows import Condition, Level
from porion.store.search_conditions import ATTRIBUTES


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("PatientName", "00100010"),
        ("0020000d", "0020000D"),
        ("RequestAttributesSequence.ScheduledProcedureStepID", "00400275.00400009"),
        ("00400275.RequestedProcedureID", "00400275.00401001"),
        ("patientname", None),
        ("0010001", None),
        ("00100010.", None),
        ("", None),
    ],
)
def test_an_attribute_goes_by_tag_or_keyword(name: str, path: str | None) -> None:
    assert tag_path(name) == path


def test_every_key_is_an_attribute_that_the_database_can_be_asked_for() -> None:
    # A moment is two attributes, and asked for by those who negotiated it.
    assert {key.keyword for key in KEYS} == set(ATTRIBUTES) - {"StudyMoment"}
    assert all(key.keyword in keyword_dict for key in KEYS)
    assert all(key.source for key in KEYS)


def test_a_level_can_be_asked_for_what_stands_above_it() -> None:
    assert key_at("00080060", Level.STUDY) is None
    assert key_at("00080060", Level.SERIES)
    assert key_at("00100010", Level.INSTANCE)


def test_values_become_conditions() -> None:
    name, study = key_at("00100010", Level.STUDY), key_at("0020000D", Level.STUDY)
    assert name
    assert study
    assert condition(study, "1.2,1.3", fuzzy=True) == Condition("StudyInstanceUID", (OneOf(("1.2", "1.3")),))
    assert condition(name, "Mül*^Anne", fuzzy=True) == Condition("PatientName", (Alike(("Mül", "Anne")),))


def test_a_refusal_names_the_attribute_and_not_what_was_sent() -> None:
    day = key_at("00080020", Level.STUDY)
    assert day
    with pytest.raises(Invalid, match="StudyDate cannot") as refused:
        condition(day, "Beispiel^Anna", fuzzy=False)
    assert "Beispiel" not in str(refused.value)


def test_people_are_told_keywords_where_there_are_some() -> None:
    assert keyword_of("00400275.00401001") == "RequestedProcedureID"
    assert keyword_of("00091001") == "00091001"
