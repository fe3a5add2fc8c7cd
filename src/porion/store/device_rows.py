"""Devices, what failed on the network, and the clinics' networks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from porion.services.records import DeviceRow, FailureRow, NetworkRow
from porion.store.rows import Rows, plain, selected
from porion.store.schema import devices, network_failures, networks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from porion.services.records import Json


class DeviceRows(Rows):
    """See :class:`porion.services.row_ports.DeviceRows`."""

    def all(self) -> Sequence[DeviceRow]:
        """The clinic's devices by title and address."""
        statement = self._query(devices, DeviceRow).order_by(devices.c.ae_title, devices.c.address)
        return self._all(DeviceRow, statement)

    def get(self, device_id: str) -> DeviceRow | None:
        """One device."""
        return self._one(DeviceRow, self._query(devices, DeviceRow).where(devices.c.id == device_id))

    def titled(self, ae_title: str) -> Sequence[DeviceRow]:
        """The devices of that AE title."""
        statement = self._query(devices, DeviceRow).where(devices.c.ae_title == ae_title)
        return self._all(DeviceRow, statement.order_by(devices.c.id))

    def waiting(self) -> Sequence[DeviceRow]:
        """Those that wait for approval, the one that was seen longest ago first."""
        statement = self._query(devices, DeviceRow).where(devices.c.state == "waiting")
        return self._all(DeviceRow, statement.order_by(devices.c.last_seen))

    def add(self, row: DeviceRow) -> None:
        """Insert a device."""
        self._insert(devices, [row])

    def update(self, device_id: str, changes: Json) -> bool:
        """Change columns of a device; False when it has gone."""
        return self._update(devices, device_id, changes)

    def remove(self, device_id: str) -> None:
        """Delete a device."""
        mine = sa.delete(devices).where(devices.c.clinic_id == self._clinic_id)
        self._connection.execute(mine.where(devices.c.id == device_id))

    def add_failure(self, row: FailureRow, keep: int) -> None:
        """Insert a failure; only the newest ``keep`` stay."""
        self._insert(network_failures, [row])
        mine = network_failures.c.clinic_id == self._clinic_id
        newest = sa.select(network_failures.c.id).where(mine).order_by(network_failures.c.id.desc())
        edge = self._connection.execute(newest.offset(keep).limit(1)).scalar()
        if edge is not None:
            self._connection.execute(sa.delete(network_failures).where(mine, network_failures.c.id <= edge))

    def failures(self, limit: int) -> Sequence[FailureRow]:
        """Failures, newest first."""
        return self._page(network_failures, FailureRow, (), None, limit)


class NetworkRows:
    """See :class:`porion.services.row_ports.NetworkRows`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def all(self) -> Sequence[NetworkRow]:
        """Every clinic's network that was set up."""
        return [NetworkRow(*row) for row in self._connection.execute(selected(networks, NetworkRow))]

    def save(self, row: NetworkRow) -> None:
        """Insert or change a clinic's network."""
        values = plain(row)
        changed = sa.update(networks).where(networks.c.clinic_id == row.clinic_id).values(**values)
        if not self._connection.execute(changed).rowcount:
            self._connection.execute(sa.insert(networks).values(**values))
