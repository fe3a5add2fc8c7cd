"""What has changed since a number: kinds of things, whoever changed them; looking is no change."""

from __future__ import annotations

import pytest

from porion.clinic.permissions import Actor
from porion.services.changes import _topics, changes_since
from porion.services.devices import add_device
from porion.services.errors import NotPermitted
from porion.services.images import list_images, see_header
from porion.services.inbox import list_inbox
from porion.services.patients import list_patients
from porion.services.records import ImageFilter
from tests.builders import a_panoramic
from tests.services.scenes import link_to, register, waiting
from tests.world import World, another_clinic, bring


def number(world: World) -> int:
    return changes_since(world.porion, world.actor, None).number


def topics(world: World, since: int) -> set[str]:
    return set(changes_since(world.porion, world.actor, since).topics)


def test_without_a_number_only_the_place_is_told(world: World) -> None:
    bring(world, a_panoramic())
    assert not changes_since(world.porion, world.actor, None).topics


def test_each_kind_of_change_has_its_topics(world: World) -> None:
    start = number(world)
    anna = register(world)
    assert topics(world, start) == {"patients", "inbox"}
    start = number(world)
    view = waiting(world, a_panoramic())
    assert topics(world, start) == {"inbox", "images"}
    start = number(world)
    link_to(world, view, anna)
    assert topics(world, start) == {"inbox", "images", "patients"}
    start = number(world)
    add_device(world.porion, world.actor, "PAN1", "127.0.0.1", "Panoramic")
    assert topics(world, start) == {"devices"}


def test_looking_is_no_change(world: World) -> None:
    (outcome,) = bring(world, a_panoramic())
    start = number(world)
    list_inbox(world.porion, world.actor)
    list_patients(world.porion, world.actor, words=None)
    list_images(world.porion, world.actor, ImageFilter())
    see_header(world.porion, world.actor, str(outcome.image_id))
    assert number(world) > start
    assert not topics(world, start)


@pytest.mark.parametrize(
    "action",
    [
        "inbox shown", "candidates shown", "patients listed", "relations shown", "images listed", "file read",
        "picture shown", "history shown", "exposures shown", "device diagnosed", "schedule shown",
        "volume shown", "calibrations shown", "studies searched", "query answered",
    ],
)  # fmt: skip
def test_what_a_page_asks_for_does_not_make_it_ask_again(action: str) -> None:
    assert not _topics(action, "image")


def test_another_clinics_changes_are_nobody_elses(world: World) -> None:
    start = number(world)
    bring(another_clinic(world), a_panoramic())
    assert not topics(world, start)


def test_it_takes_the_permission_to_view(world: World) -> None:
    with pytest.raises(NotPermitted):
        changes_since(world.porion, Actor("guest", world.clinic_id, frozenset()), None)
