from __future__ import annotations

from collections.abc import Callable

import pytest

from porion.clinic.grade import Grade
from porion.services.decide import reject, rule_out, split
from porion.services.errors import Conflict, NotFound
from porion.services.images import correct_category, see_image
from porion.services.inbox import ItemView, see_item
from porion.services.merge import merge_patients
from porion.services.patients import list_patients
from porion.services.records import DecisionRow
from porion.services.undo import undo
from tests.builders import a_lateral_ceph, a_panoramic, an_intra_oral
from tests.services.scenes import BERTA, counts, inbox, link_to, register, waiting
from tests.world import World, another_clinic, bring


def take_back(world: World, decision: DecisionRow) -> DecisionRow:
    return undo(world.porion, world.actor, decision.id)


def again(world: World, view: ItemView) -> ItemView:
    return see_item(world.porion, world.actor, view.item.id)


def test_an_undone_link_waits_again_and_history_stays(each_world: World) -> None:
    world = each_world
    anna = register(world)
    view = waiting(world, a_panoramic())
    decision = link_to(world, view, anna)
    undoing = take_back(world, decision)
    seen = again(world, view)
    assert (seen.item.state, seen.item.patient_id) == ("pending", None)
    assert [(row.kind, row.undoes) for row in seen.decisions] == [("link", None), ("undo", decision.id)]
    assert undoing.actor == world.actor.name
    assert counts(world) == {"pending": 1}
    link_to(world, seen, anna)
    assert counts(world) == {"linked": 1}


def test_an_undone_rejection_waits_again_without_its_reason(world: World) -> None:
    view = waiting(world, a_panoramic())
    take_back(world, reject(world.porion, world.actor, view.item.id, "blurred"))
    seen = again(world, view)
    assert (seen.item.state, seen.item.reason) == ("pending", None)


def test_an_undone_creation_leaves_the_patient_in_the_register(world: World) -> None:
    view = waiting(world, a_panoramic())
    take_back(world, link_to(world, view, None))
    (created,) = list_patients(world.porion, world.actor)
    assert again(world, view).candidates[0].patient.id == created.id


def test_an_undone_ruling_out_makes_a_candidate_again(world: World) -> None:
    anna = register(world)
    view = waiting(world, a_panoramic())
    decision = rule_out(world.porion, world.actor, view.item.id, anna.id, None)
    take_back(world, decision)
    assert [candidate.grade for candidate in again(world, view).candidates] == [Grade.CERTAIN]


def test_a_ruling_out_can_be_undone_under_a_later_link(world: World) -> None:
    anna, berta = register(world), register(world, BERTA)
    view = waiting(world, a_panoramic())
    decision = rule_out(world.porion, world.actor, view.item.id, anna.id, None)
    link_to(world, again(world, view), berta)
    take_back(world, decision)
    assert counts(world) == {"linked": 1}


def test_an_undone_split_is_one_item_again(each_world: World) -> None:
    world = each_world
    view = waiting(world, a_panoramic(1), a_panoramic(2))
    decision = split(world.porion, world.actor, view.item.id, [view.images[0].id])
    take_back(world, decision)
    (only,) = inbox(world)
    assert only.item.id == view.item.id
    assert [image.id for image in only.images] == [image.id for image in view.images]
    assert inbox(world, "quarantined") == []
    assert counts(world) == {"pending": 2}


def test_a_split_stands_while_a_decision_stands_on_either_part(world: World) -> None:
    anna = register(world)
    view = waiting(world, a_panoramic(1), a_panoramic(2), a_panoramic(3))
    first = split(world.porion, world.actor, view.item.id, [view.images[0].id, view.images[1].id])
    _, apart = inbox(world)
    later_ones: list[Callable[[], DecisionRow]] = [
        lambda: link_to(world, again(world, view), anna),
        lambda: link_to(world, again(world, apart), anna),
        lambda: split(world.porion, world.actor, apart.item.id, [view.images[0].id]),
    ]
    for decide in later_ones:
        later = decide()
        with pytest.raises(Conflict, match=later.kind):
            take_back(world, first)
        take_back(world, later)
    take_back(world, first)
    assert [len(one.images) for one in inbox(world)] == [3]


@pytest.mark.parametrize("times", [2, 3])
def test_a_decision_is_undone_once(world: World, times: int) -> None:
    view = waiting(world, a_panoramic())
    decision = reject(world.porion, world.actor, view.item.id, "blurred")
    take_back(world, decision)
    for _ in range(times - 1):
        with pytest.raises(Conflict, match="undone already"):
            take_back(world, decision)


def test_only_the_latest_decision_is_undone(world: World) -> None:
    anna = register(world)
    view = waiting(world, a_panoramic(1), a_panoramic(2))
    first = split(world.porion, world.actor, view.item.id, [view.images[0].id])
    link_to(world, again(world, view), anna)
    with pytest.raises(Conflict, match="later decision"):
        take_back(world, first)
    assert counts(world) == {"linked": 1, "pending": 1}


def test_an_undo_itself_a_merge_and_what_nobody_decided_cannot_be_undone(world: World) -> None:
    anna, berta = register(world), register(world, BERTA)
    view = waiting(world, a_panoramic())
    undoing = take_back(world, link_to(world, view, anna))
    merge_patients(world.porion, world.actor, anna.id, berta.id, "one person")
    for decision_id in (undoing.id, "f" * 32):
        with pytest.raises(NotFound):
            undo(world.porion, world.actor, decision_id)


def test_nobody_undoes_another_clinics_decision(world: World) -> None:
    view = waiting(world, a_panoramic())
    decision = reject(world.porion, world.actor, view.item.id, "blurred")
    there = another_clinic(world)
    with pytest.raises(NotFound):
        take_back(there, decision)


def test_an_undone_correction_gives_back_what_stood_before(each_world: World) -> None:
    world = each_world
    (outcome,) = bring(world, an_intra_oral())
    before = see_image(world.porion, world.actor, outcome.image_id or "").image
    correct_category(world.porion, world.actor, before.id, "BITEWING")
    with world.porion.store.read(world.clinic_id) as tx:
        (decision,) = tx.inbox.decisions_on_image(before.id)
    take_back(world, decision)
    assert see_image(world.porion, world.actor, before.id).image == before


def test_a_link_undone_after_a_merge_waits_and_proposes_nobody_from_memory(world: World) -> None:
    anna, berta = register(world), register(world, BERTA)
    view = waiting(world, a_panoramic())
    decision = link_to(world, view, anna)
    merge_patients(world.porion, world.actor, berta.id, anna.id, "one person")
    take_back(world, decision)
    seen = again(world, view)
    assert (seen.item.state, seen.item.patient_id, seen.remembered) == ("pending", None, None)
    bring(world, a_lateral_ceph())
    assert counts(world) == {"pending": 2}
