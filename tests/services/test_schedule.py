"""Steps are scheduled, changed and cancelled."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from porion.clinic.permissions import Actor, Permission
from porion.clinic.scheduling import StepState
from porion.services.errors import Conflict, Invalid, NotFound, NotPermitted
from porion.services.merge import merge_patients
from porion.services.schedule import (
    Ordered,
    StepChange,
    Wanted,
    WantedStep,
    change_step,
    move_step,
    schedule,
    schedule_within,
    write_step,
)
from porion.services.trail import read_trail
from tests.services.worklists import AT_EIGHT, a_step, anna
from tests.world import World

TEMPLATE = "initial-orthodontic-records"


def test_a_template_makes_its_steps_as_one_procedure(each_world: World) -> None:
    patient = anna(each_world)
    wanted = Wanted(patient.id, AT_EIGHT, template=TEMPLATE, station_ae="PANCEPH", requested_by="Dr. Wert")
    views = schedule(each_world.porion, each_world.actor, wanted)
    steps = [view.step for view in views]
    assert [step.category for step in steps] == ["PANORAMIC", "CEPHALOMETRIC_LATERAL", "CEPHALOMETRIC_PA"]
    assert [step.dicom_modality for step in steps] == ["PX", "DX", "DX"]
    assert [step.modality for step in steps] == ["OPG", "CEPH", "CEPH"]
    assert len({(step.accession_number, step.study_instance_uid, step.procedure_id) for step in steps}) == 1
    assert len({step.step_id for step in steps}) == 3
    assert {(step.state, step.station_ae, step.requested_by) for step in steps} == {
        ("scheduled", "PANCEPH", "Dr. Wert")
    }
    assert steps[0].procedure_description == "Initial orthodontic records"
    assert steps[0].codes == [{"scheme": "SCT", "value": "89846007", "meaning": "Orthopantogram"}]
    assert {view.patient for view in views} == {patient}


def test_numbers_of_our_own_fit_into_dicom_and_are_not_given_twice(world: World) -> None:
    patient = anna(world)
    steps = [a_step(world, patient.id) for _ in range(20)]
    assert len({step.accession_number for step in steps}) == 20
    assert all(len(step.accession_number) <= 16 and step.accession_number.isalnum() for step in steps)
    assert all(len(step.step_id) <= 16 and len(step.study_instance_uid) <= 64 for step in steps)
    assert all(step.study_instance_uid.startswith("2.25.") for step in steps)


def test_numbers_of_another_system_are_kept(world: World) -> None:
    patient = anna(world)
    step = a_step(world, patient.id, accession_number="RIS-7", study_instance_uid="1.2.3")
    assert (step.accession_number, step.study_instance_uid) == ("RIS-7", "1.2.3")


def test_a_step_without_a_category_says_what_it_is(world: World) -> None:
    patient = anna(world)
    code = {"scheme": "99X", "value": "7", "meaning": "Sinus"}
    asked = (
        WantedStep(
            dicom_modality="DX",
            description="Sinus",
            codes=(code,),
            starts_at=AT_EIGHT.replace(day=3, hour=9),
        ),
    )
    step = a_step(world, patient.id, steps=asked)
    assert (step.category, step.modality, step.description) == (None, None, "Sinus")
    assert step.codes == [code]
    assert step.starts_at == "2026-03-03T09:00:00"
    assert step.procedure_description == "Sinus"


BAD: list[tuple[dict[str, Any], str]] = [
    ({"steps": ()}, "Name a template"),
    ({"steps": (WantedStep("PANORAMIC"),) * 21}, "1 to 20 steps"),
    ({"template": "everything"}, "no template everything"),
    ({"steps": (WantedStep(),)}, "needs a category"),
    ({"steps": (WantedStep(dicom_modality="DX"),)}, "needs a category"),
    ({"steps": (WantedStep("TEETH"),)}, "no category"),
    ({"accession_number": "x" * 17}, "at most 16"),
    ({"study_instance_uid": "one"}, "no UID"),
    ({"description": "x" * 65}, "at most 64"),
    ({"requested_by": "a\\b"}, "no backslash"),
    ({"station_ae": "x" * 17}, "no AE title"),
]


@pytest.mark.parametrize(("changes", "why"), BAD)
def test_what_no_device_could_take_is_refused(world: World, changes: dict[str, Any], why: str) -> None:
    patient = anna(world)
    with pytest.raises(Invalid, match=why):
        a_step(world, patient.id, **changes)


def test_steps_are_for_patients_of_the_register(world: World) -> None:
    with pytest.raises(NotFound):
        a_step(world, "nobody")
    stays, goes = anna(world), anna(world, identifiers=())
    merge_patients(world.porion, world.actor, stays.id, goes.id, "twice")
    with pytest.raises(Conflict, match=stays.id):
        a_step(world, goes.id)


def test_what_no_device_has_begun_can_be_changed(each_world: World) -> None:
    step = a_step(each_world, anna(each_world).id)
    change = StepChange(datetime(2026, 3, 3, 9), "CEPH2", "Other", "DX", "Dr. Neu")  # noqa: DTZ001
    changed = change_step(each_world.porion, each_world.actor, step.id, change).step
    assert changed.starts_at == "2026-03-03T09:00:00"
    assert (changed.station_ae, changed.description, changed.dicom_modality) == ("CEPH2", "Other", "DX")
    assert (changed.requested_by, changed.version) == ("Dr. Neu", 2)
    same = change_step(each_world.porion, each_world.actor, step.step_id, StepChange()).step
    assert replace(same, updated_at=changed.updated_at, version=2) == changed
    move_step(each_world.porion, each_world.actor, step.id, StepState.CANCELLED)
    with pytest.raises(Conflict, match="is cancelled"):
        change_step(each_world.porion, each_world.actor, step.id, change)


def test_states_follow_each_other_as_they_may(each_world: World) -> None:
    step = a_step(each_world, anna(each_world).id)
    move = each_world.porion, each_world.actor, step.id
    assert move_step(*move, StepState.CANCELLED).step.state == "cancelled"
    assert move_step(*move, StepState.SCHEDULED).step.state == "scheduled"
    assert move_step(*move, StepState.COMPLETED).step.state == "completed"
    with pytest.raises(Conflict, match="is completed: it cannot become cancelled"):
        move_step(*move, StepState.CANCELLED)
    with pytest.raises(NotFound, match="no scheduled step"):
        move_step(each_world.porion, each_world.actor, "none", StepState.CANCELLED)


def test_who_was_quicker_wins(world: World) -> None:
    step = a_step(world, anna(world).id)
    with world.porion.store.write(world.clinic_id) as tx:
        write_step(world.porion, tx, world.actor, step, {"station_ae": "A"}, "step changed")
        with pytest.raises(Conflict, match="Somebody else"):
            write_step(world.porion, tx, world.actor, step, {"station_ae": "B"}, "step changed")


def test_every_change_leaves_a_link_in_the_trail(world: World) -> None:
    step = a_step(world, anna(world).id)
    move_step(world.porion, world.actor, step.id, StepState.CANCELLED)
    trail = read_trail(world.porion, world.actor, before=None, limit=9, object_id=step.id)
    assert [row.action for row in trail] == ["step cancelled"]
    actions = [
        row.action for row in read_trail(world.porion, world.actor, before=None, limit=9, object_id=None)
    ]
    assert "steps scheduled" in actions


def test_who_may_only_look_schedules_nothing(world: World) -> None:
    patient = anna(world)
    viewer = Actor("viewer", world.clinic_id, frozenset({Permission.VIEW}))
    with pytest.raises(NotPermitted):
        schedule(world.porion, viewer, Wanted(patient.id, AT_EIGHT, template=TEMPLATE))
    step = a_step(world, patient.id)
    with pytest.raises(NotPermitted):
        change_step(world.porion, viewer, step.id, StepChange())
    with pytest.raises(NotPermitted):
        move_step(world.porion, viewer, step.id, StepState.CANCELLED)


def test_an_order_keeps_its_number(world: World) -> None:
    patient = anna(world)
    ordered = Ordered("RIS", "4711", world.clock())
    with world.porion.store.write(world.clinic_id) as tx:
        schedule_within(
            world.porion, tx, world.actor, Wanted(patient.id, AT_EIGHT, template=TEMPLATE), ordered
        )
        found = tx.worklist.ordered("RIS", "4711")
        assert tx.worklist.ordered("RIS", "4712") == tx.worklist.ordered("LAB", "4711") == []
    assert len(found) == 3
    assert {row.ordered_at for row in found} == {ordered.ordered_at}
