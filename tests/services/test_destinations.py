"""Where images may be sent."""

from __future__ import annotations

import pytest

from porion.services.destinations import UnknownDestination, destination
from porion.services.devices import add_device, block_device
from porion.services.errors import Invalid
from porion.services.nodes import NodeChange, edit_node
from tests.asked import a_node, remotes
from tests.world import World, another_clinic


def test_a_node_comes_before_a_device_of_its_title(world: World) -> None:
    add_device(world.porion, world.actor, "PACS", "10.0.0.5", "Viewer", 104)
    assert destination(world.porion, remotes(), world.clinic_id, "PACS").node.name == "Viewer"
    node = a_node(world, 11113)
    target = destination(world.porion, remotes(), world.clinic_id, "PACS")
    assert (target.node.id, target.address, target.calling) == (node.id, "127.0.0.1", "PORION")


def test_a_device_is_reached_at_its_own_address(world: World) -> None:
    add_device(world.porion, world.actor, "VIEWER", "10.0.0.5", "", 104)
    target = destination(world.porion, remotes(), world.clinic_id, "VIEWER")
    assert (target.address, target.node.port, target.node.tls) == ("10.0.0.5", 104, False)
    block_device(world.porion, world.actor, "VIEWER")
    with pytest.raises(UnknownDestination, match="no approved device 'VIEWER'"):
        destination(world.porion, remotes(), world.clinic_id, "VIEWER")


def test_a_node_that_is_not_for_it_and_other_clinics_are_unknown(world: World) -> None:
    a_node(world, 11113, uses=("query",))
    neighbour = another_clinic(world)
    add_device(neighbour.porion, neighbour.actor, "THEIRS", "10.0.0.5", "", 104)
    for title in ("PACS", "THEIRS", ""):
        with pytest.raises(UnknownDestination):
            destination(world.porion, remotes(), world.clinic_id, title)


def test_a_name_is_judged_each_time(world: World) -> None:
    node = a_node(world, 11113)
    names = remotes({"pacs.example": ["10.0.0.9"]})
    change = NodeChange(host="pacs.example", may_be_local=False)
    edit_node(world.porion, names, world.actor, node.id, change)
    assert destination(world.porion, names, world.clinic_id, "PACS").address == "10.0.0.9"
    with pytest.raises(Invalid):
        destination(world.porion, remotes({"pacs.example": ["169.254.169.254"]}), world.clinic_id, "PACS")
