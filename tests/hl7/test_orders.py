"""Orders and appointments of practice systems."""

from __future__ import annotations

import pytest

from porion.clinic.scheduling import StepState
from porion.dicom.codes import Code
from porion.hl7.answer import Answer, answer, rehearse
from porion.hl7.message import read_message
from porion.hl7.orders import orders_of
from porion.services.patients import list_patients
from porion.services.register_feed import FeedOutcome
from porion.services.schedule import move_step
from porion.services.worklist import see_schedule
from porion.services.worklist_records import StepFilter, StepRow
from tests.hl7.messages import adt, orm, siu
from tests.services.scenes import dump
from tests.world import World


def send(world: World, content: bytes) -> Answer:
    return answer(world.porion, world.clinic_id, content)


def steps(world: World) -> list[StepRow]:
    return [view.step for view in see_schedule(world.porion, world.actor, StepFilter())]


@pytest.mark.parametrize("kind", ["ORM^O01", "OMG^O19", "OMI^O23"])
def test_an_order_is_scheduled_for_its_patient(each_world: World, kind: str) -> None:
    send(each_world, adt("A28"))
    said = send(each_world, orm(kind=kind))
    assert (said.code, said.reason) == ("AA", "Scheduled: Panoramic.")
    (step,) = steps(each_world)
    assert (step.category, step.dicom_modality, step.accession_number) == ("PANORAMIC", "PX", "ACC-1")
    assert (step.starts_at, step.requested_by) == ("2026-03-02T08:30:00", "Wert^Ina")
    assert (step.source, step.order_key) == ("RIS|PRAXIS", "ORD-1^RIS")
    assert [one.id for one in list_patients(each_world.porion, each_world.actor)] == [step.patient_id]


def test_whoever_is_not_in_the_register_comes_in_with_the_order(world: World) -> None:
    send(world, orm())
    (patient,) = list_patients(world.porion, world.actor)
    assert (patient.name.family, patient.identifiers[0].value) == ("Beispiel", "P-1")


def test_the_same_message_again_changes_nothing(each_world: World) -> None:
    send(each_world, orm())
    before = dump(each_world)
    again = send(each_world, orm(sent="20260301120500"))
    assert (again.code, again.applied[0].outcome) == ("AA", FeedOutcome.REPLAYED)
    assert dump(each_world) == before
    other = send(each_world, orm(start="20260303083000"))
    assert (other.code, "Another message came" in other.reason) == ("AE", True)


def test_an_order_is_changed_cancelled_and_ordered_again(each_world: World) -> None:
    send(each_world, orm())
    moved = send(each_world, orm("XO", "101", start="20260302100000", sent="20260301130000"))
    assert moved.reason == "Brought up to date."
    assert [step.starts_at for step in steps(each_world)] == ["2026-03-02T10:00:00"]
    assert send(each_world, orm("CA", "102", sent="20260301140000")).reason == "Cancelled."
    assert [step.state for step in steps(each_world)] == ["cancelled"]
    assert send(each_world, orm("CA", "103", sent="20260301150000")).reason == "It is cancelled already."
    assert send(each_world, orm("NW", "104", sent="20260301160000")).code == "AA"
    assert [step.state for step in steps(each_world)] == ["scheduled"]
    late = send(each_world, orm("CA", "105", sent="20260301100000"))
    assert late.applied[0].outcome is FeedOutcome.UNCHANGED
    assert [step.state for step in steps(each_world)] == ["scheduled"]


def test_another_x_ray_under_the_same_order_takes_its_place(world: World) -> None:
    send(world, orm())
    changed = send(world, orm("XO", "101", service="DVT^CBCT^L", modality="CT", sent="20260301130000"))
    assert changed.applied[0].outcome is FeedOutcome.UPDATED
    assert [(step.category, step.state) for step in steps(world)] == [
        ("PANORAMIC", "cancelled"),
        ("CBCT", "scheduled"),
    ]


def test_what_a_device_has_begun_stays(world: World) -> None:
    send(world, orm())
    move_step(world.porion, world.actor, steps(world)[0].id, StepState.COMPLETED)
    for control, number in (("XO", "101"), ("CA", "102")):
        said = send(world, orm(control, number, start="20260305080000", sent="20260301130000"))
        assert said.applied[0].outcome is FeedOutcome.UNCHANGED
    assert [(step.state, step.starts_at) for step in steps(world)] == [("completed", "2026-03-02T08:30:00")]


