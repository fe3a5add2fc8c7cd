"""Rules of forwarding, as administrators meet them."""

from __future__ import annotations

import pytest

from porion.clinic.permissions import Role
from porion.services.errors import Conflict, Invalid, NotFound, NotPermitted
from porion.services.forwarding import (
    NewRule,
    add_rule,
    list_forwards,
    list_rules,
    offer_again,
    remove_rule,
    switch_rule,
)
from porion.services.nodes import remove_node
from porion.services.trail import read_trail
from tests.asked import a_node
from tests.services.scenes import somebody
from tests.world import World, another_clinic


def test_a_rule_from_the_first_word_to_the_last(each_world: World) -> None:
    world = each_world
    node = a_node(world, 11113)
    new = NewRule("Archive", "PACS", source="PAN1", category="PANORAMIC", modality="OPG")
    rule = add_rule(world.porion, world.actor, new)
    assert (rule.node_id, rule.source, rule.verified_only) == (node.id, "PAN1", True)
    (status,) = list_rules(world.porion, world.actor)
    assert (status.rule, status.node) == (rule, "PACS")
    assert dict(status.counts) == {"waiting": 0, "sent": 0, "given up": 0}
    assert remove_rule(world.porion, world.actor, "Archive") == rule
    assert list_rules(world.porion, world.actor) == []
    links = read_trail(world.porion, world.actor, before=None, limit=9, object_id=rule.id)
    assert [link.action for link in links] == ["forwarding rule removed", "forwarding rule added"]


@pytest.mark.parametrize(
    "new",
    [
        NewRule("", "PACS"),
        NewRule("x" * 65, "PACS"),
        NewRule("On", "PACS", category="TEETH"),
        NewRule("On", "PACS", modality="PX"),
        NewRule("On", "PACS", source="much too long a title"),
        NewRule("On", "Web"),
    ],
)
def test_what_makes_no_sense_is_refused(world: World, new: NewRule) -> None:
    a_node(world, 11113)
    with pytest.raises((Invalid, NotFound)):
        add_rule(world.porion, world.actor, new)


def test_a_name_is_given_once_and_a_node_must_be_for_it(world: World) -> None:
    a_node(world, 11113)
    a_node(world, 11114, "Asked", uses=("query",))
    add_rule(world.porion, world.actor, NewRule("On", "PACS"))
    with pytest.raises(Conflict, match="There is a rule On already"):
        add_rule(world.porion, world.actor, NewRule("On", "PACS"))
    with pytest.raises(Conflict, match="not set up for forward"):
        add_rule(world.porion, world.actor, NewRule("Other", "Asked"))
    with pytest.raises(NotFound, match="there are: On"):
        remove_rule(world.porion, world.actor, "Off")


def test_a_rule_outlives_its_node_and_rests(world: World) -> None:
    node = a_node(world, 11113)
    add_rule(world.porion, world.actor, NewRule("On", "PACS"))
    remove_node(world.porion, world.actor, node.id)
    assert [row.node for row in list_rules(world.porion, world.actor)] == [""]


def test_it_is_a_matter_of_administrators_and_of_one_clinic(world: World) -> None:
    a_node(world, 11113)
    add_rule(world.porion, world.actor, NewRule("On", "PACS"))
    clinician = somebody(world, Role.CLINICIAN)
    for asked in (
        lambda: list_rules(world.porion, clinician),
        lambda: add_rule(world.porion, clinician, NewRule("More", "PACS")),
        lambda: switch_rule(world.porion, clinician, "On", enabled=False),
        lambda: offer_again(world.porion, clinician, "On"),
        lambda: remove_rule(world.porion, clinician, "On"),
        lambda: list_forwards(world.porion, clinician),
    ):
        with pytest.raises(NotPermitted):
            asked()
    neighbour = another_clinic(world)
    assert list_rules(neighbour.porion, neighbour.actor) == []
    with pytest.raises(Invalid, match="no state"):
        list_forwards(world.porion, world.actor, state="lost")
