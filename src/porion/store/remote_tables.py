"""The tables of remote nodes, of what is expected from them, and of retrieval rules."""

from __future__ import annotations

import sqlalchemy as sa

from porion.store.columns import METADATA, clinic, document, identifier, moment, number, reference, text

nodes = sa.Table(
    "nodes", METADATA, identifier(), clinic(),
    text("name"), text("ae_title"), text("host"), number("port", nullable=False),
    moment("created_at"), moment("updated_at"),
    text("calling"), sa.Column("tls", sa.Boolean, nullable=False), text("dicomweb"), text("token"),
    sa.Column("may_be_local", sa.Boolean, nullable=False), document("uses"), document("abilities"),
    moment("tested_at", nullable=True),
    sa.UniqueConstraint("clinic_id", "name"),
)  # fmt: skip

expected = sa.Table(
    "expected", METADATA, identifier(), clinic(),
    # No foreign key: a job may be forgotten before what it expected.
    text("job_id"), text("node"), text("ae_title"), text("address"),
    text("study"), text("series"), document("instances"), moment("until"), number("refused", nullable=False),
    sa.Index("ix_expected_ae_title", "clinic_id", "ae_title"),
)  # fmt: skip

rules = sa.Table(
    "retrieval_rules", METADATA, identifier(), clinic(),
    text("name"), reference("node_id", "nodes"), text("kind"), number("years", nullable=False),
    number("hour", nullable=False), sa.Column("enabled", sa.Boolean, nullable=False),
    moment("next_run_at"), document("modalities"), moment("last_run_at", nullable=True), text("note"),
    sa.UniqueConstraint("clinic_id", "name"),
    sa.Index("ix_retrieval_rules_due", "next_run_at"),
)  # fmt: skip
