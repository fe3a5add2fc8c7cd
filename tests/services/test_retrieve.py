from __future__ import annotations

from dataclasses import replace

import pytest

from porion.clinic.permissions import Role
from porion.services.decide import reject
from porion.services.errors import NotFound, NotOffered, NotPermitted
from porion.services.pixel_ports import Rendering
from porion.services.retrieve import (
    ANY,
    Place,
    chosen_syntax,
    drawn_at,
    files_at,
    frames_at,
    held_at,
    open_kept,
    opened,
    stands_for,
    thumbnail_of,
)
from tests.builders import a_cbct_series, a_panoramic, file_bytes, uid
from tests.services.scenes import inbox, somebody
from tests.world import World, bring

PLACE = Place(uid("study-1"))
NATIVE, IMPLICIT, HTJ2K = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2", "1.2.840.10008.1.2.4.201"


def test_what_was_rejected_is_not_there(world: World) -> None:
    bring(world, a_panoramic())
    assert len(held_at(world.porion, world.actor, PLACE)) == 1
    reject(world.porion, world.actor, inbox(world)[0].item.id, "blurred")
    with pytest.raises(NotFound):
        held_at(world.porion, world.actor, PLACE)


def test_the_first_syntax_that_can_be_had_is_chosen(world: World) -> None:
    bring(world, file_bytes(a_panoramic(), transfer_syntax=IMPLICIT))
    (held,) = held_at(world.porion, world.actor, PLACE)
    for syntaxes, chosen in (
        ([ANY], IMPLICIT),
        ([HTJ2K, ANY], HTJ2K),
        (["1.2.3", IMPLICIT, NATIVE], IMPLICIT),
        (["1.2.3", NATIVE], NATIVE),
    ):
        assert chosen_syntax(held, syntaxes, [HTJ2K, NATIVE]) == chosen
    with pytest.raises(NotOffered, match=IMPLICIT):
        chosen_syntax(held, ["1.2.3"], [HTJ2K])


def test_damaged_pixels_withhold_no_file(world: World) -> None:
    content = file_bytes(a_panoramic(), transfer_syntax=IMPLICIT)[:-20]
    bring(world, content)
    (file,) = files_at(world.porion, world.actor, PLACE, [HTJ2K])
    assert file.transfer_syntax == HTJ2K
    with opened(world.porion, world.actor, file) as (syntax, stream):
        assert (syntax, stream.read()) == (IMPLICIT, content)


def test_frames_pictures_and_thumbnails_are_of_what_is_held(world: World) -> None:
    bring(world, *a_cbct_series(3))
    place = Place(uid("study-cbct"))
    found, pictures = drawn_at(world.porion, world.actor, place, None, Rendering(picture="image/png"))
    assert [drawn.data[:4] for drawn in pictures] == [b"\x89PNG"] * 3
    assert stands_for(found) is found[1]
    assert thumbnail_of(world.porion, world.actor, found[0])[:2] == b"\xff\xd8"
    held, frames = frames_at(world.porion, world.actor, place, [1], [ANY])
    assert held == found[0]
    assert [frame.transfer_syntax for frame in frames] == [NATIVE]
    with pytest.raises(NotFound, match="no frame 2"):
        frames_at(world.porion, world.actor, place, [2], [ANY])


def test_every_way_needs_the_permission(world: World) -> None:
    bring(world, a_panoramic())
    (file,) = files_at(world.porion, world.actor, PLACE, [ANY])
    stranger = replace(somebody(world, Role.CLINICIAN), permissions=frozenset())
    porion = world.porion
    with pytest.raises(NotPermitted):
        held_at(porion, stranger, PLACE)
    with pytest.raises(NotPermitted):
        open_kept(porion, stranger, file)
    with pytest.raises(NotPermitted):
        thumbnail_of(porion, stranger, file.held)
    with pytest.raises(NotPermitted), opened(porion, stranger, file):
        pass
