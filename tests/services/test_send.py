"""What became of an instance that was sent."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pytest

from porion.clinic.permissions import asking_device
from porion.services.errors import NodeFailed
from porion.services.hand_out import Copy
from porion.services.outgoing import Outgoing, outgoing
from porion.services.search_rows import Level, Wanted
from porion.services.send import Sent, send
from tests.builders import a_panoramic
from tests.dimse.house import EXPLICIT
from tests.world import World, bring


class Node:
    """Takes explicit VR little endian and answers as it is told."""

    def __init__(self, status: int | None, syntaxes: Collection[str] = (EXPLICIT,)) -> None:
        self.status, self.syntaxes = status, syntaxes

    def taken(self, sop_class_uid: str) -> Collection[str]:
        del sop_class_uid
        return self.syntaxes

    def store(self, one: Outgoing, copy: Copy) -> int:
        del one, copy
        if self.status is None:
            raise NodeFailed("It has gone.")
        return self.status


@pytest.fixture
def one(world: World) -> Outgoing:
    bring(world, a_panoramic(1))
    with world.porion.store.read(world.clinic_id) as tx:
        (found,) = tx.search.find(Wanted(Level.INSTANCE, (), 0, 1))
    return outgoing(found)


def sent(world: World, one: Outgoing, node: Node) -> Sent:
    return send(world.porion, asking_device("X", world.clinic_id), node, one)


@pytest.mark.parametrize(
    ("status", "is_stored", "reason"),
    [
        (0x0000, True, ""),
        (0xB007, True, ""),
        (0xA700, False, "The node answered with status A700H."),
        (0x0122, False, "The node answered with status 0122H."),
    ],
)
def test_the_node_s_status_says_it(
    world: World, one: Outgoing, status: int, is_stored: bool, reason: str
) -> None:
    told = sent(world, one, Node(status))
    assert (told.status, told.is_stored, told.reason) == (status, is_stored, reason)


def test_what_is_not_taken_or_lost_is_told(world: World, one: Outgoing) -> None:
    assert sent(world, one, Node(0, ())).reason == "The node does not take this kind of object."
    assert "has lost the file" in sent(world, replace(one, digest="0" * 64), Node(0)).reason
    assert "in no transfer syntax" in sent(world, one, Node(0, ("1.2.3",))).reason


def test_an_association_that_ends_is_no_matter_of_one_instance(world: World, one: Outgoing) -> None:
    with pytest.raises(NodeFailed):
        sent(world, one, Node(None))
