from __future__ import annotations

from dataclasses import replace
from typing import Any

from porion.services.decide import split
from porion.services.records import DecisionRow, ItemRow, Json
from tests.builders import a_panoramic
from tests.services.scenes import inbox, register, waiting
from tests.world import World

SUBJECT = "device|protocol"


def a_decision(world: World, item: ItemRow, kind: str, **changes: Any) -> DecisionRow:
    row = DecisionRow(
        id=world.porion.new_id(),
        kind=kind,
        item_id=item.id,
        image_id=None,
        patient_id=None,
        actor="anna",
        made_at=world.clock(),
        subject=SUBJECT,
        detail={"to": "TMJ"},
    )
    return replace(row, **changes)


def test_an_item_is_changed_by_whoever_saw_its_latest_version(each_world: World) -> None:
    item = waiting(each_world, a_panoramic()).item
    changes: Json = {"state": "quarantined", "reason": "blurred"}
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        assert tx.inbox.update_item(item.id, 1, changes)
        assert not tx.inbox.update_item(item.id, 1, {"reason": "late"})
        assert tx.inbox.items([item.id])[item.id] == replace(item, version=2, **changes)


def test_an_open_item_is_the_oldest_that_waits_and_was_not_split_off(each_world: World) -> None:
    world = each_world
    view = waiting(world, a_panoramic(1), a_panoramic(2))
    split(world.porion, world.actor, view.item.id, [view.images[0].id])
    key = (view.item.study_id, view.item.claim_key)
    with world.porion.store.write(world.clinic_id) as tx:
        assert tx.inbox.open_items([key])[key].id == view.item.id
        held = tx.inbox.items([view.item.id])[view.item.id]
        later = replace(held, id=world.porion.new_id(), version=1)
        tx.inbox.add_items([later])
        assert tx.inbox.open_items([key])[key].id == view.item.id
        tx.inbox.update_item(held.id, held.version, {"state": "quarantined"})
        assert tx.inbox.open_items([key])[key].id == later.id


def test_items_without_images_are_not_listed(each_world: World) -> None:
    view = waiting(each_world, a_panoramic())
    empty = replace(view.item, id=each_world.porion.new_id())
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        tx.inbox.add_items([empty])
        assert [row.id for row in tx.inbox.list_items("pending", None, 9)] == [view.item.id]
        assert tx.inbox.list_items("linked", None, 9) == []
    assert [one.item.id for one in inbox(each_world)] == [view.item.id]


def test_the_latest_correction_that_stands_counts(each_world: World) -> None:
    item = waiting(each_world, a_panoramic()).item
    first, second = (a_decision(each_world, item, "category") for _ in range(2))
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        for row in (first, second, a_decision(each_world, item, "link")):
            tx.inbox.add_decision(row)
        assert tx.inbox.corrections([SUBJECT, "another"]) == {SUBJECT: second}
        tx.inbox.add_decision(a_decision(each_world, item, "undo", undoes=second.id))
        assert tx.inbox.undone([first.id, second.id]) == {second.id}
        assert tx.inbox.corrections([SUBJECT]) == {SUBJECT: first}


def test_the_latest_remembered_link_of_claim_and_source_counts(each_world: World) -> None:
    item = waiting(each_world, a_panoramic()).item
    anna = register(each_world)
    first, second = (a_decision(each_world, item, "link", patient_id=anna.id) for _ in range(2))
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        for row in (first, second):
            tx.inbox.add_decision(row)
            tx.inbox.remember("claim", ["here", "there", "here"], row)
        assert tx.inbox.remembered("claim", ["there", "nowhere"]) == second
        assert tx.inbox.remembered("claim", ["nowhere"]) is None
        assert tx.inbox.remembered("another", ["here"]) is None
        tx.inbox.forget(second.id)
        assert tx.inbox.remembered("claim", ["here"]) == first
