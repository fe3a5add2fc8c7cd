from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from porion.services.decide import LinkRequest, split
from porion.services.errors import Conflict, Invalid, NotFound
from porion.services.linking_sources import ONE_IN, SourceView, list_sources, set_unattended
from porion.services.reassign import reassign
from porion.services.records import DecisionRow, SampleRow
from porion.services.trail import read_trail
from porion.services.unattended import (
    FORGETS,
    SETTLES,
    judge_sample,
    link_all_settled,
    link_settled,
    list_samples,
)
from porion.services.undo import undo
from tests.builders import a_panoramic
from tests.services.scenes import BERTA, LOOKED, counts, inbox, register, waiting
from tests.world import World, another_clinic, bring


def source(world: World) -> SourceView:
    """The only source."""
    (view,) = list_sources(world.porion, world.actor)
    return view


def allow(world: World, **more: Any) -> SourceView:
    """Let the only source link by itself."""
    return set_unattended(world.porion, world.actor, source(world).source_key, unattended=True, **more)


def run(world: World, wait: timedelta = SETTLES) -> Sequence[str]:
    """What the worker does after a while."""
    world.clock.pass_by(wait + timedelta(seconds=1))
    return link_settled(world.porion, world.clinic_id)


def linked(world: World) -> list[DecisionRow]:
    """The decisions that linked, oldest first."""
    return [row for view in inbox(world, "linked") for row in view.decisions if row.kind == "link"]


def a_sampled_link(world: World) -> SampleRow:
    """Anna's panoramic, linked unattended and waiting to be judged."""
    register(world)
    bring(world, a_panoramic())
    allow(world)
    run(world)
    (sample,) = list_samples(world.porion, world.actor)
    return sample


def test_nothing_is_linked_unless_an_administrator_says_so(each_world: World) -> None:
    world = each_world
    register(world)
    bring(world, a_panoramic())
    assert not source(world).unattended
    assert run(world) == []
    assert counts(world) == {"pending": 1}


def test_what_is_certain_is_linked_after_a_while_with_its_evidence(each_world: World) -> None:
    world = each_world
    anna = register(world)
    view = waiting(world, a_panoramic())
    allow(world)
    assert link_settled(world.porion, world.clinic_id) == []
    assert run(world) == [view.item.id]
    (decision,) = linked(world)
    assert (decision.patient_id, decision.actor) == (anna.id, "unattended")
    assert (decision.detail["grade"], decision.detail["verified"]) == ("certain", [])
    assert len(decision.detail["evidence"]) > 3
    assert run(world) == []
    assert source(world).linked == 1


def test_what_a_machine_linked_is_not_remembered_as_verified(world: World) -> None:
    register(world)
    bring(world, a_panoramic())
    allow(world)
    run(world)
    assert waiting(world, a_panoramic(2, study="another")).remembered is None


@pytest.mark.parametrize(
    "files",
    [
        [a_panoramic(PatientID="")],
        [a_panoramic(PatientBirthDate="20110403")],
        [a_panoramic(PatientName="Muster^Berta")],
        [a_panoramic(), a_panoramic(2, PatientName="Muster^Berta")],
    ],
)
def test_everything_else_waits_for_a_person(world: World, files: list[Any]) -> None:
    register(world)
    bring(world, *files)
    allow(world)
    assert run(world) == []
    assert counts(world) == {"pending": len(files)}


def test_what_a_person_touched_or_what_is_old_waits_for_a_person(world: World) -> None:
    register(world)
    view = waiting(world, a_panoramic(1), a_panoramic(2))
    allow(world)
    split(world.porion, world.actor, view.item.id, [view.images[0].id])
    assert run(world) == []
    bring(world, a_panoramic(3, study="another"))
    assert run(world, FORGETS) == []
    assert counts(world) == {"pending": 3}


def test_another_source_waits_for_a_person(world: World) -> None:
    register(world)
    bring(world, a_panoramic())
    allow(world)
    later = waiting(world, a_panoramic(2, study="another", StationName="ROOM2"))
    run(world)
    assert [view.item.id for view in inbox(world)] == [later.item.id]


def test_the_first_link_and_one_in_so_many_is_sampled(each_world: World) -> None:
    world = each_world
    register(world)
    bring(world, a_panoramic(0, study="0"))
    allow(world, one_in=3)
    for number in range(1, 7):
        bring(world, a_panoramic(number, study=str(number)))
    assert len(run(world)) == 7
    decisions = [row.id for row in linked(world)]
    samples = list_samples(world.porion, world.actor)
    assert [row.decision_id for row in samples] == [decisions[0], decisions[3], decisions[6]]


def test_a_confirmed_sample_changes_nothing(each_world: World) -> None:
    world = each_world
    sample = a_sampled_link(world)
    judged = judge_sample(world.porion, world.actor, sample.id, right=True)
    assert (judged.state, judged.judged_by) == ("confirmed", world.actor.name)
    assert list_samples(world.porion, world.actor) == []
    assert list_samples(world.porion, world.actor, state=None) == [judged]
    assert source(world).unattended
    assert counts(world) == {"linked": 1}
    with pytest.raises(Conflict, match="confirmed before"):
        judge_sample(world.porion, world.actor, sample.id, right=False)


def test_the_first_refuted_sample_takes_the_link_back_and_switches_the_source_off(each_world: World) -> None:
    world = each_world
    sample = a_sampled_link(world)
    assert judge_sample(world.porion, world.actor, sample.id, right=False).state == "refuted"
    assert counts(world) == {"pending": 1}
    off = source(world)
    assert not off.unattended
    assert "found a sampled link wrong" in off.stopped
    actions = [
        link.action for link in read_trail(world.porion, world.actor, before=None, limit=9, object_id=None)
    ]
    assert "unattended linking stopped" in actions
    bring(world, a_panoramic(2, study="another"))
    assert run(world) == []


@pytest.mark.parametrize("way", ["undo", "reassign"])
def test_who_takes_an_unattended_link_back_switches_the_source_off(world: World, way: str) -> None:
    register(world)
    berta = register(world, BERTA)
    view = waiting(world, a_panoramic())
    allow(world)
    run(world)
    (decision,) = linked(world)
    if way == "undo":
        undo(world.porion, world.actor, decision.id)
    else:
        reassign(world.porion, world.actor, LinkRequest(view.item.id, berta.id, LOOKED, None, "her sister"))
    assert not source(world).unattended
    (sample,) = list_samples(world.porion, world.actor)
    judge_sample(world.porion, world.actor, sample.id, right=False)
    assert counts(world) == ({"pending": 1} if way == "undo" else {"linked": 1})


def test_every_clinic_has_its_turn(world: World) -> None:
    there = another_clinic(world)
    for each in (world, there):
        register(each)
        bring(each, a_panoramic())
        allow(each)
    world.clock.pass_by(SETTLES)
    assert link_all_settled(world.porion) == 2
    assert [counts(each) for each in (world, there)] == [{"linked": 1}] * 2


def test_only_sources_and_samples_of_the_clinic_are_known(world: World) -> None:
    sample = a_sampled_link(world)
    there = another_clinic(world)
    assert list_sources(there.porion, there.actor) == []
    with pytest.raises(NotFound):
        set_unattended(there.porion, there.actor, source(world).source_key, unattended=True)
    with pytest.raises(NotFound):
        judge_sample(there.porion, there.actor, sample.id, right=False)
    for one_in in (0, ONE_IN + 1):
        with pytest.raises(Invalid):
            allow(world, one_in=one_in)
