from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from pydicom.dataset import Dataset

from porion.clinic.permissions import Role
from porion.dimse.protocol.commands import Field
from porion.services.errors import Conflict, Invalid, NodeFailed, NotFound, NotPermitted
from porion.services.job_records import JobFilter
from porion.services.jobs import list_jobs
from porion.services.nodes import remove_node
from porion.services.remote_records import RuleKind, RuleRow
from porion.services.retrieval_rules import (
    NewRule,
    add_rule,
    list_rules,
    queue_due_rules,
    rehearse_rule,
    remove_rule,
    rule_kind,
    switch_rule,
)
from porion.services.worklist_records import StepRow
from tests.asked import a_node, remotes
from tests.builders import a_panoramic
from tests.dimse.fake_pacs import FakePacs, Script, Talk, a_pacs
from tests.services.retrieving import Hands
from tests.services.scenes import ANNA, BERTA, register, somebody
from tests.services.test_query import a_study
from tests.world import NOON, World, bring


def answering(*studies: Dataset, heard: list[bytes] | None = None) -> Script:
    """A node that gives those of these studies whose Patient ID is asked for."""

    def script(talk: Talk) -> None:
        if heard is not None:
            heard.append(talk.identifier)
        for one in studies:
            if str(one.PatientID).encode() in talk.identifier:
                talk.pending(one)
        talk.answer(status=0)

    return script


@contextmanager
def a_rule(
    world: World, *studies: Dataset, heard: list[bytes] | None = None, **more: Any
) -> Iterator[tuple[RuleRow, FakePacs]]:
    with a_pacs({Field.C_FIND_RQ: answering(*studies, heard=heard)}) as pacs:
        a_node(world, pacs.port)
        new = {"kind": RuleKind.HISTORY, "hour": 14, **more}
        yield add_rule(world.porion, world.actor, NewRule("nightly", "PACS", **new)), pacs


def rehearsed(world: World) -> list[str]:
    return [one.study for one in rehearse_rule(world.porion, remotes(), world.actor, "nightly", 50)]


def test_what_a_patient_has_elsewhere_is_found_and_what_is_held_is_not(world: World) -> None:
    register(world)
    held = a_panoramic(1)
    bring(world, held)
    mine = str(held.StudyInstanceUID)
    heard: list[bytes] = []
    studies = (
        a_study(1),
        a_study(2, StudyInstanceUID=mine, NumberOfStudyRelatedInstances=1),
        a_study(3, PatientName="Other^Somebody", PatientBirthDate="19500101"),
        a_study(1),
    )
    with a_rule(world, *studies, heard=heard, years=3):
        assert rehearsed(world) == ["1.2.1"]
    assert b"2023" in heard[0]
    assert list_jobs(world.porion, world.actor, JobFilter()) == []


def test_a_study_that_is_held_in_part_is_fetched_again(world: World) -> None:
    register(world)
    held = a_panoramic(1)
    bring(world, held)
    part = a_study(1, StudyInstanceUID=held.StudyInstanceUID, NumberOfStudyRelatedInstances=4)
    with a_rule(world, part):
        (found,) = rehearse_rule(world.porion, remotes(), world.actor, "nightly", 50)
    assert (found.held, found.stated) == (1, 4)


def test_only_wanted_modalities_are_fetched(world: World) -> None:
    register(world)
    studies = (a_study(1, ModalitiesInStudy="PX"), a_study(2, ModalitiesInStudy="MR"), a_study(3))
    with a_rule(world, *studies, modalities=("opg",)):
        assert rehearsed(world) == ["1.2.1", "1.2.3"]


def test_priors_are_those_of_tomorrows_patients(world: World) -> None:
    anna, berta = register(world, ANNA), register(world, BERTA)
    tomorrow = (NOON + timedelta(days=1)).date().isoformat()
    step = StepRow(
        world.porion.new_id(), berta.id, "scheduled", "A1", "1.9", "P1", "", "S1", "", "PX",
        f"{tomorrow}T09:00:00", "test", NOON, NOON,
    )  # fmt: skip
    with world.porion.store.write(world.clinic_id) as tx:
        tx.worklist.add([step])
    hers = a_study(2, PatientID="P-2", PatientName="Muster^Berta", PatientBirthDate="20110506")
    with a_rule(world, a_study(1), hers, kind=RuleKind.PRIORS):
        assert rehearsed(world) == ["1.2.2"]
    assert anna.id != berta.id


