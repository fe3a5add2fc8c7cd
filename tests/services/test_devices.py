"""Devices: who is let in, and who waits."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from porion.clinic.permissions import Actor, Permission
from porion.services.devices import (
    DOCTOR,
    MOST_FAILURES,
    MOST_WAITING,
    Admitted,
    DeviceChange,
    Knock,
    Refusal,
    TurnedAway,
    Visit,
    add_device,
    admit,
    approve_device,
    block_device,
    edit_device,
    list_devices,
    note_failure,
    note_visit,
    see_device,
)
from porion.services.errors import Conflict, Invalid, NotFound, NotPermitted, StorageFailed
from porion.services.network import NetworkChange, set_network
from porion.services.trail import read_trail, verify_trail
from porion.store.store import SqlStore
from tests.world import World, a_porion, another_clinic

CERTIFICATE = "ab" * 32
KNOCK = Knock(
    "PAN1", "PORION", "10.0.0.5", False, None, "PAN_3", (("1.2.840.10008.1.1", ("1.2.840.10008.1.2",)),)
)


def why(world: World, knock: Knock) -> Refusal | None:
    found = admit(world.porion, knock)
    return found.why if isinstance(found, TurnedAway) else None


def test_a_stranger_waits_with_what_it_asked_for(each_world: World) -> None:
    assert why(each_world, KNOCK) is Refusal.CALLING_UNKNOWN
    assert why(each_world, KNOCK) is Refusal.WAITING
    (row,) = list_devices(each_world.porion, each_world.actor)
    assert (row.ae_title, row.address, row.state) == ("PAN1", "10.0.0.5/32", "waiting")
    assert row.asked["implementation"] == "PAN_3"
    assert row.asked["contexts"] == [
        {"abstractSyntax": "1.2.840.10008.1.1", "transferSyntaxes": ["1.2.840.10008.1.2"]}
    ]
    assert row.last_error == "PAN1 at 10.0.0.5 is not approved yet."


def test_one_action_lets_it_in(each_world: World) -> None:
    admit(each_world.porion, KNOCK)
    approved = approve_device(each_world.porion, each_world.actor, "PAN1")
    assert (approved.state, approved.address) == ("approved", "10.0.0.5/32")
    found = admit(each_world.porion, KNOCK)
    assert isinstance(found, Admitted)
    assert found.device.id == approved.id
    assert verify_trail(each_world.porion, each_world.actor).whole


def test_an_added_device_comes_from_its_range_only(world: World) -> None:
    add_device(world.porion, world.actor, " PAN1 ", "10.0.0.7/24", "Panoramic")
    assert why(world, KNOCK) is None
    assert why(world, replace(KNOCK, address="10.0.1.5")) is Refusal.ADDRESS
    waiting = list_devices(world.porion, world.actor)[0]
    assert waiting.last_error == "PAN1 is approved for 10.0.0.0/24, but this came from 10.0.1.5."
    approve_device(world.porion, world.actor, waiting.id)
    assert why(world, replace(KNOCK, address="10.0.1.5")) is None


def test_titles_are_compared_letter_by_letter(world: World) -> None:
    add_device(world.porion, world.actor, "PAN1", "10.0.0.5", "")
    assert why(world, replace(KNOCK, calling="pan1")) is Refusal.CALLING_UNKNOWN
    assert why(world, replace(KNOCK, called="porion")) is Refusal.CALLED_UNKNOWN
    assert "AE title is 'PORION'" in (see_device(world.porion, world.actor, "PAN1").last_error or "")


def test_a_blocked_device_stays_out(world: World) -> None:
    add_device(world.porion, world.actor, "PAN1", "10.0.0.5", "")
    block_device(world.porion, world.actor, "PAN1")
    assert why(world, KNOCK) is Refusal.BLOCKED
    assert [row.state for row in list_devices(world.porion, world.actor)] == ["blocked"]


def test_with_a_certificate_only_its_bearer_is_the_device(world: World) -> None:
    add_device(world.porion, world.actor, "PAN1", "10.0.0.5", "")
    with_tls = replace(KNOCK, tls=True, certificate=CERTIFICATE)
    assert why(world, with_tls) is Refusal.CERTIFICATE
    approve_device(world.porion, world.actor, "PAN1")
    assert why(world, with_tls) is None
    assert why(world, replace(with_tls, certificate="cd" * 32)) is Refusal.CERTIFICATE
    assert why(world, KNOCK) is Refusal.CERTIFICATE
    assert "without TLS" in (see_device(world.porion, world.actor, "PAN1").last_error or "")
    edit_device(world.porion, world.actor, "PAN1", DeviceChange(certificate=""))
    assert why(world, KNOCK) is None


def test_a_wider_range_is_no_way_around_a_certificate(world: World) -> None:
    device = add_device(world.porion, world.actor, "PAN1", "10.0.0.5", "")
    edit_device(world.porion, world.actor, device.id, DeviceChange(certificate=CERTIFICATE))
    add_device(world.porion, world.actor, "PAN1", "10.0.0.0/24", "")
    assert why(world, KNOCK) is Refusal.CERTIFICATE
    assert why(world, replace(KNOCK, address="10.0.0.6")) is None
    trail = read_trail(world.porion, world.actor, before=None, limit=9, object_id=device.id)
    assert trail[0].detail["certificate"] == CERTIFICATE


def test_ipv4_within_ipv6_is_ipv4(world: World) -> None:
    device = add_device(world.porion, world.actor, "PAN1", "::ffff:10.0.0.0/120", "")
    assert device.address == "10.0.0.0/24"
    assert why(world, KNOCK) is None
    assert add_device(world.porion, world.actor, "PAN1", "fd00::5", "").address == "fd00::5/128"


def test_each_clinic_has_its_own_devices(world: World) -> None:
    other = another_clinic(world)
    set_network(world.porion, other.actor, NetworkChange(ae_title="OTHER"))
    add_device(world.porion, other.actor, "PAN1", "10.0.0.5", "")
    assert why(world, KNOCK) is Refusal.CALLING_UNKNOWN
    found = admit(world.porion, replace(KNOCK, called="OTHER"))
    assert isinstance(found, Admitted)
    assert found.clinic_id == other.clinic_id
    assert not found.accept_unknown_classes
    set_network(world.porion, other.actor, NetworkChange(accept_unknown_classes=True))
    again = admit(world.porion, replace(KNOCK, called="OTHER"))
    assert isinstance(again, Admitted)
    assert again.accept_unknown_classes


def test_the_doctor_is_no_stranger_on_this_machine(world: World) -> None:
    assert why(world, replace(KNOCK, calling=DOCTOR, address="127.0.0.1")) is Refusal.CALLING_UNKNOWN
    assert list_devices(world.porion, world.actor) == []
    assert why(world, replace(KNOCK, calling=DOCTOR)) is Refusal.CALLING_UNKNOWN
    assert len(list_devices(world.porion, world.actor)) == 1


def test_a_flood_of_names_does_not_grow_the_list(world: World) -> None:
    for n in range(MOST_WAITING + 5):
        admit(world.porion, replace(KNOCK, calling=f"T{n}"))
    titles = {row.ae_title for row in list_devices(world.porion, world.actor)}
    assert len(titles) == MOST_WAITING
    assert "T0" not in titles
    assert f"T{MOST_WAITING + 4}" in titles


def test_what_one_address_makes_us_write_is_bounded(tmp_path: Path) -> None:
    asked: Counter[str] = Counter()

    def three(key: str) -> bool:
        asked[key] += 1
        return asked[key] <= 3

    world = a_porion(tmp_path, limiter=three)
    for n in range(6):
        assert why(world, replace(KNOCK, calling=f"T{n}")) is Refusal.CALLING_UNKNOWN
        note_failure(world.porion, "10.0.0.5", tls=False, reason=f"reason {n}")
    assert len(list_devices(world.porion, world.actor)) == 3
    with world.porion.store.read(world.clinic_id) as tx:
        assert len(tx.devices.failures(10)) == 3
    world.engine.dispose()


def test_an_impatient_stranger_is_written_down_once(world: World) -> None:
    for _ in range(3):
        admit(world.porion, KNOCK)
    first = see_device(world.porion, world.actor, "PAN1").last_seen
    world.clock.pass_by(timedelta(minutes=1))
    admit(world.porion, KNOCK)
    assert see_device(world.porion, world.actor, "PAN1").last_seen != first
    trail = read_trail(world.porion, world.actor, before=None, limit=20, object_id=None)
    assert [link.action for link in trail].count("device waits for approval") == 1


def test_whoever_calls_another_title_each_time_is_not_written_down_each_time(tmp_path: Path) -> None:
    # For the waiting row, and for one other reason soon after another.
    allowed = iter([True, True, False])
    world = a_porion(tmp_path, limiter=lambda _key: next(allowed))
    admit(world.porion, KNOCK)
    world.clock.pass_by(timedelta(minutes=1))
    for called, noted in (("A", "A"), ("B", "B"), ("C", "B")):
        admit(world.porion, replace(KNOCK, called=called))
        assert see_device(world.porion, world.actor, "PAN1").asked["called"] == noted
    world.clock.pass_by(timedelta(minutes=1))
    admit(world.porion, replace(KNOCK, called="D"))
    assert see_device(world.porion, world.actor, "PAN1").asked["called"] == "D"
    world.engine.dispose()


def test_who_cannot_be_written_down_is_turned_away_all_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def full(_clinic_id: str) -> Iterator[None]:
        raise StorageFailed("full")
        yield

    monkeypatch.setattr(type(world.porion.store), "write", lambda _self, clinic: full(clinic))
    assert why(world, KNOCK) is Refusal.CALLING_UNKNOWN


def test_visits_add_up(each_world: World) -> None:
    device = add_device(each_world.porion, each_world.actor, "PAN1", "10.0.0.5", "")
    contexts = (("1.2.840.10008.1.1", "1.2.840.10008.1.2", ""), ("1.2.3", None, "not offered"))
    note_visit(each_world.porion, each_world.clinic_id, device.id, Visit(3, 0, 300, None, contexts))
    note_visit(
        each_world.porion, each_world.clinic_id, device.id, Visit(1, 2, 50, "The disk is full.", contexts)
    )
    note_visit(each_world.porion, each_world.clinic_id, "gone", Visit(1, 0, 1, None, ()))
    row = see_device(each_world.porion, each_world.actor, device.id)
    assert (row.stored, row.failed, row.bytes, row.last_error) == (4, 2, 350, "The disk is full.")
    assert row.asked["contexts"][1] == {"abstractSyntax": "1.2.3", "accepted": None, "why": "not offered"}


def test_associations_that_end_together_are_counted_in_one_transaction(
    tmp_path: Path, engine: sa.Engine
) -> None:
    steps: list[str] = []
    world = a_porion(tmp_path, engine=engine, checkpoint=steps.append)
    porion, clinic_id = world.porion, world.clinic_id
    devices = [add_device(porion, world.actor, title, "10.0.0.5", "").id for title in ("PAN1", "CT1")]
    ended = [(devices[n % 2], Visit(n, 1, 10 * n, f"Trouble {n}.", ())) for n in range(1, 9)]
    threads = [
        threading.Thread(target=note_visit, args=(porion, clinic_id, device_id, visit))
        for device_id, visit in ended
    ]
    assert isinstance(porion.store, SqlStore)
    waiting, turns = porion.store._together._waiting, porion.store._together._turns
    with porion.store.write(clinic_id):
        steps.clear()
        threads[0].start()
        while waiting.get(clinic_id) or not turns[clinic_id].locked():
            threading.Event().wait(0.001)
        for thread in threads[1:]:
            thread.start()
        # One is at the database's door, the others wait behind it.
        while len(waiting.get(clinic_id, ())) < len(threads) - 1:
            threading.Event().wait(0.001)
    for thread in threads:
        thread.join(30)
    # The one that was held, the first one's, and that of all others.
    assert steps.count("database.committed") == 3
    rows = [see_device(porion, world.actor, one) for one in devices]
    assert [(row.stored, row.failed, row.bytes) for row in rows] == [(20, 4, 200), (16, 4, 160)]
    assert all(row.first_seen and row.last_error and row.last_error.startswith("Trouble") for row in rows)


def test_failures_are_kept_the_newest_only(world: World) -> None:
    for n in range(MOST_FAILURES + 3):
        note_failure(world.porion, f"10.0.{n // 250}.{n % 250}", tls=True, reason="No certificate.")
    note_failure(world.porion, "10.9.9.9", tls=False, reason="Garbage.")
    note_failure(world.porion, "10.9.9.9", tls=False, reason="Garbage.")
    with world.porion.store.read(world.clinic_id) as tx:
        rows = tx.devices.failures(1000)
    assert len(rows) == MOST_FAILURES
    assert [row.address for row in rows][:2] == ["10.9.9.9", "10.0.2.2"]


@pytest.mark.parametrize("address", ["", "nowhere", "10.0.0.0/99"])
def test_what_is_no_address_is_told(world: World, address: str) -> None:
    with pytest.raises(Invalid, match="neither an address nor a range"):
        add_device(world.porion, world.actor, "PAN1", address, "")


def test_what_makes_no_sense_is_told(world: World) -> None:
    porion, actor = world.porion, world.actor
    device = add_device(porion, actor, "PAN1", "10.0.0.5", "", port=104)
    assert device.port == 104
    for change in (
        DeviceChange(port=70_000),
        DeviceChange(certificate="ab"),
    ):
        with pytest.raises(Invalid):
            edit_device(porion, actor, "PAN1", change)
    with pytest.raises(Conflict):
        add_device(porion, actor, "PAN1", "10.0.0.5", "")
    add_device(porion, actor, "PAN1", "10.0.0.6", "")
    with pytest.raises(Conflict, match="name one by its identifier"):
        see_device(porion, actor, "PAN1")
    with pytest.raises(Conflict, match="another device"):
        edit_device(porion, actor, device.id, DeviceChange(address="10.0.0.6"))
    with pytest.raises(NotFound):
        block_device(porion, actor, "NOBODY")


def test_what_is_known_of_a_device_changes(world: World) -> None:
    add_device(world.porion, world.actor, "PAN1", "10.0.0.5", "")
    change = DeviceChange(name="Pan", address="10.0.0.0/24", port=104)
    row = edit_device(world.porion, world.actor, "PAN1", change)
    assert row == see_device(world.porion, world.actor, "PAN1")
    assert (row.name, row.address, row.port) == ("Pan", "10.0.0.0/24", 104)


def test_an_added_device_takes_the_place_of_the_waiting_one(world: World) -> None:
    admit(world.porion, KNOCK)
    add_device(world.porion, world.actor, "PAN1", "10.0.0.5", "")
    assert [row.state for row in list_devices(world.porion, world.actor)] == ["approved"]


def test_only_administrators_see_and_change_devices(world: World) -> None:
    reception = Actor("r", world.clinic_id, frozenset({Permission.VIEW, Permission.CAPTURE}))
    for act in (
        lambda: list_devices(world.porion, reception),
        lambda: see_device(world.porion, reception, "X"),
        lambda: add_device(world.porion, reception, "X", "10.0.0.5", ""),
        lambda: approve_device(world.porion, reception, "X"),
        lambda: block_device(world.porion, reception, "X"),
        lambda: edit_device(world.porion, reception, "X", DeviceChange()),
    ):
        with pytest.raises(NotPermitted):
            act()


def test_rights_are_given_and_taken(world: World) -> None:
    add_device(world.porion, world.actor, "PAN1", "10.0.0.5", "")
    assert see_device(world.porion, world.actor, "PAN1").rights == []
    edit_device(world.porion, world.actor, "PAN1", DeviceChange(rights=["retrieve", "query"]))
    assert see_device(world.porion, world.actor, "PAN1").rights == ["query", "retrieve"]
    edit_device(world.porion, world.actor, "PAN1", DeviceChange(name="Panoramic unit"))
    assert see_device(world.porion, world.actor, "PAN1").rights == ["query", "retrieve"]
    with pytest.raises(Invalid, match="no right"):
        edit_device(world.porion, world.actor, "PAN1", DeviceChange(rights=["all"]))
