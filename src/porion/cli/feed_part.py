"""The feed part of ``porion serve``: another system's HL7 messages keep the register current."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network
from socket import socket

from porion.cli.addresses import LOOPBACK, read_address
from porion.cli.compose import opened
from porion.cli.settings import Settings
from porion.cli.supervisor import Tell, follow_parent
from porion.hl7.server import Door, Server
from porion.services.accounts import the_clinic
from porion.services.errors import Invalid

DEFAULT_HL7 = "127.0.0.1:2575"
Networks = Sequence[IPv4Network | IPv6Network]
_HERE = ("127.0.0.0/8", "::1/128")


def feed_door(text: str, peers: Sequence[str]) -> tuple[str, int, Networks]:
    """Where the feed listens and who may connect; Invalid for a network that everybody may come from."""
    host, port = read_address(text, DEFAULT_HL7)
    if host not in LOOPBACK and not peers:
        raise Invalid(
            f"{host} is not this machine's loopback, and MLLP knows neither names nor passwords: say which"
            " addresses may connect (--hl7-peer 192.168.1.20/32)."
        )
    try:
        return host, port, [ip_network(one) for one in peers or _HERE]
    except ValueError as error:
        raise Invalid(f"A range of addresses is written like 192.168.1.20/32: {error}.") from error


def run_feed(settings: Settings, listener: socket, peers: Networks, tell: Tell) -> None:
    """Take messages; SIGTERM lets the one that is being applied finish."""
    with opened(settings) as porion:
        server = Server(Door(porion, the_clinic(porion), peers), listener)
        signal.signal(signal.SIGTERM, lambda _number, _frame: server.stop())
        follow_parent()
        tell({"event": "up"})
        server.run()
