"""What a device reports, read."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from porion.dicom.elements import Elements, UnreadableDicom
from porion.dicom.encode import element, elements, encode, sequence
from porion.dicom.message import read_message
from porion.dicom.performed import MPPS, PerformedImage, PerformedStep, ScheduledReference, read_performed
from porion.dicom.person import PersonName

IMPLICIT = "1.2.840.10008.1.2"


def an_exposure(**values: str) -> Elements:
    return elements(element(keyword, value) for keyword, value in values.items())


def a_report(*more: object, status: str = "IN PROGRESS") -> Elements:
    scheduled = elements(
        [
            element("StudyInstanceUID", "1.2.3"),
            element("AccessionNumber", "A-1"),
            element("ScheduledProcedureStepID", "S-1"),
        ]
    )
    return elements(
        [
            element("PatientName", "Beispiel^Anna"),
            element("PerformedProcedureStepStatus", status),
            element("PerformedProcedureStepID", "PPS-1"),
            element("PerformedProcedureStepStartDate", "20260302"),
            element("PerformedProcedureStepStartTime", "0815"),
            element("PerformedProcedureStepEndDate", ""),
            element("Modality", "PX"),
            element("PerformedStationAETitle", "PAN1"),
            sequence("ScheduledStepAttributesSequence", scheduled),
            *more,  # type: ignore[list-item]
        ]
    )


def test_what_a_report_says_is_read() -> None:
    said = read_performed(a_report())
    assert (said.status, said.performed_id, said.dicom_modality) == ("IN PROGRESS", "PPS-1", "PX")
    assert (said.started_at, said.ended_at) == ("2026-03-02T08:15:00", "")
    assert said.scheduled == (ScheduledReference("1.2.3", "A-1", "S-1"),)
    assert said.claim is not None
    assert said.claim.name == PersonName("Beispiel", "Anna")
    assert (said.images, said.exposures, said.total, said.number) == (None, None, (), None)


def test_an_empty_report_says_nothing() -> None:
    assert read_performed(Elements()) == PerformedStep("")


def test_images_of_every_series_are_named() -> None:
    def series(keyword: str, uid: str) -> Elements:
        reference = elements(
            [element("ReferencedSOPClassUID", "1.1"), element("ReferencedSOPInstanceUID", uid)]
        )
        return elements([sequence(keyword, reference, Elements())])

    made = sequence(
        "PerformedSeriesSequence",
        series("ReferencedImageSequence", "1.9.1"),
        series("ReferencedNonImageCompositeSOPInstanceSequence", "1.9.2"),
    )
    assert read_performed(a_report(made)).images == (
        PerformedImage("1.1", "1.9.1"),
        PerformedImage("1.1", "1.9.2"),
    )


def test_dose_is_read_for_the_step_and_for_each_exposure_with_its_unit() -> None:
    exposures = sequence(
        "ExposureDoseSequence",
        an_exposure(KVP="68", XRayTubeCurrentInuA="8000", ExposureTime="13900"),
        an_exposure(KVP="70", ExposureTime="bad"),
    )
    total = element("ImageAndFluoroscopyAreaDoseProduct", "0.74")
    said = read_performed(a_report(total, exposures, element("TotalNumberOfExposures", 2)))
    (dap,) = said.total
    assert (dap.quantity, dap.value, dap.raw_unit, dap.source) == (
        "dap_mgycm2",
        Decimal("74.00"),
        "dGy.cm2",
        MPPS,
    )
    assert dap.tag == "(0018,115E)"
    assert said.exposures is not None
    first, second = said.exposures
    assert {one.quantity: one.value for one in first} == {"kvp": 68, "tube_ma": 8, "time_ms": 13900}
    assert first[0].tag == "(0040,030E)[0].(0018,0060)"
    assert {one.quantity: one.value for one in second} == {"kvp": 70, "time_ms": None}
    assert said.number == 2


def test_a_device_with_a_unit_of_its_own_is_read_in_it() -> None:
    (dap,) = read_performed(a_report(element("ImageAndFluoroscopyAreaDoseProduct", "74")), "mGy.cm2").total
    assert (dap.value, dap.unit_status) == (74, "device_setting")


def test_why_it_was_discontinued_is_told() -> None:
    code = elements(
        [
            element("CodeValue", "110513"),
            element("CodingSchemeDesignator", "DCM"),
            element("CodeMeaning", "Doctor cancelled procedure"),
        ]
    )
    reason = sequence("PerformedProcedureStepDiscontinuationReasonCodeSequence", code)
    assert read_performed(a_report(reason)).reason == "110513 (Doctor cancelled procedure)"


@given(st.binary(max_size=60), st.integers(0, 300))
def test_any_bytes_are_a_report_or_unreadable(content: bytes, at: int) -> None:
    whole = encode(a_report(), IMPLICIT)
    try:
        read_performed(read_message(whole[:at] + content + whole[at + len(content) :], IMPLICIT))
    except UnreadableDicom:
        return
