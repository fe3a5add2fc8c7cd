"""Worklists of remote nodes beside our own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pydicom.dataset import Dataset

from porion.cli.at_once import at_once
from porion.clinic.permissions import Role
from porion.dicom.message import read_message
from porion.dicom.scheduled import STEP
from porion.dimse.protocol.commands import Field
from porion.services.errors import Conflict, Invalid, NotFound, NotPermitted
from porion.services.nodes import NodeChange, edit_node
from porion.services.remote_worklist import Worklists, ask_worklists
from porion.services.trail import read_trail
from porion.services.worklist_records import StepFilter
from tests.asked import a_node, remotes
from tests.dimse.fake_pacs import FakePacs, Script, Talk, a_pacs
from tests.services.scenes import somebody
from tests.services.worklists import a_step, anna
from tests.world import World

DAY = StepFilter("2026-03-02", "2026-03-02")


def a_remote_step(name: str = "Beispiel^Anna", day: str = "20260302", **more: Any) -> Dataset:
    step = Dataset()
    step.Modality, step.ScheduledStationAETitle = "PX", "PAN9"
    step.ScheduledProcedureStepStartDate, step.ScheduledProcedureStepStartTime = day, "0930"
    step.ScheduledProcedureStepID, step.ScheduledProcedureStepDescription = "X-1", "OPG"
    made = Dataset()
    made.PatientName, made.PatientID, made.IssuerOfPatientID = name, "P-1", "CLINIC"
    made.PatientBirthDate, made.PatientSex, made.AccessionNumber = "20120403", "F", "R-1"
    made.ScheduledProcedureStepSequence = [step]
    for keyword, value in more.items():
        setattr(made, keyword, value)
    return made


def answering(*steps: Dataset, last: int = 0) -> Script:
    def script(talk: Talk) -> None:
        for one in steps:
            talk.pending(one)
        talk.answer(status=last)

    return script


def asked(world: World, pacs: FakePacs, wanted: StepFilter = DAY, **more: Any) -> Worklists:
    """What we and one node have."""
    a_node(world, pacs.port, "RIS")
    ways = replace(remotes(), at_once=at_once)
    return ask_worklists(world.porion, ways, world.actor, wanted, ["RIS"], **more)


def test_ours_and_theirs_come_together_each_with_whose_it_may_be(world: World) -> None:
    patient = anna(world)
    step = a_step(world, patient.id)
    stranger = a_remote_step("Fremd^Felix", PatientID="9", PatientBirthDate="19700101")
    with a_pacs({Field.C_FIND_RQ: answering(a_remote_step(), stranger)}) as pacs:
        found = asked(world, pacs)
    assert [view.step.id for view in found.ours] == [step.id]
    first, second = found.remote
    assert (first.node, first.patient_id, first.grade) == ("RIS", patient.id, "certain")
    assert (first.item.starts_at, first.item.step_id, first.item.station_ae) == (
        "2026-03-02T09:30:00",
        "X-1",
        "PAN9",
    )
    assert second.grade != "certain"
    assert [(one.answers, one.error) for one in found.outcomes] == [(2, None)]
    newest = read_trail(world.porion, world.actor, before=None, limit=1, object_id=None)[0]
    assert newest.action == "worklists shown"
    assert (newest.detail["steps"], newest.detail["nodes"]) == ([step.id], ["RIS"])
    assert patient.id in newest.detail["patients"]


def test_what_is_asked_is_what_is_wanted(world: World) -> None:
    heard: list[bytes] = []

    def script(talk: Talk) -> None:
        heard.append(talk.identifier)
        talk.answer(status=0)

    patient = anna(world, name=replace(anna(world, identifiers=()).name, family="Müller"))
    with a_pacs({Field.C_FIND_RQ: script}) as pacs:
        asked(world, pacs, StepFilter("2026-03-02", "2026-03-04", patient.id, "PAN1"))
    query = read_message(heard[0], "1.2.840.10008.1.2")
    (step,) = query.items_of(STEP)
    assert step.text("ScheduledProcedureStepStartDate") == "20260302-20260304"
    assert step.text("ScheduledStationAETitle") == "PAN1"
    assert query.text("PatientName") == "M?ller*"
    assert query.element("AccessionNumber") is not None


def test_a_server_that_leaves_keys_aside_is_narrowed_here(world: World) -> None:
    patient = anna(world)
    other = a_remote_step("Fremd^Felix", PatientID="9", PatientBirthDate="19700101")
    script = answering(a_remote_step(day="20260401"), a_remote_step(), other)
    with a_pacs({Field.C_FIND_RQ: script}) as pacs:
        found = asked(world, pacs, replace(DAY, patient_id=patient.id))
        assert [one.patient_id for one in found.remote] == [patient.id]
        elsewhere = replace(DAY, station_ae="PAN1")
        again = ask_worklists(world.porion, remotes(), world.actor, elsewhere, ["RIS"])
    assert again.remote == []


def test_names_come_right_whatever_their_character_set(world: World) -> None:
    made = [
        a_remote_step("Müller^Jörg", SpecificCharacterSet="ISO_IR 100"),
        a_remote_step("Иванов^Иван", SpecificCharacterSet="ISO_IR 144"),
        a_remote_step("Yamada^Tarou=山田^太郎", SpecificCharacterSet=["", "ISO 2022 IR 87"]),
    ]
    with a_pacs({Field.C_FIND_RQ: answering(*made)}) as pacs:
        found = asked(world, pacs)
    names = [one.item.claim for one in found.remote]
    assert [one.name.family for one in names] == ["Müller", "Иванов", "Yamada"]
    assert names[2].ideographic.family == "山田"


@pytest.mark.parametrize("last", [0xA700, 0xC001, 0x0122])
def test_a_node_that_fails_is_an_outcome_and_ours_come_all_the_same(world: World, last: int) -> None:
    step = a_step(world, anna(world).id)
    with a_pacs({Field.C_FIND_RQ: answering(a_remote_step(), last=last)}) as pacs:
        found = asked(world, pacs)
    assert [view.step.id for view in found.ours] == [step.id]
    (outcome,) = found.outcomes
    assert outcome.answers == 1
    assert outcome.error is not None
    assert f"{last:04X}H" in outcome.error


def test_never_ending_answers_are_capped(world: World) -> None:
    def endless(talk: Talk) -> None:
        for _ in range(10_000):
            talk.pending(a_remote_step())

    with a_pacs({Field.C_FIND_RQ: endless}) as pacs:
        found = asked(world, pacs, limit=5)
    assert len(found.remote) == 5
    assert found.outcomes[0].capped


def test_only_administrators_ask_only_nodes_that_are_for_it(world: World) -> None:
    reception = somebody(world, Role.RECEPTION)
    with pytest.raises(NotPermitted):
        ask_worklists(world.porion, remotes(), reception, DAY)
    with pytest.raises(NotFound):
        ask_worklists(world.porion, remotes(), world.actor, DAY, ["NOBODY"])
    with pytest.raises(Invalid):
        ask_worklists(world.porion, remotes(), world.actor, DAY, ["A"] * 21)
    a_node(world, 104, "PACS")
    edit_node(world.porion, remotes(), world.actor, "PACS", NodeChange(uses=("query",)))
    with pytest.raises(Conflict, match="worklist"):
        ask_worklists(world.porion, remotes(), world.actor, DAY, ["PACS"])
    assert ask_worklists(world.porion, remotes(), world.actor, DAY).outcomes == []
