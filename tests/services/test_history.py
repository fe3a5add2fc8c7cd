"""What was decided about an image."""

from __future__ import annotations

import pytest

from porion.clinic.permissions import Actor
from porion.services.errors import NotFound, NotPermitted
from porion.services.history import see_history
from porion.services.images import correct_category
from porion.services.undo import undo
from tests.builders import a_panoramic
from tests.services.scenes import link_to, register, waiting
from tests.world import World


def test_links_and_categories_stand_in_one_history(world: World) -> None:
    anna = register(world)
    view = waiting(world, a_panoramic())
    decision = link_to(world, view, anna)
    correct_category(world.porion, world.actor, view.images[0].id, "TMJ")
    undo(world.porion, world.actor, decision.id)
    told = see_history(world.porion, world.actor, view.images[0].id)
    assert [row.kind for row in told] == ["link", "category", "undo"]


def test_an_image_that_is_not_there_and_somebody_who_may_not_look(world: World) -> None:
    with pytest.raises(NotFound):
        see_history(world.porion, world.actor, "none")
    with pytest.raises(NotPermitted):
        see_history(world.porion, Actor("guest", world.clinic_id, frozenset()), "none")
