"""What an answer holds."""

from __future__ import annotations

from porion.dicom.elements import Element, Elements
from porion.dicom.encode import element, elements, sequence
from porion.services.find_answers import answer_to
from porion.services.records import SeriesRow, StudyRow
from porion.services.search_rows import Found, FoundPerson, Level, Person

ANNA = Person(("Beispiel^Anna", "", ""), "P-1", "CLINIC", "20120403", "F")
STUDY = StudyRow("s", "1.2", day="20260302", dicom_id="S1", timezone="+0100")
SERIES = SeriesRow("x", "s", "1.2.3", "PX", number=4, scheduled_step_id="STEP", requested_procedure_id="RP")
PRIVATE = Element(0x00091001, "LO", ("wanted",))


def answered(
    *keys: Element, found: Found | FoundPerson | None = None, level: Level = Level.STUDY
) -> Elements:
    return answer_to(elements(keys), found or Found(STUDY, ANNA), level, "PORION", Elements)


def test_what_was_not_asked_for_is_left_out_but_for_how_to_get_it() -> None:
    answer = answered(element("PatientName"))
    assert answer.text("PatientName") == "Beispiel^Anna"
    assert answer.text("StudyInstanceUID") == "1.2"
    assert (answer.text("RetrieveAETitle"), answer.text("InstanceAvailability")) == ("PORION", "ONLINE")
    assert answer.text("QueryRetrieveLevel") == "STUDY"
    assert answer.text("PatientID") == "P-1"
    assert len(answer) == 6


def test_what_nobody_knows_is_there_and_empty() -> None:
    answer = answered(PRIVATE, element("StudyDescription"), element("SpecificCharacterSet", "ISO_IR 100"))
    assert answer[PRIVATE.tag] == Element(PRIVATE.tag, "LO")
    assert answer.element("StudyDescription") == element("StudyDescription")
    assert answer.element("SpecificCharacterSet") is None


def test_of_a_sequence_what_its_item_asks_for() -> None:
    found = Found(STUDY, ANNA, SERIES)
    step = sequence("RequestAttributesSequence", elements([element("ScheduledProcedureStepID", "STEP")]))
    (item,) = answered(step, found=found, level=Level.SERIES).items_of("RequestAttributesSequence")
    assert dict(item) == dict(elements([element("ScheduledProcedureStepID", "STEP")]))
    whole = answered(sequence("RequestAttributesSequence"), found=found, level=Level.SERIES)
    assert whole.items_of("RequestAttributesSequence")[0].text("RequestedProcedureID") == "RP"


def test_more_is_read_only_when_it_is_asked_for() -> None:
    read = []

    def header() -> Elements:
        read.append(True)
        return elements([element("ProtocolName", "PAN"), element("Rows", 4)])

    found = Found(STUDY, ANNA, SERIES)
    asked = elements([element("Modality"), element("SeriesNumber")])
    answer = answer_to(asked, found, Level.SERIES, "PORION", header)
    assert (answer.text("Modality"), answer.integer("SeriesNumber"), read) == ("PX", 4, [])
    more = elements([element("ProtocolName"), element("Rows")])
    answer = answer_to(more, found, Level.SERIES, "PORION", header)
    assert (answer.text("ProtocolName"), answer.integer("Rows"), read) == ("PAN", None, [True])


def test_a_patient_s_answer_counts() -> None:
    keys = [element(f"NumberOfPatientRelated{what}") for what in ("Studies", "Series", "Instances")]
    answer = answered(*keys, found=FoundPerson(ANNA, 1, 2, 3), level=Level.PATIENT)
    assert [answer.integer(key.keyword) for key in keys] == [1, 2, 3]
    assert answer.text("PatientID") == "P-1"
    assert answer.element("StudyInstanceUID") is None
