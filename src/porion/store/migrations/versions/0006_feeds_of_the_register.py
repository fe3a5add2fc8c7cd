"""What other systems said of the register."""

import sqlalchemy as sa
from alembic import op

from porion.store.schema import Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feed_positions",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_feed_positions_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "source", name=op.f("pk_feed_positions")),
    )
    op.create_table(
        "feed_messages",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_feed_messages_clinic_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_feed_messages_patient_id")),
        sa.PrimaryKeyConstraint("clinic_id", "source", "message_id", name=op.f("pk_feed_messages")),
        sa.UniqueConstraint(
            "clinic_id", "source", "number", name=op.f("uq_feed_messages_clinic_id_source_number")
        ),
    )
    with op.batch_alter_table("feed_messages", schema=None) as batch_op:
        batch_op.create_index("ix_feed_messages_at", ["clinic_id", "at"], unique=False)
    op.create_table(
        "feed_identifiers",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("sent_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_feed_identifiers_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "source", "issuer", "value", name=op.f("pk_feed_identifiers")),
    )


def downgrade() -> None:
    op.drop_table("feed_positions")
    op.drop_table("feed_identifiers")
    with op.batch_alter_table("feed_messages", schema=None) as batch_op:
        batch_op.drop_index("ix_feed_messages_at")

    op.drop_table("feed_messages")
