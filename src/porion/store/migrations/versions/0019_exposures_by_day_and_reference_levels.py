"""The exposures of some days are found without reading all; reference levels of a clinic."""

import sqlalchemy as sa
from alembic import op

from porion.store.schema import Exact

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_exposures_started_at", "exposures", ["clinic_id", "started_at"], unique=False)
    op.create_table(
        "reference_levels",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Text(), nullable=False),
        sa.Column("ages", sa.Text(), nullable=False),
        sa.Column("value", Exact(length=40), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_reference_levels_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference_levels")),
        sa.UniqueConstraint(
            "clinic_id",
            "category",
            "quantity",
            "ages",
            name=op.f("uq_reference_levels_clinic_id_category_quantity_ages"),
        ),
    )


def downgrade() -> None:
    op.drop_table("reference_levels")
    op.drop_index("ix_exposures_started_at", table_name="exposures")
