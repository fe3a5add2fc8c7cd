"""Counts and marks, on both databases."""

from __future__ import annotations

from datetime import timedelta

from tests.builders import a_lateral_ceph, a_panoramic
from tests.services.scenes import link_to, register, waiting
from tests.world import NOON, World, another_clinic


def test_only_what_waits_in_this_clinic_is_counted(each_world: World) -> None:
    first = waiting(each_world, a_panoramic())
    waiting(each_world, a_lateral_ceph(PatientID="P-9"))
    waiting(another_clinic(each_world), a_panoramic())
    with each_world.porion.store.read(each_world.clinic_id) as tx:
        assert tx.overview.waiting() == (2, first.item.created_at)
        newest = tx.overview.newest_arrival()
    assert newest
    assert newest > first.images[0].received_at


def test_links_count_from_a_moment_on(each_world: World) -> None:
    anna = register(each_world)
    decision = link_to(each_world, waiting(each_world, a_panoramic()), anna)
    with each_world.porion.store.read(each_world.clinic_id) as tx:
        assert tx.overview.linked_since(NOON) == 1
        assert tx.overview.linked_since(decision.made_at + timedelta(seconds=1)) == 0


def test_links_of_the_chain_are_told_once_by_action_and_kind(each_world: World) -> None:
    with each_world.porion.store.read(each_world.clinic_id) as tx:
        start, _ = tx.audit.end()
    register(each_world)
    waiting(each_world, a_panoramic())
    with each_world.porion.store.read(each_world.clinic_id) as tx:
        told = tx.overview.told_since(start, 100)
        assert {("patient added", "patient"), ("files received", "batch")} <= set(told)
        assert len(set(told)) == len(told)
        assert len(tx.overview.told_since(start, 1)) == 1
        assert not tx.overview.told_since(tx.audit.end()[0], 100)
