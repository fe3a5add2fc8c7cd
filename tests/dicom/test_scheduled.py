"""Answers of a worklist, written and read."""

from __future__ import annotations

from datetime import date

import pytest

from porion.dicom.codes import Code
from porion.dicom.elements import Elements
from porion.dicom.encode import element, elements, encode, sequence
from porion.dicom.message import read_message
from porion.dicom.person import ClaimedIdentity, Identifier, PersonName
from porion.dicom.scheduled import (
    REQUIRED,
    STEP,
    ScheduledItem,
    asked_of,
    read_item,
    write_item,
    written_name,
)

EXPLICIT, IMPLICIT, BIG = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2", "1.2.840.10008.1.2.2"
ITEM = ScheduledItem(
    claim=ClaimedIdentity(
        PersonName("Łukasiewicz", "Zoë", "M"),
        identifiers=(Identifier("P-1", "CLINIC"),),
        birth_date=date(2012, 4, 3),
        sex="F",
    ),
    accession_number="A-1",
    study_instance_uid="1.2.3",
    procedure_id="R-1",
    procedure_description="Initial records",
    step_id="S-1",
    description="Panoramic",
    dicom_modality="PX",
    station_ae="PAN1",
    station_name="Room 1",
    starts_at="2026-03-02T08:30:00",
    requested_by="Wert^Ina",
    codes=(Code("SCT", "89846007", "Orthopantogram"),),
    state="SCHEDULED",
)


@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT, BIG])
def test_what_is_written_is_read_again(syntax: str) -> None:
    content = encode(write_item(ITEM), syntax, "ISO_IR 192")
    assert read_item(read_message(content, syntax)) == ITEM


def test_an_empty_answer_says_nothing() -> None:
    assert read_item(Elements()) == ScheduledItem(ClaimedIdentity())
    strange = elements([sequence(STEP, elements([element("ScheduledProcedureStepStartDate", "20260302")]))])
    assert read_item(strange).starts_at == "2026-03-02T00:00:00"
    late = element("ScheduledProcedureStepStartTime", "250000")
    odd = elements([sequence(STEP, elements([element("ScheduledProcedureStepStartDate", "20260302"), late]))])
    assert read_item(odd).starts_at == "2026-03-02T00:00:00"


def test_what_is_asked_for_comes_back_and_what_is_required_too() -> None:
    keys = elements([element("PatientBirthDate"), element("PatientWeight"), element("EthnicGroup")])
    answer = asked_of(keys, write_item(ITEM))
    assert {one.keyword for one in answer.values()} == REQUIRED | {
        "PatientBirthDate",
        "PatientWeight",
        "EthnicGroup",
    }
    assert answer.text("PatientBirthDate") == "20120403"
    assert answer.text("PatientWeight") is None
    assert answer.text("EthnicGroup") is None
    assert answer.items_of(STEP)[0].text("ScheduledProcedureStepID") == "S-1"


def test_within_the_step_only_what_is_asked_for_and_what_is_required() -> None:
    inner = elements([element("ScheduledProcedureStepDescription")])
    answer = asked_of(
        elements([sequence(STEP, inner), element("SpecificCharacterSet", "ISO_IR 100")]), write_item(ITEM)
    )
    (step,) = answer.items_of(STEP)
    assert step.text("ScheduledProcedureStepDescription") == "Panoramic"
    assert step.text("Modality") == "PX"
    assert step.element("ScheduledStationName") is None
    assert answer.element("SpecificCharacterSet") is None


def test_an_empty_sequence_asks_for_all_of_it() -> None:
    for key in (sequence(STEP), sequence(STEP, Elements())):
        (step,) = asked_of(elements([key]), write_item(ITEM)).items_of(STEP)
        assert step.text("ScheduledStationName") == "Room 1"


def test_a_name_cannot_break_out_of_its_components() -> None:
    assert written_name(PersonName("Beispiel", "Anna")) == "Beispiel^Anna"
    assert written_name(PersonName("a^b=c", "d\\e", suffix="Jr")) == "a b c^d e^^^Jr"
    assert written_name(PersonName()) == ""
