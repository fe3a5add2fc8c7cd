"""A small picture of an image."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from porion.clinic.permissions import Actor
from porion.services.errors import NotFound, NotPermitted, Unshowable
from porion.services.pictures import see_picture
from tests.builders import a_cbct_series, a_panoramic
from tests.world import World, bring


def test_a_picture_fits_into_the_square_that_was_asked_for(world: World) -> None:
    (outcome,) = bring(world, a_panoramic())
    for size in (64, 512):
        with Image.open(
            BytesIO(see_picture(world.porion, world.actor, str(outcome.image_id), size))
        ) as drawn:
            assert drawn.format == "JPEG"
            assert max(drawn.size) <= max(size, 256)


def test_a_volume_shows_its_slice_in_the_middle(world: World) -> None:
    slices = a_cbct_series(3)
    for made in (slices[0], slices[2]):
        made.PixelData = b"\0\0"
    outcome, *_ = bring(world, *slices)
    assert see_picture(world.porion, world.actor, str(outcome.image_id)).startswith(b"\xff\xd8")


def test_pixels_that_cannot_be_drawn_say_so(world: World) -> None:
    (outcome,) = bring(world, a_panoramic(PixelData=b"\0\0"))
    with pytest.raises(Unshowable):
        see_picture(world.porion, world.actor, str(outcome.image_id))


def test_an_image_that_is_not_there_and_somebody_who_may_not_look(world: World) -> None:
    with pytest.raises(NotFound):
        see_picture(world.porion, world.actor, "none")
    with pytest.raises(NotPermitted):
        see_picture(world.porion, Actor("guest", world.clinic_id, frozenset()), "none")
