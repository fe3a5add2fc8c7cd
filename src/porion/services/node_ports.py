"""The rows of remote nodes, of what is expected from them, and of retrieval rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from porion.services.node_records import NodeRow
    from porion.services.remote_ports import Level
    from porion.services.remote_records import ExpectedRow, RuleRow


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


class RemoteRows(Protocol):
    """What is held of what nodes hold, what is expected from them, and rules; of one clinic."""

    def held(self, level: Level, uid: str) -> int:
        """How many instances are held of a study, a series, or under a SOP Instance UID."""

    def held_of_study(self, study_uid: str) -> frozenset[str]:
        """The SOP Instance UIDs that are held of a study."""

    def expect(self, row: ExpectedRow) -> None:
        """Insert what a job expects, in the place of what it expected before."""

    def expect_no_more(self, job_id: str) -> int:
        """Delete what a job expects; how many instances were refused meanwhile."""

    def expected_from(self, ae_title: str, now: datetime) -> Sequence[ExpectedRow]:
        """What is expected now of whoever calls itself so."""

    def note_refused(self, expected_id: str) -> None:
        """Count an instance that came and had not been asked for."""

    def rules(self) -> Sequence[RuleRow]:
        """All rules by name."""

    def add_rule(self, row: RuleRow) -> None:
        """Insert a rule."""

    def save_rule(self, row: RuleRow) -> None:
        """Write a rule anew."""

    def remove_rule(self, rule_id: str) -> None:
        """Delete a rule."""

    def due_anywhere(self, now: datetime) -> Sequence[tuple[str, RuleRow]]:
        """Rules of all clinics that are to run now, each with its clinic."""
