"""The matcher's index in a fifth of the room: what it holds is made anew from the register at the next start."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("patient_keys")
    op.create_table(
        "patient_keys",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("patient", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", "patient", name=op.f("pk_patient_keys")),
        sqlite_with_rowid=False,
    )
    op.execute("DELETE FROM register_index")


def downgrade() -> None:
    op.drop_table("patient_keys")
    op.create_table(
        "patient_keys",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_patient_keys_clinic_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_patient_keys_patient_id")),
        sa.PrimaryKeyConstraint("clinic_id", "key", "patient_id", name=op.f("pk_patient_keys")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_patient_keys_patient", "patient_keys", ["patient_id"], unique=False)
    op.execute("DELETE FROM register_index")
