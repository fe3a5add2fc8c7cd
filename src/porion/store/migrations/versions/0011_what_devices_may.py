"""What devices may do beside sending."""

import sqlalchemy as sa
from alembic import op

from porion.store.schema import JSON

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("devices", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rights", JSON, nullable=False, server_default="[]"))


def downgrade() -> None:
    with op.batch_alter_table("devices", schema=None) as batch_op:
        batch_op.drop_column("rights")
