"""Which sources link unattended, and the samples of what they linked."""

import sqlalchemy as sa
from alembic import op

from porion.store.schema import Moment

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "linking_sources",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("unattended", sa.Boolean(), nullable=False),
        sa.Column("one_in", sa.BigInteger(), nullable=False),
        sa.Column("linked", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("stopped", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_linking_sources_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "source_key", name=op.f("pk_linking_sources")),
    )
    op.create_table(
        "linking_samples",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("decision_id", sa.String(length=32), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("judged_by", sa.Text(), nullable=True),
        sa.Column("judged_at", Moment(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'confirmed', 'refuted')", name="linking_samples_state"),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_linking_samples_clinic_id")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_linking_samples_decision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_linking_samples")),
    )
    with op.batch_alter_table("linking_samples", schema=None) as batch_op:
        batch_op.create_index("ix_linking_samples_state", ["clinic_id", "state"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("linking_samples", schema=None) as batch_op:
        batch_op.drop_index("ix_linking_samples_state")

    op.drop_table("linking_samples")
    op.drop_table("linking_sources")
