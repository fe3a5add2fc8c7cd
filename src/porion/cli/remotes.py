"""The ways to ask remote nodes, built."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from porion.cli.at_once import at_once
from porion.cli.identities import identity_of
from porion.cli.settings import Settings
from porion.dicomweb.nodes import WebNodes
from porion.dimse.remote import DimseNodes
from porion.services.network import network_ports
from porion.services.ports import Porion
from porion.services.remote_ports import Remotes


def remotes_of(porion: Porion, settings: Settings) -> Remotes:
    """DICOM and DICOMweb, names resolved by the system."""
    return Remotes(
        dimse=DimseNodes(partial(identity_of, settings)),
        web=WebNodes(),
        resolve=addresses_of,
        our_ports=network_ports(porion),
        at_once=at_once,
    )


def addresses_of(host: str) -> Sequence[str]:
    """Every address of a name; an unusual spelling of an address (decimal, octal) is that address."""
    with suppress(OSError, UnicodeError):
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        return list(dict.fromkeys(str(one[4][0]) for one in found))
    return []
