from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from porion.services.records import LinkingSourceRow
from tests.builders import a_panoramic
from tests.services.scenes import inbox
from tests.world import NOON, World, another_clinic, bring

ROW = LinkingSourceRow("file|unit", True, 50, 0, "anna", NOON)


def test_a_setting_is_replaced_and_belongs_to_its_clinic(each_world: World) -> None:
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        tx.linking.save(ROW)
        tx.linking.save(replace(ROW, unattended=False, stopped="why"))
        tx.linking.save(replace(ROW, source_key="a|b"))
        assert tx.linking.source("file|unit") == replace(ROW, unattended=False, stopped="why")
        assert [row.source_key for row in tx.linking.sources()] == ["a|b", "file|unit"]
    there = another_clinic(each_world)
    with there.porion.store.read(there.clinic_id) as tx:
        assert tx.linking.source("file|unit") is None


def test_items_settle_when_no_image_came_for_a_while(each_world: World) -> None:
    world = each_world
    bring(world, a_panoramic(1), a_panoramic(2, study="another", StationName="ROOM2"))
    first, second = inbox(world)
    key = first.images[0].source_key
    came = first.images[0].received_at
    moment = timedelta(seconds=1)
    with world.porion.store.read(world.clinic_id) as tx:
        assert tx.linking.settled([key], came - moment, came + moment) == [first.item.id]
        assert tx.linking.settled([key], came, came + moment) == []
        assert tx.linking.settled([key], came - 2 * moment, came - moment) == []
        both = tx.linking.settled(tx.linking.seen(), came - moment, came + timedelta(minutes=1))
        assert both == [first.item.id, second.item.id]