def test_a_template_is_ordered_at_once(world: World) -> None:
    send(world, orm(service="IOR^Initial orthodontic records^L", modality=""))
    made = steps(world)
    assert [step.dicom_modality for step in made] == ["PX", "DX", "DX"]
    assert len({step.accession_number for step in made}) == 1
    same = send(
        world,
        orm("XO", "101", service="IOR^Initial orthodontic records^L", modality="", sent="20260301130000"),
    )
    assert same.applied[0].outcome is FeedOutcome.UNCHANGED


def test_several_orders_of_one_message(world: World) -> None:
    second = ("ORC|NW|ORD-2^RIS", "OBR|2|ORD-2^RIS||FRS^Fernröntgen seitlich^L")
    said = send(world, orm(more=second))
    assert [one.outcome for one in said.applied] == [FeedOutcome.ADDED, FeedOutcome.ADDED]
    assert {step.category for step in steps(world)} == {"PANORAMIC", "CEPHALOMETRIC_LATERAL"}


def test_numbers_of_the_imaging_segment_are_kept(world: World) -> None:
    ipc = "IPC|ACC-9|RP-9|1.2.840.9|SPS-9|PX|||Room 1|PAN1"
    send(world, orm(kind="OMI^O23", more=(ipc,)))
    (step,) = steps(world)
    assert (step.accession_number, step.study_instance_uid, step.station_ae) == ("ACC-9", "1.2.840.9", "PAN1")
    send(world, orm(number="101", placer="ORD-2", more=("ZDS|1.2.840.7^^Application^DICOM",)))
    assert "1.2.840.7" in {step.study_instance_uid for step in steps(world)}


def test_an_appointment_for_an_x_ray_is_scheduled_and_any_other_is_left_alone(each_world: World) -> None:
    assert send(each_world, siu()).reason == "Scheduled: Panoramic."
    assert send(each_world, siu("S13", "201", start="20260302110000")).reason == "Brought up to date."
    assert [step.starts_at for step in steps(each_world)] == ["2026-03-02T11:00:00"]
    assert send(each_world, siu("S15", "202")).reason == "Cancelled."
    checked = send(each_world, siu("S12", "203", reason="CTRL^Check-up").replace(b"APP-1", b"APP-2"))
    assert (checked.code, checked.reason) == ("AA", "It is for no X-ray.")
    assert send(each_world, siu("S18", "204")).reason.startswith("Nothing to do: SIU S18")


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (orm(service="LAB^Blood count^L", modality=""), "AE", "Which X-ray"),
        (orm(placer=""), "AE", "no number"),
        (orm(pid=""), "AE", "no ID"),
        (orm(number=""), "AR", "no control ID"),
        (orm(placer="x" * 300), "AE", "longer than"),
        (orm("ZZ"), "AA", "Nothing to do: ORM O01"),
        (orm("CA"), "AA", "Nothing is scheduled"),
        (orm().replace(b"ORC|", b"OXX|"), "AR", "no ORC"),
        (orm().replace(b"PID|", b"PXX|"), "AR", "no PID"),
        (siu().replace(b"SCH|", b"SXX|"), "AR", "no SCH"),
        (orm(modality="p x!"), "AE", "no modality"),
        (orm(more=tuple(f"ORC|NW|{n}\rOBR|1|{n}||OPG" for n in range(60))), "AR", "more than 50"),
    ],
)
def test_what_cannot_be_scheduled_is_told_and_leaves_everything_as_it_was(
    world: World, content: bytes, code: str, words: str
) -> None:
    before = dump(world, without=("audit", "clinics", "feed_messages"))
    said = send(world, content)
    assert (said.code, words in said.reason) == (code, True), said.reason
    assert dump(world, without=("audit", "clinics", "feed_messages")) == before
    assert rehearse(world.porion, world.clinic_id, content).code == code


def test_an_id_that_was_given_to_another_person_orders_nothing(world: World) -> None:
    send(world, adt("A28"))
    said = send(world, orm(name="Muster^Berta", born="20100101"))
    assert (said.code, "both differ" in said.reason) == ("AE", True)
    assert steps(world) == []


def test_a_rehearsal_changes_nothing(world: World) -> None:
    before = dump(world)
    said = rehearse(world.porion, world.clinic_id, orm())
    assert (said.code, said.reason) == ("AA", "Scheduled: Panoramic.")
    assert dump(world) == before


def test_codes_keep_their_scheme_and_alternates() -> None:
    message = read_message(orm(service="1^One^SNM3^89846007^Orthopantogram^SCT"))
    (order,) = orders_of(message)
    assert order.codes == (Code("SRT", "1", "One"), Code("SCT", "89846007", "Orthopantogram"))
