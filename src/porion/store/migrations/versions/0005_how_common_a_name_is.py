"""How many patients carry a name or a birth date, counted when they change and not when somebody asks."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "patient_counts",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("patients", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_patient_counts_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "term", name=op.f("pk_patient_counts")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "register_index",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_register_index_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", name=op.f("pk_register_index")),
    )
    op.execute(
        "INSERT INTO patient_counts (clinic_id, term, patients)"
        " SELECT clinic_id, substr(key, 6), count(*) FROM patient_keys WHERE key LIKE 'term:%'"
        " GROUP BY clinic_id, key"
    )
    op.execute(
        "INSERT INTO patient_counts (clinic_id, term, patients)"
        " SELECT clinic_id, '', count(*) FROM patients WHERE merged_into IS NULL GROUP BY clinic_id"
    )


def downgrade() -> None:
    op.drop_table("register_index")
    op.drop_table("patient_counts")
