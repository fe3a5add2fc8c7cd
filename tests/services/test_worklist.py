"""The schedule as people see it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from porion.clinic.permissions import Actor
from porion.clinic.scheduling import StepState
from porion.services.errors import NotFound, NotPermitted
from porion.services.merge import merge_patients
from porion.services.schedule import move_step
from porion.services.trail import read_trail
from porion.services.worklist import see_schedule, see_step
from porion.services.worklist_records import StepFilter
from tests.services.worklists import AT_EIGHT, a_step, anna
from tests.world import World, another_clinic


def seen(world: World, **wanted: object) -> list[str]:
    return [view.step.id for view in see_schedule(world.porion, world.actor, StepFilter(**wanted))]  # type: ignore[arg-type]


def test_steps_are_found_by_day_range_device_patient_and_state(each_world: World) -> None:
    patient, other = anna(each_world), anna(each_world, identifiers=())
    second = a_step(each_world, patient.id, starts_at=AT_EIGHT + timedelta(hours=2), station_ae="CEPH2").id
    first = a_step(each_world, patient.id, starts_at=AT_EIGHT, station_ae="PAN1").id
    night = a_step(each_world, other.id, starts_at=datetime(2026, 3, 2, 23, 59, 59)).id  # noqa: DTZ001
    later = a_step(each_world, other.id, starts_at=AT_EIGHT + timedelta(days=1)).id
    assert seen(each_world) == [first, second, night, later]
    assert seen(each_world, first_day="2026-03-02", last_day="2026-03-02") == [first, second, night]
    assert seen(each_world, first_day="2026-03-03") == [later]
    assert seen(each_world, last_day="2026-03-01") == []
    assert seen(each_world, station_ae="PAN1") == [first, night, later]
    assert seen(each_world, patient_id=patient.id) == [first, second]
    move_step(each_world.porion, each_world.actor, first, StepState.CANCELLED)
    assert seen(each_world, states=frozenset({"cancelled"})) == [first]
    assert [view.step.id for view in see_schedule(each_world.porion, each_world.actor, StepFilter(), 2)] == [
        first,
        second,
    ]
    assert seen(another_clinic(each_world)) == []


def test_today_is_the_clinics_own(world: World) -> None:
    own = world.porion.now().astimezone()
    step = a_step(world, anna(world).id, starts_at=own.replace(tzinfo=None))
    assert seen(world, first_day="today", last_day="today") == [step.id]


def test_after_a_merge_the_steps_are_those_of_whoever_stayed(each_world: World) -> None:
    stays, goes = anna(each_world), anna(each_world, identifiers=())
    step = a_step(each_world, goes.id)
    merge_patients(each_world.porion, each_world.actor, stays.id, goes.id, "twice")
    view = see_step(each_world.porion, each_world.actor, step.id)
    assert view.patient.id == stays.id
    assert seen(each_world, patient_id=stays.id) == [step.id]


def test_looking_leaves_a_link_in_the_trail(world: World) -> None:
    step = a_step(world, anna(world).id)
    see_step(world.porion, world.actor, step.step_id)
    see_schedule(world.porion, world.actor, StepFilter())
    newest = read_trail(world.porion, world.actor, before=None, limit=2, object_id=None)
    assert [row.action for row in newest] == ["schedule shown", "step shown"]
    assert newest[0].detail == {"steps": [step.id]}


def test_nobody_without_a_permission_sees_the_schedule(world: World) -> None:
    nobody = Actor("nobody", world.clinic_id, frozenset())
    with pytest.raises(NotPermitted):
        see_schedule(world.porion, nobody, StepFilter())
    with pytest.raises(NotPermitted):
        see_step(world.porion, nobody, "none")
    with pytest.raises(NotFound):
        see_step(world.porion, world.actor, "none")
