"""Forwarding: found, sent, tried again, given up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from porion.services.errors import NodeFailed
from porion.services.forward import (
    GIVEN_UP_AFTER,
    MOST_REFUSALS,
    forward_kind,
    queue_due,
)
from porion.services.forward_records import ForwardRow
from porion.services.forwarding import (
    NewRule,
    add_rule,
    list_forwards,
    list_rules,
    offer_again,
    remove_rule,
    switch_rule,
)
from porion.services.hand_out import Copy
from porion.services.job_course import Cancelled
from porion.services.job_records import JobFilter, JobRow, JobState
from porion.services.jobs import list_jobs
from porion.services.outgoing import Outgoing
from porion.services.records import Json
from tests.asked import a_node, remotes
from tests.builders import a_cbct_series, a_lateral_ceph, a_panoramic, uid
from tests.dimse.asking import linked
from tests.dimse.house import EXPLICIT
from tests.services.retrieving import Hands
from tests.services.scenes import ANNA, link_to, register, waiting
from tests.world import World, bring


class Node:
    """A node that takes what it is told to take: a status for each instance, or an error for all."""

    def __init__(self) -> None:
        self.kept: list[str] = []
        self.names: list[bytes] = []
        self.status = 0
        self.away = False
        self.associations = 0

    @contextmanager
    def to(self, target: object, chosen: Sequence[Outgoing], originator: object = None) -> Iterator[Node]:
        del target, chosen, originator
        if self.away:
            raise NodeFailed("PACS cannot be reached.")
        self.associations += 1
        yield self

    def taken(self, sop_class_uid: str) -> Sequence[str]:
        del sop_class_uid
        return [EXPLICIT]

    def store(self, one: Outgoing, copy: Copy) -> int:
        if self.status == 0:
            self.kept.append(one.sop_instance_uid)
            self.names.append(b"".join(copy.pieces))
        return self.status


@pytest.fixture
def node() -> Node:
    return Node()


@pytest.fixture
def clinic(each_world: World) -> World:
    a_node(each_world, 11113)
    return each_world


def rule(world: World, **more: Any) -> None:
    add_rule(world.porion, world.actor, NewRule("On", "PACS", **more))


def the_job(world: World) -> JobRow:
    (job,) = list_jobs(world.porion, world.actor, JobFilter(state=JobState.QUEUED))
    return job


def run(world: World, node: Node) -> Json:
    """Queue what is due, and do the job that was asked for."""
    assert queue_due(world.porion) == 1
    job = the_job(world)
    result = forward_kind(world.porion, remotes(), node).run(Hands(world, job))
    with world.porion.store.write(world.clinic_id) as tx:
        tx.jobs.update(job.id, {"state": JobState.DONE}, only_in=[JobState.QUEUED])
    return result


def forwards(world: World, **asked: Any) -> list[ForwardRow]:
    return list(list_forwards(world.porion, world.actor, **asked))


def test_what_comes_after_the_rule_goes_to_the_node(clinic: World, node: Node) -> None:
    bring(clinic, a_panoramic(1))
    rule(clinic, verified_only=False)
    assert queue_due(clinic.porion) == 0
    bring(clinic, a_panoramic(2, study="b"), a_lateral_ceph(3, study="b"))
    assert run(clinic, node) == {"sent": 2, "refused": 0, "waiting": 0}
    assert sorted(node.kept) == sorted([uid("panoramic", 2), uid("ceph", 3)])
    assert {row.state for row in forwards(clinic)} == {"sent"}
    assert {row.last_status for row in forwards(clinic)} == {0}
    assert queue_due(clinic.porion) == 0
    (status,) = list_rules(clinic.porion, clinic.actor)
    assert status.counts["sent"] == 2


def test_what_has_to_be_verified_waits_until_it_is(clinic: World, node: Node) -> None:
    rule(clinic)
    view = waiting(clinic, a_panoramic(1, PatientName="WRONG", PatientID="x"))
    assert queue_due(clinic.porion) == 0
    link_to(clinic, view, register(clinic, ANNA))
    assert run(clinic, node)["sent"] == 1
    # Under the register's name.
    assert b"Beispiel^Anna" in node.names[0]


def test_slices_that_come_after_the_link_go_as_well(clinic: World, node: Node) -> None:
    rule(clinic)
    slices = a_cbct_series(4)
    linked(clinic, *slices[:2])
    assert run(clinic, node)["sent"] == 2
    bring(clinic, *slices[2:])
    assert run(clinic, node)["sent"] == 2
    assert len(set(node.kept)) == 4


@pytest.mark.parametrize(
    ("more", "goes"),
    [
        ({"category": "PANORAMIC"}, ["pan"]),
        ({"modality": "CEPH"}, ["ceph"]),
        ({"source": "PAN1"}, []),
        ({}, ["pan", "ceph"]),
    ],
)
def test_a_rule_narrows_what_goes(clinic: World, node: Node, more: dict[str, Any], goes: list[str]) -> None:
    rule(clinic, verified_only=False, **more)
    bring(clinic, a_panoramic(1), a_lateral_ceph(1))
    names = {"pan": uid("panoramic", 1), "ceph": uid("ceph", 1)}
    if goes:
        run(clinic, node)
    else:
        assert queue_due(clinic.porion) == 0
    assert sorted(node.kept) == sorted(names[one] for one in goes)


def test_a_node_that_is_away_is_tried_again_later(clinic: World, node: Node) -> None:
    rule(clinic, verified_only=False)
    bring(clinic, a_panoramic(1))
    node.away = True
    assert run(clinic, node) == {"sent": 0, "refused": 0, "waiting": 1}
    (row,) = forwards(clinic, state="waiting")
    assert (row.attempts, row.last_error) == (0, "PACS cannot be reached.")
    assert queue_due(clinic.porion) == 0
    clinic.clock.pass_by(timedelta(minutes=2))
    node.away = False
    assert run(clinic, node)["sent"] == 1
    (row,) = forwards(clinic)
    assert (row.state, row.attempts, row.last_error) == ("sent", 1, "")


def test_a_node_that_stays_away_is_given_up(clinic: World, node: Node) -> None:
    rule(clinic, verified_only=False)
    bring(clinic, a_panoramic(1))
    node.away = True
    run(clinic, node)
    clinic.clock.pass_by(GIVEN_UP_AFTER)
    run(clinic, node)
    (row,) = forwards(clinic)
    assert (row.state, row.next_attempt_at) == ("given up", None)
    assert queue_due(clinic.porion) == 0


def test_an_instance_that_is_refused_is_offered_a_few_times(clinic: World, node: Node) -> None:
    rule(clinic, verified_only=False)
    bring(clinic, a_panoramic(1))
    node.status = 0xA900
    for attempt in range(1, MOST_REFUSALS + 1):
        assert run(clinic, node)["refused"] == 1
        (row,) = forwards(clinic)
        assert (row.attempts, row.last_status) == (attempt, 0xA900)
        clinic.clock.pass_by(timedelta(hours=1))
    assert (row.state, row.last_error) == ("given up", "The node answered with status A900H.")
    assert queue_due(clinic.porion) == 0


def test_what_was_given_up_is_offered_again_when_an_administrator_says_so(clinic: World, node: Node) -> None:
    rule(clinic, verified_only=False)
    bring(clinic, a_panoramic(1))
    node.status = 0xA900
    for _ in range(MOST_REFUSALS):
        run(clinic, node)
        clinic.clock.pass_by(timedelta(hours=1))
    assert [row.state for row in forwards(clinic)] == ["given up"]
    assert offer_again(clinic.porion, clinic.actor, "On") == 1
    assert offer_again(clinic.porion, clinic.actor, "On") == 0
    node.status = 0
    assert run(clinic, node)["sent"] == 1
    assert [(row.state, row.attempts) for row in forwards(clinic)] == [("sent", 1)]
    assert offer_again(clinic.porion, clinic.actor, "On") == 0


def test_a_rule_that_is_off_sends_nothing_until_it_is_on_again(clinic: World, node: Node) -> None:
    rule(clinic, verified_only=False)
    bring(clinic, a_panoramic(1))
    node.away = True
    run(clinic, node)
    node.away = False
    switch_rule(clinic.porion, clinic.actor, "On", enabled=False)
    clinic.clock.pass_by(timedelta(hours=2))
    bring(clinic, a_panoramic(2))
    # Another rule keeps the clinic among those that are looked at.
    add_rule(clinic.porion, clinic.actor, NewRule("Other", "PACS", source="NOBODY"))
    assert queue_due(clinic.porion) == 0
    assert [row.state for row in forwards(clinic)] == ["waiting"]
    switch_rule(clinic.porion, clinic.actor, "On", enabled=True)
    assert run(clinic, node)["sent"] == 2


def test_a_rule_that_is_removed_takes_what_waits_with_it(clinic: World, node: Node) -> None:
    rule(clinic, verified_only=False)
    bring(clinic, a_panoramic(1))
    node.away = True
    run(clinic, node)
    remove_rule(clinic.porion, clinic.actor, "On")
    clinic.clock.pass_by(timedelta(hours=2))
    assert queue_due(clinic.porion) == 0
    assert forwards(clinic) == []


def test_one_job_a_node_at_a_time_and_a_crash_loses_nothing(clinic: World, node: Node) -> None:
    rule(clinic, verified_only=False)
    bring(clinic, a_panoramic(1))
    assert queue_due(clinic.porion) == queue_due(clinic.porion) == 1
    the_job(clinic)

    class Stopped(Hands):
        def tell(self, progress: Json) -> None:
            del progress
            raise Cancelled("Somebody asked to stop.")

    bring(clinic, a_panoramic(2, study="b"))
    queue_due(clinic.porion)
    kind = forward_kind(clinic.porion, remotes(), node)
    with pytest.raises(Cancelled):
        kind.run(Stopped(clinic, the_job(clinic)))
    assert kind.run(Hands(clinic, the_job(clinic), resumed=True))["sent"] == 1
    assert sorted(node.kept) == sorted([uid("panoramic", 1), uid("panoramic", 2)])


def test_more_than_are_taken_at_once_all_go(
    clinic: World, node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("porion.services.forward._AT_ONCE", 2)
    rule(clinic, verified_only=False)
    bring(clinic, *a_cbct_series(5))
    sent = 0
    while queue_due(clinic.porion):
        sent += run(clinic, node)["sent"]
    assert (sent, len(set(node.kept))) == (5, 5)
