"""The demo's clinic in a data directory: nobody real, its own devices, and one log-in at a time."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from porion.cli.demo_clinic import book, bring_in, new_administrator, settle
from porion.emulator.devices import UNITS
from porion.services.accounts import create_user, list_users, log_in
from porion.services.devices import list_devices
from porion.services.errors import Conflict, NotSignedIn
from porion.services.patients import list_patients
from porion.services.worklist import see_schedule
from porion.services.worklist_records import StepFilter
from tests.emulator.small import CROWD, small_visits
from tests.world import PASSWORD, World

PLACE = Path("a data directory")


def test_patients_are_registered_and_devices_let_in(world: World) -> None:
    settle(world.porion, world.actor, PLACE, CROWD)
    assert len(list_patients(world.porion, world.actor, words=None, limit=500)) == len(CROWD)
    devices = list_devices(world.porion, world.actor)
    assert {device.ae_title for device in devices} == {unit.title for unit in UNITS}
    assert {(device.state, device.address) for device in devices} == {("approved", "127.0.0.1/32")}


def test_a_second_time_changes_nothing(world: World) -> None:
    for _ in range(2):
        settle(world.porion, world.actor, PLACE, CROWD)
    assert len(list_patients(world.porion, world.actor, words=None, limit=500)) == len(CROWD)
    assert len(list_devices(world.porion, world.actor)) == len(UNITS)


def test_visits_are_booked_for_devices_that_fetch_a_worklist(world: World) -> None:
    settle(world.porion, world.actor, PLACE, CROWD)
    coming = list(islice(small_visits(), 20))
    booked = book(world.porion, world.actor, coming)
    views = see_schedule(world.porion, world.actor, StepFilter())
    assert booked == len(views) == sum(visit.by_worklist for visit in coming) > 2
    assert {view.step.station_ae for view in views} == {"PANCEPH", "CBCT1"}
    may_ask = {device.ae_title for device in list_devices(world.porion, world.actor) if device.rights}
    assert may_ask == {"PANCEPH", "CBCT1"}


def test_a_real_clinics_users_are_left_alone(world: World) -> None:
    create_user(world.porion, world.actor, "a@clinic.example", "admin", PASSWORD)
    with pytest.raises(Conflict, match="belongs to a clinic"):
        settle(world.porion, world.actor, PLACE, CROWD)
    assert not list_devices(world.porion, world.actor)


def test_nobody_can_guess_the_password_and_it_ends_with_the_next_demo(world: World) -> None:
    first, second = (new_administrator(world.porion, world.actor) for _ in range(2))
    assert first.password != second.password
    assert first.email != second.email
    assert log_in(world.porion, second.email, second.password, "here")
    with pytest.raises(NotSignedIn):
        log_in(world.porion, first.email, first.password, "here")
    assert [user.state for user in list_users(world.porion, world.actor)] == ["off", "active"]
    settle(world.porion, world.actor, PLACE, CROWD)


def test_what_the_devices_make_is_brought_in_once(world: World) -> None:
    counts = [bring_in(world.porion, world.actor, islice(small_visits(), 5), 2) for _ in range(2)]
    assert counts == [{"pending": 5}, {"duplicate": 5}]
