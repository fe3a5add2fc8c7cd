"""Remote nodes as tests ask them: names that resolve to nothing but what a test says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from porion.dicomweb.nodes import WebNodes
from porion.dimse.remote import DimseNodes
from porion.dimse.tls import Identity
from porion.services.node_records import NodeRow
from porion.services.nodes import NodeChange, add_node
from porion.services.remote_ports import Remotes
from tests.world import World


def no_identity() -> Identity:
    """Nobody's certificate."""
    return Identity(Path("/nowhere"), Path("/nowhere"), Path("/nowhere"))


def remotes(names: Mapping[str, Sequence[str]] | None = None) -> Remotes:
    """Real clients; an address is its own name, and other names are those given."""
    known = dict(names or {})

    def resolve(host: str) -> Sequence[str]:
        return known.get(host, [host] if host[:1].isdigit() or ":" in host else [])

    return Remotes(DimseNodes(no_identity), WebNodes(), resolve, our_ports=(8040, 11112))


def no_nodes() -> Remotes:
    """For those who ask nobody."""
    return remotes()


def a_node(world: World, port: int, name: str = "PACS", **more: object) -> NodeRow:
    """A node on this machine."""
    change = NodeChange(name, "PACS", "127.0.0.1", port, may_be_local=True, **more)  # type: ignore[arg-type]
    return add_node(world.porion, remotes(), world.actor, change)
