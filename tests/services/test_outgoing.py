"""What was found, as what goes out."""

from __future__ import annotations

import pytest

from porion.services.errors import Invalid
from porion.services.outgoing import outgoing
from porion.services.search_rows import Found, Level, Wanted
from tests.builders import a_panoramic
from tests.world import World, bring


def found(world: World, level: Level) -> Found:
    bring(world, a_panoramic(1))
    with world.porion.store.read(world.clinic_id) as tx:
        (one,) = tx.search.find(Wanted(level, (), 0, 1))
    return one


def test_an_instance_goes_out_with_whose_it_is(world: World) -> None:
    one = found(world, Level.INSTANCE)
    made = outgoing(one)

    assert one.instance is not None
    assert (made.digest, made.sop_instance_uid) == (one.instance.digest, one.instance.sop_instance_uid)
    assert made.person == one.person


def test_only_instances_go_out(world: World) -> None:
    with pytest.raises(Invalid, match="Only instances"):
        outgoing(found(world, Level.STUDY))
