"""What devices reported, on both databases."""

from __future__ import annotations

from dataclasses import replace

from porion.services.worklist_records import PerformedRow
from tests.world import NOON, World, another_clinic

ROW = PerformedRow("p1", "1.2.3", "d", "in progress", {"id": "X"}, NOON, NOON)


def test_a_performed_step_is_found_by_its_uid_and_by_what_it_made(each_world: World) -> None:
    there = another_clinic(each_world)
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        tx.performed.add(ROW)
        tx.performed.add(replace(ROW, id="p2", sop_instance_uid="1.2.4"))
        tx.performed.refer("p1", ["1.9.2", "1.9.1", "1.9.1"])
        tx.performed.refer("p2", ["1.9.1", "1.9.3"])
        tx.performed.update("p1", {"state": "completed"})
        assert tx.performed.get("1.2.3") == replace(ROW, state="completed")
        assert {uid: row.id for uid, row in tx.performed.that_made(["1.9.1", "1.9.3", "1.9.4"]).items()} == {
            "1.9.1": "p1",
            "1.9.3": "p2",
        }
        assert [row.id for row in tx.performed.list(None, 9)] == ["p2", "p1"]
        assert [row.id for row in tx.performed.list("p2", 9)] == ["p1"]
    with there.porion.store.write(there.clinic_id) as tx:
        assert tx.performed.get("1.2.3") is None
        assert tx.performed.that_made(["1.9.1"]) == {}
