"""The rows of forwarding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from porion.services.forward_records import ForwardRow, ForwardRule
    from porion.services.outgoing import Outgoing
    from porion.services.records import Json


class ForwardRows(Protocol):
    """Rules and instances on their way, of one clinic; what names ``anywhere`` is of all clinics."""

    def rules(self) -> Sequence[ForwardRule]:
        """The rules by name."""

    def add_rule(self, rule: ForwardRule) -> None:
        """Insert a rule."""

    def move_rule(self, rule_id: str, position: str) -> None:
        """Note how far a rule has looked."""

    def switch_rule(self, rule_id: str, *, enabled: bool) -> None:
        """Let a rule send, or no more."""

    def remove_rule(self, rule_id: str) -> None:
        """Delete a rule; what waits because of it waits no more."""

    def clinics_with_rules(self) -> Sequence[str]:
        """The clinics that have an enabled rule, whichever the transaction is for."""

    def latest(self) -> str:
        """The highest identifier of an instance or a decision, empty when there is none."""

    def matching(self, rule: ForwardRule, after: str, most: int) -> Sequence[str]:
        """Instances that came, or were linked, after that identifier, fit, and are not on their way."""

    def add(self, rows: Sequence[ForwardRow]) -> None:
        """Insert instances on their way."""

    def due(self, node_id: str, now: datetime, most: int) -> Sequence[ForwardRow]:
        """What is to be sent to a node by now, the longest due first; nothing of a rule that is off."""

    def nodes_with_due(self, now: datetime) -> Sequence[str]:
        """The nodes to which something is to be sent by now, by a rule that is on."""

    def outgoing(self, instance_ids: Sequence[str]) -> Mapping[str, Outgoing]:
        """The instances as they are handed out, by identifier; those that may not be shown are missing."""

    def update(self, forward_id: str, changes: Json) -> None:
        """Change columns of one."""

    def offer_again(self, rule_id: str, now: datetime) -> int:
        """What a rule gave up waits again, due now and never refused; how many there are."""

    def list(self, state: str | None, after: str | None, limit: int) -> Sequence[ForwardRow]:
        """What is and was on its way, newest first."""

    def counts(self) -> Mapping[tuple[str, str], int]:
        """How many stand in each state, by node and state."""
