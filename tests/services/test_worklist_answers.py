"""What a device gets for a worklist query."""

from __future__ import annotations

from datetime import timedelta

import pytest

from porion.clinic.scheduling import StepState
from porion.dicom.elements import Elements
from porion.dicom.encode import element, elements, sequence
from porion.dicom.person import Identifier
from porion.dicom.scheduled import STEP, read_item
from porion.services import worklist_answers
from porion.services.devices import add_device
from porion.services.schedule import move_step
from porion.services.trail import read_trail
from porion.services.worklist_answers import Asker, answer_worklist
from porion.services.worklist_profiles import ProfileChange, set_profile, trace_worklist
from tests.services.worklists import a_step, anna
from tests.world import World


def an_asker(world: World, title: str = "PAN1") -> Asker:
    """An approved device that asks."""
    device = add_device(world.porion, world.actor, title, "127.0.0.1/32", "")
    return Asker(world.clinic_id, device.id, title)


def a_query(**within: str) -> Elements:
    step = elements(element(keyword, value) for keyword, value in within.items())
    return elements(
        [
            sequence(STEP, step),
            element("PatientName"),
            element("AccessionNumber"),
            element("IssuerOfPatientID"),
        ]
    )


def got(world: World, asker: Asker, **within: str) -> list[str]:
    """The steps' numbers that a device gets."""
    found = answer_worklist(world.porion, asker, a_query(**within))
    return [read_item(one).step_id for one in found.items]


def told(world: World, asker: Asker) -> list[str]:
    """What is told of the latest query."""
    return trace_worklist(world.porion, world.actor, asker.device_id).queries[0].told


def test_a_device_gets_the_open_steps_of_the_day(each_world: World) -> None:
    asker, patient = an_asker(each_world), anna(each_world)
    today = a_step(each_world, patient.id)
    cancelled = a_step(each_world, patient.id)
    move_step(each_world.porion, each_world.actor, cancelled.id, StepState.CANCELLED)
    a_step(each_world, patient.id, starts_at=each_world.clock() + timedelta(days=3))
    found = answer_worklist(each_world.porion, asker, a_query(ScheduledProcedureStepStartDate="20260302"))
    (item,) = (read_item(one) for one in found.items)
    assert (item.step_id, item.accession_number) == (today.step_id, today.accession_number)
    assert item.study_instance_uid == today.study_instance_uid
    assert (item.claim.name, item.claim.identifiers) == (patient.name, patient.identifiers)
    assert item.station_ae == "PAN1"
    assert told(each_world, asker)[:2] == ["It asks for 2026-03-02.", "Open then: 1."]


def test_a_query_without_a_date_gets_the_window_of_the_device(world: World) -> None:
    asker, patient = an_asker(world), anna(world)
    later = a_step(world, patient.id, starts_at=world.clock() + timedelta(days=4))
    assert got(world, asker) == []
    first, second = told(world, asker)
    assert "names no day" in first
    assert f"starts {later.starts_at.replace('T', ' ')[:16]}" in second
    set_profile(world.porion, world.actor, asker.device_id, ProfileChange(days_ahead=4))
    assert got(world, asker) == [later.step_id]


def test_whose_steps_a_device_gets_can_be_set(world: World) -> None:
    asker, patient = an_asker(world), anna(world)
    mine = a_step(world, patient.id, station_ae="PAN1").step_id
    others = a_step(world, patient.id, station_ae="CEPH2").step_id
    anybodys = a_step(world, patient.id).step_id
    day = {"ScheduledProcedureStepStartDate": "20260302"}
    assert got(world, asker, **day) == [mine, others, anybodys]
    assert got(world, asker, **day, ScheduledStationAETitle="PAN1") == [mine, anybodys]
    set_profile(world.porion, world.actor, "PAN1", ProfileChange(stations="own"))
    assert got(world, asker, **day) == [mine, anybodys]
    assert got(world, asker, **day, ScheduledStationAETitle="WRONG") == [mine, anybodys]
    set_profile(world.porion, world.actor, "PAN1", ProfileChange(stations="all"))
    assert got(world, asker, **day, ScheduledStationAETitle="WRONG") == [mine, others, anybodys]
    assert "every station" in " ".join(told(world, asker))


def test_why_nothing_matched_is_told(world: World) -> None:
    asker = an_asker(world)
    a_step(world, anna(world).id, station_ae="CEPH2")
    assert got(world, asker, ScheduledProcedureStepStartDate="20260302", ScheduledStationAETitle="PAN1") == []
    assert told(world, asker)[2:] == [
        "ScheduledStationAETitle “PAN1” leaves 0 of 1. The rest has “CEPH2”.",
    ]
    assert got(world, asker, ScheduledProcedureStepStartDate="20260401") == []
    assert told(world, asker)[1].endswith("None is later, either.")


def test_what_must_be_filled_is_filled(world: World) -> None:
    asker, patient = an_asker(world), anna(world, identifiers=())
    a_step(world, patient.id)
    day = elements([element("ScheduledProcedureStepStartDate", "20260302")])
    (answer,) = answer_worklist(world.porion, asker, elements([sequence(STEP, day)])).items
    assert read_item(answer).claim.identifiers == (Identifier(patient.id),)
    (step,) = answer.items_of(STEP)
    for keyword in (
        "Modality",
        "ScheduledStationAETitle",
        "ScheduledProcedureStepStartTime",
        "ScheduledProcedureStepID",
    ):
        assert step.text(keyword)
    for keyword in ("PatientName", "PatientID", "StudyInstanceUID", "RequestedProcedureID"):
        assert answer.text(keyword)


def test_what_was_shown_is_in_the_trail_and_what_was_not_is_not(world: World) -> None:
    asker = an_asker(world)
    step = a_step(world, anna(world).id)
    got(world, asker, ScheduledProcedureStepStartDate="20260302")
    got(world, asker, ScheduledProcedureStepStartDate="20260401")
    rows = read_trail(world.porion, world.actor, before=None, limit=9, object_id=asker.device_id)
    answered = [row for row in rows if row.action == "worklist answered"]
    assert [(row.actor, row.detail) for row in answered] == [("PAN1", {"steps": [step.id]})]


def test_more_than_anybody_would_look_at_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worklist_answers, "MOST_ANSWERS", 2)
    asker, patient = an_asker(world), anna(world)
    for _ in range(3):
        a_step(world, patient.id)
    assert len(got(world, asker, ScheduledProcedureStepStartDate="20260302")) == 2
    assert told(world, asker)[1] == "More steps are open then than are looked at, which are the first 2."
