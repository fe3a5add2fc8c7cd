from __future__ import annotations

from dataclasses import replace

import pytest

from porion.services.bulk import bulk_at, open_bulk
from porion.services.errors import NotFound, NotPermitted
from porion.services.retrieve import Place
from tests.builders import a_panoramic, uid
from tests.world import World, bring

PLACE = Place(uid("study-1"), uid("study-1", "series", 1), uid("panoramic", 1))


def test_a_value_lies_in_the_archived_file(world: World) -> None:
    bring(world, a_panoramic(PixelData=b"\1\2" * 32))
    bulk = bulk_at(world.porion, world.actor, PLACE, "7FE00010")
    with open_bulk(world.porion, world.actor, bulk) as file:
        file.seek(bulk.extent.offset)
        assert file.read(bulk.extent.length) == b"\1\2" * 32
    with pytest.raises(NotFound):
        bulk_at(world.porion, world.actor, PLACE, "00091001")
    with pytest.raises(NotPermitted):
        open_bulk(world.porion, replace(world.actor, permissions=frozenset()), bulk)
