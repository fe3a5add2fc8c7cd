"""Patients of a birth date, and the entries that went into a patient, are found without reading all."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_MERGED = sa.text("merged_into IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_patients_birth_date", "patients", ["clinic_id", "birth_date"], unique=False)
    op.create_index(
        "ix_patients_merged_into",
        "patients",
        ["merged_into"],
        unique=False,
        sqlite_where=_MERGED,
        postgresql_where=_MERGED,
    )


def downgrade() -> None:
    op.drop_index("ix_patients_merged_into", table_name="patients")
    op.drop_index("ix_patients_birth_date", table_name="patients")
