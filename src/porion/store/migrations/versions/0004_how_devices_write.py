"""How a device writes, and what was read otherwise than it wrote."""

import sqlalchemy as sa
from alembic import op

from porion.store.schema import JSON

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("devices", schema=None) as batch_op:
        batch_op.add_column(sa.Column("character_set", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("dap_unit", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("quirks", JSON, nullable=False, server_default="{}"))


def downgrade() -> None:
    with op.batch_alter_table("devices", schema=None) as batch_op:
        batch_op.drop_column("quirks")
        batch_op.drop_column("dap_unit")
        batch_op.drop_column("character_set")
