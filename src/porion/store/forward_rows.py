"""Rules of forwarding, and instances on their way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from porion.services.forward_records import ForwardRow, ForwardRule, ForwardState
from porion.services.outgoing import outgoing
from porion.services.search_rows import Level, Wanted
from porion.store.forward_tables import forward_rules, forwards
from porion.store.rows import Rows, among
from porion.store.schema import decisions, images, instances, items
from porion.store.search_rows import SearchRows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from porion.services.outgoing import Outgoing
    from porion.services.records import Json


class ForwardRows(Rows):
    """See :class:`porion.services.forward_ports.ForwardRows`."""

    def rules(self) -> Sequence[ForwardRule]:
        """The rules by name."""
        return self._all(ForwardRule, self._query(forward_rules, ForwardRule).order_by(forward_rules.c.name))

    def add_rule(self, rule: ForwardRule) -> None:
        """Insert a rule."""
        self._insert(forward_rules, [rule])

    def move_rule(self, rule_id: str, position: str) -> None:
        """Note how far a rule has looked."""
        self._update(forward_rules, rule_id, {"position": position})

    def switch_rule(self, rule_id: str, *, enabled: bool) -> None:
        """Let a rule send, or no more."""
        self._update(forward_rules, rule_id, {"enabled": enabled})

    def remove_rule(self, rule_id: str) -> None:
        """Delete a rule; what waits because of it waits no more."""
        waits = forwards.c.state == ForwardState.WAITING
        mine = forwards.c.clinic_id == self._clinic_id
        self._connection.execute(sa.delete(forwards).where(mine, waits, forwards.c.rule_id == rule_id))
        rules = forward_rules.c
        self._connection.execute(
            sa.delete(forward_rules).where(rules.clinic_id == self._clinic_id, rules.id == rule_id)
        )

    def clinics_with_rules(self) -> Sequence[str]:
        """The clinics that have an enabled rule, whichever the transaction is for."""
        enabled = sa.select(forward_rules.c.clinic_id).where(forward_rules.c.enabled).distinct()
        return [str(clinic_id) for clinic_id in self._connection.scalars(enabled)]

    def latest(self) -> str:
        """The highest identifier of an instance or a decision, empty when there is none."""
        found = [
            self._connection.scalar(sa.select(sa.func.max(table.c.id))) for table in (instances, decisions)
        ]
        return max(str(one or "") for one in found)

    def matching(self, rule: ForwardRule, after: str, most: int) -> Sequence[str]:
        """Instances that came, or were linked, after that identifier, fit, and are not on their way."""
        known = sa.exists().where(
            forwards.c.clinic_id == self._clinic_id,
            forwards.c.node_id == rule.node_id,
            forwards.c.instance_id == instances.c.id,
        )
        fitting = (
            sa.select(instances.c.id)
            .select_from(instances.join(images, instances.c.image_id == images.c.id).join(items))
            .where(self._is_ours(instances), ~known, *_conditions(rule))
        )
        came = fitting.where(instances.c.id > after)
        decided = sa.select(decisions.c.item_id).where(
            self._is_ours(decisions), decisions.c.id > after, decisions.c.item_id.is_not(None)
        )
        linked = fitting.where(items.c.id.in_(decided))
        both = came.union(linked).subquery()
        ids = sa.select(both.c.id).order_by(both.c.id).limit(most)
        return [str(one) for one in self._connection.scalars(ids)]

    def add(self, rows: Sequence[ForwardRow]) -> None:
        """Insert instances on their way."""
        self._insert(forwards, rows)

    def due(self, node_id: str, now: datetime, most: int) -> Sequence[ForwardRow]:
        """What is to be sent to a node by now, the longest due first."""
        statement = self._query(forwards, ForwardRow).where(
            forwards.c.node_id == node_id, forwards.c.next_attempt_at <= now, ~self._rests()
        )
        ordered = statement.order_by(forwards.c.next_attempt_at, forwards.c.id).limit(most)
        return self._all(ForwardRow, ordered)

    def nodes_with_due(self, now: datetime) -> Sequence[str]:
        """The nodes to which something is to be sent by now."""
        found = sa.select(forwards.c.node_id).where(
            forwards.c.clinic_id == self._clinic_id, forwards.c.next_attempt_at <= now, ~self._rests()
        )
        return [str(node_id) for node_id in self._connection.scalars(found.distinct())]

    def _rests(self) -> sa.ColumnElement[bool]:
        """Whether the rule of an instance on its way is switched off."""
        off = sa.select(forward_rules.c.id).where(
            forward_rules.c.clinic_id == self._clinic_id, ~forward_rules.c.enabled
        )
        return forwards.c.rule_id.in_(off)

    def outgoing(self, instance_ids: Sequence[str]) -> Mapping[str, Outgoing]:
        """The instances as they are handed out, by identifier; those that may not be shown are missing."""
        pairs = self._connection.execute(
            sa.select(instances.c.id, images.c.item_id)
            .select_from(instances.join(images, instances.c.image_id == images.c.id))
            .where(*among(instances.c.id)),
            {"clinic": self._clinic_id, "wanted": list(instance_ids)},
        )
        wanted = Wanted(Level.INSTANCE, (), 0, len(instance_ids))
        known = [(str(one), str(item)) for one, item in pairs]
        found = SearchRows(self._connection, self._clinic_id).told(wanted, known)
        return {one.instance.id: outgoing(one) for one in found if one.instance is not None}

    def update(self, forward_id: str, changes: Json) -> None:
        """Change columns of one."""
        self._update(forwards, forward_id, changes)

    def offer_again(self, rule_id: str, now: datetime) -> int:
        """What a rule gave up waits again, due now and never refused; how many there are."""
        given_up = forwards.c.state == ForwardState.GIVEN_UP
        changed = (
            sa.update(forwards)
            .where(forwards.c.clinic_id == self._clinic_id, forwards.c.rule_id == rule_id, given_up)
            .values(state=ForwardState.WAITING, attempts=0, next_attempt_at=now, updated_at=now)
        )
        return self._connection.execute(changed).rowcount

    def list(self, state: str | None, after: str | None, limit: int) -> Sequence[ForwardRow]:
        """What is and was on its way, newest first."""
        where = [forwards.c.state == state] if state is not None else []
        return self._page(forwards, ForwardRow, where, after, limit)

    def counts(self) -> Mapping[tuple[str, str], int]:
        """How many stand in each state, by node and state."""
        statement = (
            sa.select(forwards.c.node_id, forwards.c.state, sa.func.count())
            .where(forwards.c.clinic_id == self._clinic_id)
            .group_by(forwards.c.node_id, forwards.c.state)
        )
        return {(node, state): count for node, state, count in self._connection.execute(statement)}


def _conditions(rule: ForwardRule) -> list[Any]:
    states = ["linked"] if rule.verified_only else ["linked", "pending"]
    conditions: list[Any] = [items.c.state.in_(states)]
    if rule.source:
        conditions.append(images.c.source_key.startswith(f"{rule.source}|".casefold(), autoescape=True))
    if rule.category:
        conditions.append(images.c.category == rule.category)
    if rule.modality:
        conditions.append(images.c.modality == rule.modality)
    return conditions
