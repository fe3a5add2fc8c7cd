"""Instances in conflict are found among millions: an index that holds them alone."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_IN_CONFLICT = sa.text("conflicts_with IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_instances_conflicts",
        "instances",
        ["series_id"],
        unique=False,
        sqlite_where=_IN_CONFLICT,
        postgresql_where=_IN_CONFLICT,
    )


def downgrade() -> None:
    op.drop_index("ix_instances_conflicts", table_name="instances")
