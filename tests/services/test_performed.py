"""What devices report of their work."""

from __future__ import annotations

import pytest
from pydicom.dataset import Dataset

from porion.clinic.scheduling import StepState
from porion.dicom.elements import Element, Elements
from porion.dicom.encode import element, elements, sequence
from porion.services.devices import add_device
from porion.services.errors import Duplicate, NotFound, NotPermitted, Settled
from porion.services.performed import (
    Reporter,
    WrongStatus,
    begin_performed,
    change_performed,
    list_performed,
)
from porion.services.schedule import move_step
from porion.services.trail import read_trail
from porion.services.worklist_records import StepRow
from tests.services.worklists import a_step, anna, state_of
from tests.world import World


def REPORTER(world: World, title: str = "PAN1") -> Reporter:  # noqa: N802 - reads as what it makes
    """An approved device that reports."""
    device = add_device(world.porion, world.actor, title, "127.0.0.1/32", "")
    return Reporter(world.clinic_id, device.id, title)


def reported(step: StepRow | None = None, status: str = "IN PROGRESS", **names: str) -> Elements:
    """A device begins that step, or one that nobody scheduled."""
    named = {
        "StudyInstanceUID": step.study_instance_uid if step else "1.2.99",
        "AccessionNumber": step.accession_number if step else "",
        "ScheduledProcedureStepID": step.step_id if step else "",
        **names,
    }
    scheduled = elements(element(keyword, value) for keyword, value in named.items())
    return elements(
        [
            element("PatientName", "Beispiel^Anna"),
            element("PerformedProcedureStepStatus", status),
            element("PerformedProcedureStepID", "PPS-1"),
            element("Modality", "PX"),
            sequence("ScheduledStepAttributesSequence", scheduled),
        ]
    )


def a_change(*more: Element, status: str = "COMPLETED") -> Elements:
    """The device goes on, or ends."""
    stated = [element("PerformedProcedureStepStatus", status)] if status else []
    return elements([*stated, *more])


def made_by(*images: Dataset) -> Element:
    """The images that it made."""
    references = [
        elements(
            [
                element("ReferencedSOPClassUID", str(one.SOPClassUID)),
                element("ReferencedSOPInstanceUID", str(one.SOPInstanceUID)),
            ]
        )
        for one in images
    ]
    return sequence("PerformedSeriesSequence", elements([sequence("ReferencedImageSequence", *references)]))


@pytest.mark.parametrize(
    ("status", "state"), [("COMPLETED", "completed"), ("DISCONTINUED", "discontinued"), ("", "in progress")]
)
def test_a_report_moves_its_step_on(each_world: World, status: str, state: str) -> None:
    reporter, step = REPORTER(each_world), a_step(each_world, anna(each_world).id)
    other = a_step(each_world, step.patient_id)
    begin_performed(each_world.porion, reporter, "1.2.9", reported(step))
    assert state_of(each_world, step) == "in progress"
    change_performed(each_world.porion, reporter, "1.2.9", a_change(status=status))
    assert state_of(each_world, step) == state
    assert state_of(each_world, other) == "scheduled"
    (row,) = list_performed(each_world.porion, each_world.actor)
    assert (row.state, row.steps) == (state, [step.id])
    assert row.facts["performed_id"] == "PPS-1"


def test_what_nobody_scheduled_is_kept(world: World) -> None:
    begin_performed(world.porion, REPORTER(world), "1.2.9", reported())
    (row,) = list_performed(world.porion, world.actor)
    assert (row.state, row.steps) == ("in progress", [])


def test_a_number_counts_only_within_its_order(world: World) -> None:
    step = a_step(world, anna(world).id)
    wrong = reported(step, StudyInstanceUID="1.2.99", AccessionNumber="")
    begin_performed(world.porion, REPORTER(world), "1.2.9", wrong)
    assert state_of(world, step) == "scheduled"


def test_without_a_number_the_orders_only_step_of_the_modality_is_meant(world: World) -> None:
    reporter, patient = REPORTER(world), anna(world)
    one = a_step(world, patient.id)
    begin_performed(world.porion, reporter, "1.2.9", reported(one, ScheduledProcedureStepID=""))
    assert state_of(world, one) == "in progress"
    two = a_step(world, patient.id, accession_number="A-2", study_instance_uid="1.2.50")
    again = a_step(world, patient.id, accession_number="A-2", study_instance_uid="1.2.50")
    begin_performed(world.porion, reporter, "1.2.10", reported(two, ScheduledProcedureStepID=""))
    assert {state_of(world, each) for each in (two, again)} == {"scheduled"}


def test_what_has_ended_stays_as_it_is(each_world: World) -> None:
    reporter, step = REPORTER(each_world), a_step(each_world, anna(each_world).id)
    begin_performed(each_world.porion, reporter, "1.2.9", reported(step))
    change_performed(each_world.porion, reporter, "1.2.9", a_change())
    with pytest.raises(Settled, match="may no longer be updated"):
        change_performed(each_world.porion, reporter, "1.2.9", a_change(status="DISCONTINUED"))
    assert state_of(each_world, step) == "completed"


def test_only_the_device_that_began_goes_on(world: World) -> None:
    step = a_step(world, anna(world).id)
    begin_performed(world.porion, REPORTER(world), "1.2.9", reported(step))
    with pytest.raises(NotPermitted, match="Another device"):
        change_performed(world.porion, REPORTER(world, "PAN2"), "1.2.9", a_change())


def test_what_no_report_can_be_is_refused(world: World) -> None:
    reporter = REPORTER(world)
    for status in ("COMPLETED", "", "BUSY"):
        with pytest.raises(WrongStatus):
            begin_performed(world.porion, reporter, "1.2.9", reported(status=status))
    begin_performed(world.porion, reporter, "1.2.9", reported())
    with pytest.raises(Duplicate):
        begin_performed(world.porion, reporter, "1.2.9", reported())
    with pytest.raises(WrongStatus):
        change_performed(world.porion, reporter, "1.2.9", a_change(status="DONE"))
    with pytest.raises(NotFound):
        change_performed(world.porion, reporter, "1.2.10", a_change())


def test_a_step_that_was_cancelled_and_performed_all_the_same_is_no_secret(world: World) -> None:
    step = a_step(world, anna(world).id)
    move_step(world.porion, world.actor, step.id, StepState.CANCELLED)
    begin_performed(world.porion, REPORTER(world), "1.2.9", reported(step))
    assert state_of(world, step) == "in progress"


def test_a_step_that_is_completed_is_not_opened_again(world: World) -> None:
    step = a_step(world, anna(world).id)
    move_step(world.porion, world.actor, step.id, StepState.COMPLETED)
    begin_performed(world.porion, REPORTER(world), "1.2.9", reported(step))
    assert state_of(world, step) == "completed"


def test_the_step_may_be_named_when_it_ends(world: World) -> None:
    reporter, step = REPORTER(world), a_step(world, anna(world).id)
    begin_performed(
        world.porion, reporter, "1.2.9", elements([element("PerformedProcedureStepStatus", "IN PROGRESS")])
    )
    change_performed(world.porion, reporter, "1.2.9", reported(step, status="COMPLETED"))
    assert state_of(world, step) == "completed"


def test_reports_and_looks_at_them_are_in_the_trail(world: World) -> None:
    begin_performed(world.porion, REPORTER(world), "1.2.9", reported())
    list_performed(world.porion, world.actor)
    newest = read_trail(world.porion, world.actor, before=None, limit=2, object_id=None)
    assert [(row.actor, row.action) for row in newest] == [
        ("tester", "performed steps shown"),
        ("PAN1", "performed step reported"),
    ]
