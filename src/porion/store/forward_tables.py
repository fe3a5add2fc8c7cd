"""The tables of forwarding."""

from __future__ import annotations

import sqlalchemy as sa

from porion.store.columns import METADATA, clinic, identifier, moment, number, reference, text

forward_rules = sa.Table(
    "forward_rules", METADATA, identifier(), clinic(),
    # No foreign key to the node: it may be removed, and its rules rest then.
    text("name"), text("node_id"), moment("created_at"), text("since"), text("position"),
    text("source"), text("category"), text("modality"),
    sa.Column("verified_only", sa.Boolean, nullable=False), sa.Column("enabled", sa.Boolean, nullable=False),
    sa.UniqueConstraint("clinic_id", "name"),
)  # fmt: skip

forwards = sa.Table(
    "forwards", METADATA, identifier(), clinic(),
    # No foreign keys to rule and node: they may be removed, and what was sent remains.
    text("rule_id"), text("node_id"), reference("instance_id", "instances"),
    text("state"), moment("created_at"), moment("updated_at"),
    number("attempts", nullable=False), number("last_status"), text("last_error"),
    moment("next_attempt_at", nullable=True),
    sa.UniqueConstraint("clinic_id", "node_id", "instance_id"),
    sa.CheckConstraint("state IN ('waiting', 'sent', 'given up')", name="forwards_state"),
    sa.Index("ix_forwards_due", "clinic_id", "node_id", "next_attempt_at"),
    sa.Index("ix_forwards_rule", "rule_id"),
)  # fmt: skip
