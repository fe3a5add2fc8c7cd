"""How things stand: counts, and a health that is the worst of what is found."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from porion.clinic.permissions import Actor
from porion.services.devices import Visit, add_device, admit, note_visit, see_device
from porion.services.diagnosis import Severity
from porion.services.errors import NotPermitted
from porion.services.overview import Overview, see_overview
from porion.services.system_facts import SystemFacts
from porion.services.undo import undo
from tests.builders import a_panoramic
from tests.services.scenes import link_to, register, waiting
from tests.services.test_diagnosis import KNOCK
from tests.world import NOON, World

FINE = SystemFacts(free=50, total=100, oldest_in_spool=None, certificates=(), listening=(("x:1", None),))


def overview(world: World, facts: SystemFacts = FINE) -> Overview:
    return see_overview(world.porion, world.actor, facts, NOON)


def test_an_empty_clinic_is_well_and_nothing_waits(world: World) -> None:
    told = overview(world)
    assert (told.waiting, told.oldest_waiting, told.newest_arrival) == (0, None, None)
    assert (told.health, told.findings) == (Severity.OK, ())


def test_what_waits_and_what_was_linked_is_counted(world: World) -> None:
    anna = register(world)
    view = waiting(world, a_panoramic())
    before = overview(world)
    assert (before.waiting, before.oldest_waiting, before.linked_today) == (1, view.item.created_at, 0)
    assert before.newest_arrival == view.images[0].received_at
    decision = link_to(world, view, anna)
    assert (overview(world).waiting, overview(world).linked_today) == (0, 1)
    undo(world.porion, world.actor, decision.id)
    assert (overview(world).waiting, overview(world).linked_today) == (1, 0)


def test_a_device_that_asks_to_be_let_in_is_counted(world: World) -> None:
    admit(world.porion, KNOCK)
    assert overview(world).devices_waiting == 1


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        (replace(FINE, free=1), "free"),
        (replace(FINE, oldest_in_spool=NOON - timedelta(hours=1)), "waiting"),
        (replace(FINE, listening=(("x:1", "Nobody listens."),)), "Nobody"),
    ],
)
def test_what_is_wrong_with_the_machine_is_a_fault_in_words(
    world: World, facts: SystemFacts, word: str
) -> None:
    told = overview(world, facts)
    assert told.health is Severity.FAULT
    assert word in told.findings[0].sentence


def test_a_device_whose_last_images_failed_is_a_warning_for_a_day(world: World) -> None:
    device = add_device(world.porion, world.actor, "PAN1", "127.0.0.1", "Panoramic")
    note_visit(world.porion, world.clinic_id, device.id, Visit(0, 1, 0, "The disk was full.", ()))
    assert see_device(world.porion, world.actor, "PAN1").last_error
    told = overview(world)
    assert told.health is Severity.WARNING
    assert [(one.about, one.sentence) for one in told.findings] == [("Panoramic", "The disk was full.")]
    world.clock.pass_by(timedelta(days=2))
    assert overview(world).health is Severity.OK


def test_it_takes_the_permission_to_view(world: World) -> None:
    with pytest.raises(NotPermitted):
        see_overview(world.porion, Actor("guest", world.clinic_id, frozenset()), FINE, NOON)
