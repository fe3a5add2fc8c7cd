from __future__ import annotations

from dataclasses import replace

from porion.services.node_ports import NodeRows as Port
from porion.services.node_records import NodeRow
from porion.store.node_rows import NodeRows
from tests.services.scenes import signatures
from tests.world import NOON, World, another_clinic

ROW = NodeRow("1" * 32, "PACS", "ORTHANC", "192.168.1.5", 4242, NOON, NOON)


def test_nodes_come_back_by_name_and_belong_to_their_clinic(each_world: World) -> None:
    other = replace(ROW, id="2" * 32, name="Archive", abilities={"echo": None}, tested_at=NOON)
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        tx.nodes.add(ROW)
        tx.nodes.add(other)
        assert tx.nodes.all() == [other, ROW]
        tx.nodes.save(replace(ROW, port=104))
        assert tx.nodes.all() == [other, replace(ROW, port=104)]
        tx.nodes.remove(other.id)
        assert [row.id for row in tx.nodes.all()] == [ROW.id]
    there = another_clinic(each_world)
    with there.porion.store.write(there.clinic_id) as tx:
        tx.nodes.remove(ROW.id)
        assert tx.nodes.all() == []
    with each_world.porion.store.read(each_world.clinic_id) as tx:
        assert len(tx.nodes.all()) == 1


def test_rows_offer_exactly_what_their_port_names() -> None:
    assert signatures(NodeRows) == signatures(Port)
