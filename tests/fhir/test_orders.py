"""ServiceRequest and Appointment become steps."""

from __future__ import annotations

from typing import Any

import pytest

from porion.clinic.permissions import feeder
from porion.dicom.codes import Code
from porion.fhir.bundle import apply_bundle
from porion.fhir.orders import order_of
from porion.services.errors import Invalid
from porion.services.patients import list_patients
from porion.services.register_feed import Applied, FeedOutcome
from porion.services.worklist import see_schedule
from porion.services.worklist_records import StepFilter, StepRow
from tests.fhir.resources import SOURCE, a_bundle, a_patient
from tests.services.scenes import dump
from tests.world import World

OPG = {"coding": [{"system": "http://snomed.info/sct", "code": "89846007", "display": "Orthopantogram"}]}


def a_request(number: str = "r1", *, version: str = "1", **changes: Any) -> dict[str, Any]:
    """An order of a panoramic."""
    resource = {
        "resourceType": "ServiceRequest",
        "id": number,
        "meta": {"versionId": version, "lastUpdated": f"2026-03-01T0{version}:00:00Z"},
        "status": "active",
        "intent": "order",
        "identifier": [{"type": {"coding": [{"code": "ACSN"}]}, "value": "ACC-7"}],
        "code": OPG,
        "subject": {"reference": "Patient/1"},
        "occurrenceDateTime": "2026-03-02T08:30:00",
        "requester": {"display": "Dr. Wert"},
        "performer": [{"reference": "Device/d1", "display": "PAN1"}],
        **changes,
    }
    return {key: value for key, value in resource.items() if value is not None}


def an_appointment(number: str = "a1", **changes: Any) -> dict[str, Any]:
    """An appointment for initial records."""
    return {
        "resourceType": "Appointment",
        "id": number,
        "meta": {"versionId": "1", "lastUpdated": "2026-03-01T12:00:00Z"},
        "status": "booked",
        "serviceType": [{"text": "Initial orthodontic records"}],
        "start": "2026-03-02T09:00:00",
        "participant": [{"actor": {"reference": "Practitioner/7"}}, {"actor": {"reference": "Patient/1"}}],
        **changes,
    }


def send(world: World, *resources: Any) -> list[Applied]:
    return apply_bundle(world.porion, feeder(SOURCE, world.clinic_id), a_bundle(*resources), SOURCE, {})


def steps(world: World) -> list[StepRow]:
    return [view.step for view in see_schedule(world.porion, world.actor, StepFilter())]


def test_a_bundle_brings_a_patient_and_what_is_ordered_in_any_order(each_world: World) -> None:
    applied = send(each_world, a_request(), a_patient("1"))
    assert [one.outcome for one in applied] == [FeedOutcome.ADDED, FeedOutcome.ADDED]
    (step,) = steps(each_world)
    (patient,) = list_patients(each_world.porion, each_world.actor)
    assert (step.patient_id, step.category, step.accession_number) == (patient.id, "PANORAMIC", "ACC-7")
    assert (step.starts_at, step.station_ae, step.requested_by) == ("2026-03-02T08:30:00", "PAN1", "Dr. Wert")
    assert (step.source, step.order_key) == (SOURCE, "ServiceRequest/r1")


def test_the_same_again_changes_nothing_and_a_newer_version_does(each_world: World) -> None:
    send(each_world, a_patient("1"), a_request())
    before = dump(each_world)
    assert [one.outcome for one in send(each_world, a_request())] == [FeedOutcome.REPLAYED]
    assert dump(each_world) == before
    moved = a_request(version="2", occurrenceDateTime="2026-03-02T10:00:00")
    assert [one.outcome for one in send(each_world, moved)] == [FeedOutcome.UPDATED]
    assert [step.starts_at for step in steps(each_world)] == ["2026-03-02T10:00:00"]
    revoked = a_request(version="3", status="revoked")
    assert [one.reason for one in send(each_world, revoked)] == ["Cancelled."]
    assert [step.state for step in steps(each_world)] == ["cancelled"]


