"""Rules that send new images on, and what became of each instance."""

import sqlalchemy as sa
from alembic import op

from porion.store.columns import Moment

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "forward_rules",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("node_id", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("since", sa.Text(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("modality", sa.Text(), nullable=False),
        sa.Column("verified_only", sa.Boolean(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_forward_rules_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forward_rules")),
        sa.UniqueConstraint("clinic_id", "name", name=op.f("uq_forward_rules_clinic_id_name")),
    )
    op.create_table(
        "forwards",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("rule_id", sa.Text(), nullable=False),
        sa.Column("node_id", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("last_status", sa.BigInteger(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("next_attempt_at", Moment(), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'given up')", name="forwards_state"),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_forwards_clinic_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name=op.f("fk_forwards_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forwards")),
        sa.UniqueConstraint(
            "clinic_id", "node_id", "instance_id", name=op.f("uq_forwards_clinic_id_node_id_instance_id")
        ),
    )
    with op.batch_alter_table("forwards", schema=None) as batch_op:
        batch_op.create_index("ix_forwards_due", ["clinic_id", "node_id", "next_attempt_at"], unique=False)
        batch_op.create_index("ix_forwards_rule", ["rule_id"], unique=False)


def downgrade() -> None:
    op.drop_table("forwards")
    op.drop_table("forward_rules")
