"""What is expected from remote nodes, and retrieval rules."""

import sqlalchemy as sa
from alembic import op

from porion.store.columns import JSON, Moment

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "expected",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("job_id", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("ae_title", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("study", sa.Text(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("instances", JSON, nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.Column("refused", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_expected_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expected")),
    )
    with op.batch_alter_table("expected", schema=None) as batch_op:
        batch_op.create_index("ix_expected_ae_title", ["clinic_id", "ae_title"], unique=False)
    op.create_table(
        "retrieval_rules",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("node_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("years", sa.BigInteger(), nullable=False),
        sa.Column("hour", sa.BigInteger(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("next_run_at", Moment(), nullable=False),
        sa.Column("modalities", JSON, nullable=False),
        sa.Column("last_run_at", Moment(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_retrieval_rules_clinic_id")),
        sa.ForeignKeyConstraint(["node_id"], ["nodes.id"], name=op.f("fk_retrieval_rules_node_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retrieval_rules")),
        sa.UniqueConstraint("clinic_id", "name", name=op.f("uq_retrieval_rules_clinic_id_name")),
    )
    with op.batch_alter_table("retrieval_rules", schema=None) as batch_op:
        batch_op.create_index("ix_retrieval_rules_due", ["next_run_at"], unique=False)


def downgrade() -> None:
    op.drop_table("retrieval_rules")
    op.drop_table("expected")
