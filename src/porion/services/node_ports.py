"""The rows of remote nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from porion.services.node_records import NodeRow


class NodeRows(Protocol):
    """Remote nodes of one clinic."""

    def all(self) -> Sequence[NodeRow]:
        """All nodes by name."""

    def add(self, row: NodeRow) -> None:
        """Insert a node."""

    def save(self, row: NodeRow) -> None:
        """Write a node anew."""

    def remove(self, node_id: str) -> None:
        """Delete a node."""
