"""Images that come back for scheduled steps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pydicom.dataset import Dataset

from porion.clinic.grade import Grade
from porion.clinic.scheduling import StepState
from porion.services.merge import merge_patients
from porion.services.schedule import Wanted, move_step, schedule
from porion.services.step_images import which_step
from porion.services.worklist_records import StepRow
from tests.builders import a_cbct_series, a_lateral_ceph, a_panoramic, data_set
from tests.services.scenes import BERTA, inbox, link_to, register, waiting
from tests.services.worklists import AT_EIGHT, a_step, anna, state_of
from tests.world import NOON, World, bring

NO_ID = {"PatientID": "", "IssuerOfPatientID": ""}


def answering(step: StepRow, **more: Any) -> dict[str, Any]:
    """What a device copies out of its worklist into an image."""
    return {
        "AccessionNumber": step.accession_number,
        "StudyInstanceUID": step.study_instance_uid,
        **NO_ID,
        **more,
    }


def held(world: World, step: StepRow) -> StepRow:
    with world.porion.store.read(world.clinic_id) as tx:
        row = tx.worklist.get(step.id)
    assert row is not None
    return row


def test_an_image_that_answers_a_step_is_certain_and_completes_it(each_world: World) -> None:
    step = a_step(each_world, anna(each_world).id)
    (outcome,) = bring(each_world, a_panoramic(**answering(step)))
    (view,) = inbox(each_world)
    assert [one.grade for one in view.candidates] == [Grade.CERTAIN]
    assert view.item.state == "pending"  # nothing is linked without a person
    row = held(each_world, step)
    assert (row.state, row.images) == ("completed", [outcome.image_id])


@pytest.mark.parametrize("which", ["AccessionNumber", "StudyInstanceUID"])
def test_either_number_is_enough(world: World, which: str) -> None:
    step = a_step(world, anna(world).id)
    bring(world, a_panoramic(**NO_ID, **{which: answering(step)[which]}))
    assert inbox(world)[0].candidates[0].grade is Grade.CERTAIN
    assert state_of(world, step) == "completed"


def test_without_a_step_the_same_image_is_not_certain(world: World) -> None:
    anna(world)
    assert waiting(world, a_panoramic(**NO_ID)).candidates[0].grade is Grade.PROBABLE


@pytest.mark.parametrize(
    "said",
    [
        {"PatientName": "Beispiel^Berta"},
        {"PatientBirthDate": "20110403"},
        {"PatientName": "", "PatientBirthDate": ""},
    ],
)
def test_who_claims_to_be_somebody_else_is_not_certain_and_leaves_the_step_open(
    world: World, said: dict[str, str]
) -> None:
    step = a_step(world, anna(world).id)
    view = waiting(world, a_panoramic(**answering(step, **said)))
    assert all(one.grade is not Grade.CERTAIN for one in view.candidates)
    assert state_of(world, step) == "in progress"


def test_the_step_of_another_keeps_an_exact_id_from_being_certain(world: World) -> None:
    anna(world)
    step = a_step(world, register(world, BERTA).id)
    view = waiting(world, a_panoramic(AccessionNumber=step.accession_number))
    assert view.candidates[0].grade is Grade.PROBABLE
    assert any("answers a worklist step" in veto.sentence for veto in view.candidates[0].vetoes)
    assert state_of(world, step) == "in progress"


def test_each_image_of_an_order_answers_its_own_step(world: World) -> None:
    wanted = Wanted(anna(world).id, AT_EIGHT, template="initial-orthodontic-records")
    pan, lateral, frontal = (view.step for view in schedule(world.porion, world.actor, wanted))
    bring(world, a_lateral_ceph(**answering(pan)), a_panoramic(**answering(pan)))
    assert [state_of(world, step) for step in (pan, lateral, frontal)] == [
        "completed",
        "completed",
        "scheduled",
    ]


def test_a_retake_goes_to_the_step_that_it_names(world: World) -> None:
    patient = anna(world)
    one = a_step(world, patient.id)
    other = a_step(
        world, patient.id, accession_number=one.accession_number, study_instance_uid=one.study_instance_uid
    )
    named = [data_set(ScheduledProcedureStepID=other.step_id)]
    bring(world, a_panoramic(1, **answering(one, RequestAttributesSequence=named)))
    assert (state_of(world, one), state_of(world, other)) == ("scheduled", "completed")
    bring(world, a_panoramic(2, **answering(one)))
    assert state_of(world, one) == "completed"
    bring(world, a_panoramic(3, **answering(one, RequestAttributesSequence=named)))
    assert len(held(world, other).images) == 2


def test_a_volume_is_one_image_of_its_step_however_often_it_comes(world: World) -> None:
    step = a_step(world, anna(world).id, "CBCT")
    slices = a_cbct_series(4, **answering(step))
    bring(world, *slices[:2])
    bring(world, *slices[2:], *slices)
    row = held(world, step)
    assert (row.state, len(row.images)) == ("completed", 1)


def test_an_image_that_joins_a_linked_item_completes_its_step(world: World) -> None:
    patient = anna(world)
    step = a_step(world, patient.id)
    swapped = answering(step, PatientBirthDate="20120304")
    link_to(world, waiting(world, a_panoramic(1, **swapped)), patient, reason="swapped")
    other = a_step(
        world,
        patient.id,
        "BITEWING",
        accession_number=step.accession_number,
        study_instance_uid=step.study_instance_uid,
    )
    bring(world, a_panoramic(2, **swapped))
    assert state_of(world, other) == "scheduled"
    assert len(held(world, step).images) == 2


def test_after_a_merge_the_step_is_that_of_whoever_stayed(world: World) -> None:
    stays, goes = anna(world), anna(world, identifiers=())
    step = a_step(world, goes.id)
    merge_patients(world.porion, world.actor, stays.id, goes.id, "twice")
    assert waiting(world, a_panoramic(**answering(step))).candidates[0].grade is Grade.CERTAIN
    assert state_of(world, step) == "completed"


def test_a_cancelled_step_whose_image_came_all_the_same_is_completed(world: World) -> None:
    step = a_step(world, anna(world).id)
    move_step(world.porion, world.actor, step.id, StepState.CANCELLED)
    bring(world, a_panoramic(**answering(step)))
    assert state_of(world, step) == "completed"


ROW = StepRow(
    "a", "p", "scheduled", "A", "1.2", "R", "", "S1", "", "PX", "", "", NOON, NOON, category="PANORAMIC"
)


def test_which_step_an_image_answers() -> None:
    done = replace(ROW, id="0", step_id="S0", state="completed")
    ceph = replace(ROW, id="b", step_id="S2", category="CEPHALOMETRIC_LATERAL", dicom_modality="DX")
    rows = [done, ROW, ceph]
    assert which_step(rows, ["S2"], "PANORAMIC", "PX") is ceph
    assert which_step(rows, ["S9"], "PANORAMIC", "PX") is ROW
    assert which_step([ROW, replace(ROW, id="0", images=["i"])], [], "PANORAMIC", "PX") is ROW
    assert which_step(rows, [], "CBCT", "DX") is ceph
    assert which_step(rows, [], "CBCT", "PX") is None
    assert which_step([ceph], [], "CBCT", "CT") is ceph
    assert which_step([], [], None, None) is None


def test_a_device_may_send_what_no_worklist_knows(world: World) -> None:
    a_step(world, anna(world).id)
    made: Dataset = a_panoramic(AccessionNumber="ELSEWHERE-1")
    assert [one.outcome.value for one in bring(world, made)] == ["pending"]
