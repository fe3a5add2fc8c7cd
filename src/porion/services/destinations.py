"""Where images may be sent: remote nodes and approved devices whose port is known, and nowhere else."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from porion.services.errors import NotFound
from porion.services.network import our_title
from porion.services.node_records import NodeRow, Use
from porion.services.nodes import target_of
from porion.services.remote_ports import Target

if TYPE_CHECKING:
    from porion.services.ports import Porion, Transaction
    from porion.services.records import DeviceRow
    from porion.services.remote_ports import Remotes


class UnknownDestination(NotFound):
    """Nobody of that AE title may be sent to."""


def destination(porion: Porion, remotes: Remotes, clinic_id: str, title: str) -> Target:
    """The remote node of that AE title that images may be forwarded to, else the device.

    UnknownDestination when there is neither, or no address that may be connected to.
    """
    with porion.store.read(clinic_id) as tx:
        for node in tx.nodes.all():
            if node.ae_title == title and node.host and Use.FORWARD in node.uses:
                return target_of(tx, remotes, clinic_id, node)
        for device in tx.devices.titled(title):
            host = _address(device)
            if device.state == "approved" and device.port is not None and host:
                return _target(tx, clinic_id, device, host)
    raise UnknownDestination(
        f"No remote node and no approved device {title[:16]!r} has an address and a port."
    )


def _address(device: DeviceRow) -> str:
    """The one address of a device; a range is none that one could connect to."""
    span = ipaddress.ip_network(device.address)
    return str(span.network_address) if span.num_addresses == 1 else ""


def _target(tx: Transaction, clinic_id: str, device: DeviceRow, host: str) -> Target:
    node = NodeRow(
        id=device.id,
        name=device.name or device.ae_title,
        ae_title=device.ae_title,
        host=host,
        port=device.port or 0,
        created_at=device.created_at,
        updated_at=device.updated_at,
        tls=device.certificate is not None,
    )
    ours = our_title(tx, clinic_id)
    return Target(node, host, ours, ours)
