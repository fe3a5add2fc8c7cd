"""Remote nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from porion.services.node_records import NodeRow
from porion.store.remote_tables import nodes
from porion.store.rows import Rows, plain

if TYPE_CHECKING:
    from collections.abc import Sequence


class NodeRows(Rows):
    """See :class:`porion.services.node_ports.NodeRows`."""

    def all(self) -> Sequence[NodeRow]:
        """All nodes by name."""
        return self._all(NodeRow, self._query(nodes, NodeRow).order_by(nodes.c.name))

    def add(self, row: NodeRow) -> None:
        """Insert a node."""
        self._insert(nodes, [row])

    def save(self, row: NodeRow) -> None:
        """Write a node anew."""
        self._update(nodes, row.id, plain(row))

    def remove(self, node_id: str) -> None:
        """Delete a node."""
        mine = sa.delete(nodes).where(nodes.c.clinic_id == self._clinic_id)
        self._connection.execute(mine.where(nodes.c.id == node_id))
