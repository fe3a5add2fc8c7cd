"""Devices and networks in the database."""

from __future__ import annotations

from porion.services.records import DeviceRow, FailureRow, NetworkRow
from tests.world import NOON, World, another_clinic


def a_device(n: int, state: str = "approved", **more: object) -> DeviceRow:
    return DeviceRow(f"{n:032d}", f"AE{n}", "10.0.0.5/32", "", state, NOON, NOON, **more)


def test_devices_belong_to_their_clinic(each_world: World) -> None:
    other = another_clinic(each_world)
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        tx.devices.add(a_device(1, asked={"called": "PORION"}))
        tx.devices.add(a_device(2, "waiting", last_seen=NOON))
    with each_world.porion.store.write(other.clinic_id) as tx:
        assert tx.devices.all() == []
        assert tx.devices.get(a_device(1).id) is None
        assert not tx.devices.update(a_device(1).id, {"name": "taken over"})
        tx.devices.remove(a_device(1).id)
    with each_world.porion.store.read(each_world.clinic_id) as tx:
        assert [row.ae_title for row in tx.devices.all()] == ["AE1", "AE2"]
        assert tx.devices.titled("AE1") == [a_device(1, asked={"called": "PORION"})]
        assert [row.id for row in tx.devices.waiting()] == [a_device(2).id]


def test_only_the_newest_failures_stay(each_world: World) -> None:
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        for n in range(5):
            tx.devices.add_failure(FailureRow(f"{n:032d}", NOON, "10.0.0.5", tls=True, reason=str(n)), keep=3)
        assert [row.reason for row in tx.devices.failures(10)] == ["4", "3", "2"]


def test_a_network_is_saved_anew(each_world: World) -> None:
    row = NetworkRow(each_world.clinic_id, NOON, "ORTHO", "10.0.0.1:104")
    with each_world.porion.store.write(each_world.clinic_id) as tx:
        tx.networks.save(NetworkRow(each_world.clinic_id, NOON))
        tx.networks.save(row)
        assert tx.networks.all() == [row]
