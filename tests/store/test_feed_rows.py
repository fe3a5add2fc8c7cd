from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from porion.dicom.person import Identifier
from porion.services.records import FeedMessageRow
from tests.world import NOON, World, another_clinic

ROW = FeedMessageRow("KIS|A", "1", "d" * 64, "added", None, "New in the register.", NOON)
ONE, OTHER = Identifier("P-1", "CLINIC"), Identifier("P-1", "ELSEWHERE")


def test_messages_are_found_by_source_and_number_and_listed_newest_first(each_world: World) -> None:
    later = replace(ROW, message_id="2", at=NOON + timedelta(seconds=1))
    elsewhere = replace(ROW, source="LAB|B")
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        for row in (ROW, later, elsewhere):
            tx.feeds.save(row, 10)
        assert tx.feeds.message("KIS|A", "2") == later
        assert tx.feeds.message("LAB|B", "1") == elsewhere
        assert tx.feeds.message("LAB|B", "2") is None
        assert tx.feeds.list(2)[0] == later
    there = another_clinic(each_world)
    with there.porion.store.read(there.clinic_id) as tx:
        assert tx.feeds.message("KIS|A", "1") is None
        assert tx.feeds.list(9) == []


def test_a_message_is_replaced_and_only_the_newest_of_a_source_stay(each_world: World) -> None:
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        for number in range(5):
            tx.feeds.save(replace(ROW, message_id=str(number)), 3)
        tx.feeds.save(replace(ROW, source="LAB|B"), 3)
        again = replace(ROW, message_id="4", outcome="refused")
        tx.feeds.save(again, 3)
        assert tx.feeds.message("KIS|A", "4") == again
        kept = {row.message_id for row in tx.feeds.list(99) if row.source == "KIS|A"}
    assert kept == {"3", "4"}


def test_how_far_a_source_was_read_is_kept_for_each(each_world: World) -> None:
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        assert tx.feeds.position("A") is None
        tx.feeds.set_position("A", "1")
        tx.feeds.set_position("A", "2")
        tx.feeds.set_position("B", "9")
        assert (tx.feeds.position("A"), tx.feeds.position("B")) == ("2", "9")
    there = another_clinic(each_world)
    with there.porion.store.read(there.clinic_id) as tx:
        assert tx.feeds.position("A") is None


def test_the_latest_moment_of_any_identifier_counts_and_never_goes_back(each_world: World) -> None:
    early, late = NOON, NOON + timedelta(hours=1)
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        assert tx.feeds.last_sent("KIS|A", [ONE]) is None
        tx.feeds.set_sent("KIS|A", [ONE, ONE], late)
        tx.feeds.set_sent("KIS|A", [ONE, OTHER], early)
        assert tx.feeds.last_sent("KIS|A", [ONE]) == late
        assert tx.feeds.last_sent("KIS|A", [OTHER]) == early
        assert tx.feeds.last_sent("KIS|A", [OTHER, ONE]) == late
        assert tx.feeds.last_sent("LAB|B", [ONE]) is None