def test_an_appointment_schedules_what_it_is_for(world: World) -> None:
    assert send(world, a_patient("1"), an_appointment())[1].outcome is FeedOutcome.ADDED
    assert [step.dicom_modality for step in steps(world)] == ["PX", "DX", "DX"]
    check_up = an_appointment("a2", serviceType=[{"text": "Check-up"}])
    assert send(world, check_up)[0].reason == "It is for no X-ray."
    assert send(world, an_appointment("a3", status="proposed"))[0].outcome is FeedOutcome.UNCHANGED
    later = {"versionId": "2", "lastUpdated": "2026-03-01T13:00:00Z"}
    assert send(world, an_appointment(status="cancelled", meta=later))[0].reason == "Cancelled."


def test_a_patient_may_be_meant_by_the_bundle_by_an_identifier_or_by_the_servers_id(world: World) -> None:
    send(world, a_patient("1"))
    by_identifier = {"identifier": {"system": "http://praxis.example/id", "value": "P-1"}}
    send(
        world,
        a_request("r2", subject=by_identifier),
        a_request("r3", subject={"reference": f"{SOURCE}/Patient/1"}),
    )
    entries = [
        {"fullUrl": "urn:uuid:77", "resource": a_patient("9", identifier=[{"value": "P-9"}])},
        {"resource": a_request("r4", subject={"reference": "urn:uuid:77"})},
    ]
    bundle = {"resourceType": "Bundle", "type": "batch", "entry": entries}
    applied = apply_bundle(world.porion, feeder(SOURCE, world.clinic_id), bundle, SOURCE, {})
    assert [one.outcome for one in applied] == [FeedOutcome.ADDED] * 2
    made = {step.order_key: step.patient_id for step in steps(world)}
    assert made["ServiceRequest/r2"] == made["ServiceRequest/r3"] != made["ServiceRequest/r4"]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"subject": {"reference": "Patient/unknown"}}, "needs a family name"),
        ({"subject": None}, "no ID"),
        ({"code": {"text": "Blood count"}}, "Which X-ray"),
        ({"id": None, "identifier": None}, "neither an id"),
        ({"identifier": [{"type": {"coding": [{"code": "ACSN"}]}, "value": "x" * 30}]}, "does not fit"),
    ],
)
def test_what_cannot_be_scheduled_is_refused(world: World, changes: dict[str, Any], why: str) -> None:
    send(world, a_patient("1"))
    (applied,) = send(world, a_request(**changes))
    assert (applied.outcome, why in applied.reason) == (FeedOutcome.REFUSED, True), applied.reason
    assert steps(world) == []


@pytest.mark.parametrize("status", ["draft", "completed", "unknown", ""])
def test_other_states_ask_for_nothing(status: str) -> None:
    assert order_of(a_request(status=status), SOURCE, {}, {}) is None


def test_codes_come_with_dicoms_names_of_their_schemes() -> None:
    dcm = {
        "coding": [{"system": "http://dicom.nema.org/resources/ontology/DCM", "code": "PX"}],
        "text": "OPG",
    }
    order = order_of(a_request(orderDetail=[dcm]), SOURCE, {}, {})
    assert order is not None
    assert order.codes == (
        Code("SCT", "89846007", "Orthopantogram"),
        Code("DCM", "PX", ""),
        Code("", "", "OPG"),
    )
    assert order.dicom_modality == "PX"


@pytest.mark.parametrize(
    "odd", [{"code": "x"}, {"performer": "x"}, {"subject": ["x"]}, {"meta": 7}, {"identifier": {}}]
)
def test_odd_shapes_are_an_order_or_one_refusal(odd: dict[str, Any]) -> None:
    try:
        order_of(a_request(**odd), SOURCE, {}, {})
    except Invalid:
        return