def test_a_rule_runs_once_a_day_and_queues_a_retrieve_for_each_study(world: World) -> None:
    register(world)
    with a_rule(world, a_study(1), a_study(2)) as (rule, _):
        assert queue_due_rules(world.porion) == 0
        world.clock.pass_by(timedelta(hours=3))
        assert queue_due_rules(world.porion) == 1
        assert queue_due_rules(world.porion) == 0
        (job,) = list_jobs(world.porion, world.actor, JobFilter(kind="retrieval rule"))
        result = rule_kind(world.porion, remotes()).run(Hands(world, job))
    assert result == {"patients": 1, "looked": 1, "queued": 2, "failed": 0}
    queued = list_jobs(world.porion, world.actor, JobFilter(kind="retrieve"))
    assert {one.arguments["study"] for one in queued} == {"1.2.1", "1.2.2"}
    assert {one.created_by for one in queued} == {"rule nightly"}
    (after,) = list_rules(world.porion, world.actor)
    assert after.note == "2 studies of 1 patients; 0 not asked for"
    assert after.next_run_at == rule.next_run_at + timedelta(days=1)
    world.clock.pass_by(timedelta(days=1))
    assert queue_due_rules(world.porion) == 1


def test_a_node_that_cannot_be_asked_fails_the_run(world: World) -> None:
    register(world)
    with a_rule(world) as _:
        world.clock.pass_by(timedelta(hours=3))
        queue_due_rules(world.porion)
    (job,) = list_jobs(world.porion, world.actor, JobFilter())
    with pytest.raises(NodeFailed, match="cannot be reached"):
        rule_kind(world.porion, remotes()).run(Hands(world, job))


def test_rules_are_switched_and_removed_by_administrators(world: World) -> None:
    clinician = somebody(world, Role.CLINICIAN)
    with a_rule(world):
        assert not switch_rule(world.porion, world.actor, "nightly", enabled=False).enabled
        world.clock.pass_by(timedelta(days=2))
        assert queue_due_rules(world.porion) == 0
        assert switch_rule(world.porion, world.actor, "nightly", enabled=True).next_run_at > world.clock()
        for refused in (
            lambda: list_rules(world.porion, clinician),
            lambda: add_rule(world.porion, clinician, NewRule("x", "PACS", RuleKind.PRIORS)),
            lambda: switch_rule(world.porion, clinician, "nightly", enabled=True),
            lambda: remove_rule(world.porion, clinician, "nightly"),
            lambda: list(rehearse_rule(world.porion, remotes(), clinician, "nightly", 1)),
        ):
            with pytest.raises(NotPermitted):
                refused()
        with pytest.raises(Conflict, match="remove the rule first"):
            remove_node(world.porion, world.actor, "PACS")
        remove_rule(world.porion, world.actor, "nightly")
        remove_node(world.porion, world.actor, "PACS")
        with pytest.raises(NotFound):
            remove_rule(world.porion, world.actor, "nightly")


@pytest.mark.parametrize("wrong", [{"name": ""}, {"years": 0}, {"years": 51}, {"hour": 24}])
def test_what_is_no_rule_is_refused(world: World, wrong: dict[str, Any]) -> None:
    a_node(world, 1)
    usual: dict[str, Any] = {"name": "nightly", "node": "PACS", "kind": RuleKind.PRIORS}
    with pytest.raises(Invalid):
        add_rule(world.porion, world.actor, NewRule(**usual | wrong))
    add_rule(world.porion, world.actor, NewRule(**usual))
    with pytest.raises(Conflict):
        add_rule(world.porion, world.actor, NewRule(**usual))
