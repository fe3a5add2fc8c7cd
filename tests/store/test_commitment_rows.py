"""Commitments in the database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from porion.services.records import CommitmentRow
from tests.world import NOON, World, another_clinic

ROW = CommitmentRow("1" * 32, "2" * 32, "1.2.3", {"address": "::1"}, [["1.2", "1.3"]], "waiting", NOON, NOON)


def test_commitments_are_found_when_they_are_due(each_world: World) -> None:
    other = another_clinic(each_world)
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        tx.commitments.add(ROW)
        tx.commitments.add(
            replace(ROW, id="3" * 32, transaction_uid="1.2.4", next_attempt_at=NOON + timedelta(hours=1))
        )
        assert tx.commitments.asked_for(ROW.device_id, "1.2.3") == ROW
        assert tx.commitments.due(NOON) == [ROW]
        assert tx.commitments.clinics_with_due(NOON) == [each_world.clinic_id]
        moved = {"next_attempt_at": NOON + timedelta(minutes=1)}
        assert tx.commitments.claim(ROW, moved)
        assert not tx.commitments.claim(ROW, moved)
        tx.commitments.hasten("no device", NOON)
        assert tx.commitments.due(NOON) == []
        tx.commitments.hasten(ROW.device_id, NOON)
        assert len(tx.commitments.due(NOON)) == 2
        tx.commitments.update(ROW.id, {"state": "delivered", "next_attempt_at": None})
        assert [row.id[0] for row in tx.commitments.due(NOON)] == ["3"]
        assert [row.id[0] for row in tx.commitments.list(None, 10)] == ["3", "1"]
    with each_world.porion.store.read(other.clinic_id) as tx:
        assert tx.commitments.list(None, 10) == []
