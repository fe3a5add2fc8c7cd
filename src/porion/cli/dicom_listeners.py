"""Where Porion listens for DICOM: what the command line says, else what the network's set-up says."""

from __future__ import annotations

from contextlib import ExitStack, closing
from dataclasses import dataclass
from socket import socket
from typing import Any

from porion.cli.addresses import DEFAULT_DICOM, listening, read_address, shown
from porion.cli.identities import identity_of
from porion.cli.settings import Settings
from porion.dimse.door import BACKLOG, Listener
from porion.dimse.tls import Identity, server_context
from porion.services.errors import Conflict, Invalid
from porion.services.network import listens_beyond_this_machine, plain_address
from porion.services.ports import Porion
from porion.services.records import NetworkRow


@dataclass
class NetworkPlan:
    """Addresses to listen at; ``note`` is what a person should know. The default may be taken by another."""

    plain: str
    tls: str
    may_miss: bool
    identity: Identity
    note: str = ""

    def listen(self, stack: ExitStack) -> dict[str, Listener]:
        """The listening sockets by what the ready event calls them, closed with the stack."""
        listeners = {}
        try:
            listeners["dicom"] = Listener(_socket(stack, self.plain))
        except Conflict as error:
            if not self.may_miss:
                raise
            self.note = f"{error} No plain DICOM is received: choose another address with --dicom."
        if self.tls:
            context = server_context(self.identity)
            listeners["dicomTls"] = Listener(_socket(stack, self.tls), context)
        return listeners

    def told(self, listeners: dict[str, Listener]) -> dict[str, Any]:
        """What the ready event says of the listeners."""
        where = {"dicom": self.plain, "dicomTls": self.tls}
        told = {
            name: shown(read_address(where[name], DEFAULT_DICOM)[0], one.socket)
            for name, one in listeners.items()
        }
        return {"dicom": None, **told}


def _socket(stack: ExitStack, address: str) -> socket:
    return stack.enter_context(closing(listening(*read_address(address, DEFAULT_DICOM), BACKLOG)))


def network_plan(porion: Porion, settings: Settings, plain: str | None, tls: str | None) -> NetworkPlan:
    """The plan; Invalid when an address beyond this machine was given that no administrator has set up."""
    with porion.store.read("") as tx:
        networks = tx.networks.all()
    nothing = NetworkRow("", porion.now())
    set_up = next((row for row in networks if row.listen or row.tls_listen), nothing)
    open_to_others = any(map(listens_beyond_this_machine, (set_up.listen, set_up.tls_listen)))
    for address in filter(listens_beyond_this_machine, (plain or "", tls or "")):
        if not open_to_others:
            raise Invalid(
                f"{address} can be reached from other machines, and no administrator has set the network up:"
                f" run `porion network set --listen {address}` first."
            )
    plain_address(plain if plain and listens_beyond_this_machine(plain) else "")
    listen = plain or set_up.listen
    return NetworkPlan(
        plain=listen or DEFAULT_DICOM,
        tls=tls or set_up.tls_listen,
        may_miss=not listen,
        identity=identity_of(settings),
    )
