from __future__ import annotations

from dataclasses import replace

import pytest

from porion.clinic.permissions import Role
from porion.services.errors import Conflict, Invalid, NotFound, NotPermitted
from porion.services.node_records import Use
from porion.services.nodes import (
    NodeChange,
    add_node,
    edit_node,
    find_node,
    list_nodes,
    must_be_for,
    remove_node,
    see_node,
    target_of,
    try_node,
)
from tests.asked import a_node, remotes
from tests.dimse.fake_pacs import a_pacs
from tests.services.scenes import somebody
from tests.world import World, another_clinic

PACS = NodeChange("PACS", "ORTHANC", "192.168.1.5", 4242, dicomweb="https://192.168.1.5/dicom-web/")


def test_a_node_is_added_changed_and_removed(each_world: World) -> None:
    world = each_world
    row = add_node(world.porion, remotes(), world.actor, PACS)
    assert (row.dicomweb, row.uses) == ("https://192.168.1.5/dicom-web", list(Use))
    assert see_node(world.porion, world.actor, "PACS") == row == see_node(world.porion, world.actor, row.id)
    change = NodeChange(calling="US", uses=("query",), token="secret", dicomweb="")
    changed = edit_node(world.porion, remotes(), world.actor, "PACS", change)
    assert changed == replace(
        row, calling="US", uses=["query"], token="secret", dicomweb="", updated_at=changed.updated_at
    )
    assert list_nodes(world.porion, world.actor) == [changed]
    remove_node(world.porion, world.actor, "PACS")
    with pytest.raises(NotFound, match="there are: none"):
        see_node(world.porion, world.actor, "PACS")
    with world.porion.store.read(world.clinic_id) as tx:
        links = tx.audit.list(None, 10, row.id)
        assert [link.action for link in links] == ["node removed", "node changed", "node added"]
        assert "secret" not in str([link.detail for link in links])


@pytest.mark.parametrize(
    "change",
    [
        NodeChange("", "A", "192.168.1.5", 104),
        NodeChange("x" * 65, "A", "192.168.1.5", 104),
        NodeChange("N", "", "192.168.1.5", 104),
        NodeChange("N", "A" * 17, "192.168.1.5", 104),
        NodeChange("N", "A", "192.168.1.5", 0),
        NodeChange("N", "A"),
        NodeChange("N", "A", "127.0.0.1", 104),
        NodeChange("N", "A", "192.168.1.5", 104, dicomweb="http://127.0.0.1/x"),
        NodeChange("N", "A", "192.168.1.5", 104, dicomweb="https://192.168.1.5/" + "x" * 500),
        NodeChange("N", "A", "192.168.1.5", 104, token="two words"),
        NodeChange("N", "A", "192.168.1.5", 104, uses=("gossip",)),
    ],
)
def test_what_is_no_node_is_refused(world: World, change: NodeChange) -> None:
    with pytest.raises(Invalid):
        add_node(world.porion, remotes(), world.actor, change)
    assert list_nodes(world.porion, world.actor) == []


def test_two_nodes_have_two_names_and_each_clinic_its_own(world: World) -> None:
    add_node(world.porion, remotes(), world.actor, PACS)
    with pytest.raises(Conflict):
        add_node(world.porion, remotes(), world.actor, PACS)
    there = another_clinic(world)
    assert list_nodes(there.porion, there.actor) == []
    add_node(there.porion, remotes(), there.actor, PACS)


def test_nodes_are_for_administrators(world: World) -> None:
    clinician = somebody(world, Role.CLINICIAN)
    for refused in (
        lambda: list_nodes(world.porion, clinician),
        lambda: see_node(world.porion, clinician, "PACS"),
        lambda: add_node(world.porion, remotes(), clinician, PACS),
        lambda: edit_node(world.porion, remotes(), clinician, "PACS", PACS),
        lambda: remove_node(world.porion, clinician, "PACS"),
        lambda: try_node(world.porion, remotes(), clinician, "PACS"),
    ):
        with pytest.raises(NotPermitted):
            refused()


def test_what_a_node_can_do_is_found_out_by_trying(world: World) -> None:
    with a_pacs(on_associate=lambda talk: talk.accept(only="1.2.840.10008.1.1")) as pacs:
        a_node(world, pacs.port)
        row = try_node(world.porion, remotes(), world.actor, "PACS")
    assert row.abilities["echo"] is None
    assert "does not offer" in (row.abilities["find"] or "")
    assert row.tested_at
    assert see_node(world.porion, world.actor, "PACS") == row
    gone = try_node(world.porion, remotes(), world.actor, "PACS")
    assert "cannot be reached" in gone.abilities["echo"]


def test_a_node_is_resolved_anew_each_time_it_is_asked(world: World) -> None:
    named = NodeChange("PACS", "ORTHANC", "pacs.example", 4242)
    add_node(world.porion, remotes({"pacs.example": ["192.168.1.5"]}), world.actor, named)
    with world.porion.store.read(world.clinic_id) as tx:
        node = find_node(tx, "PACS")
        target = target_of(tx, remotes({"pacs.example": ["192.168.1.6"]}), world.clinic_id, node)
        assert (target.address, target.calling, target.ours) == ("192.168.1.6", "PORION", "PORION")
        with pytest.raises(Invalid, match="this machine"):
            target_of(tx, remotes({"pacs.example": ["127.0.0.1"]}), world.clinic_id, node)


def test_a_node_is_used_for_what_it_is_set_up_for(world: World) -> None:
    row = add_node(world.porion, remotes(), world.actor, replace(PACS, uses=("query",)))
    must_be_for(row, Use.QUERY)
    with pytest.raises(Conflict, match="not set up for retrieve"):
        must_be_for(row, Use.RETRIEVE)
