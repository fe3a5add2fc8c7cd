from __future__ import annotations

from porion.services.linking_sources import ONE_IN, list_sources, set_unattended
from tests.builders import a_panoramic
from tests.world import World, bring


def test_sources_are_listed_with_what_is_set_for_them(each_world: World) -> None:
    world = each_world
    bring(
        world, a_panoramic(), a_panoramic(2, study="another"), a_panoramic(3, study="x", StationName="ROOM2")
    )
    first, second = list_sources(world.porion, world.actor)
    assert (first.images + second.images, first.unattended, first.one_in) == (3, False, ONE_IN)
    set_unattended(world.porion, world.actor, first.source_key, unattended=True, one_in=5)
    set_unattended(world.porion, world.actor, second.source_key, unattended=True)
    set_unattended(world.porion, world.actor, second.source_key, unattended=False)
    listed = list_sources(world.porion, world.actor)
    assert [(one.unattended, one.one_in) for one in listed] == [(True, 5), (False, ONE_IN)]
