"""Devices that send, what failed before they said a name, and the clinics' networks."""

import sqlalchemy as sa
from alembic import op

from porion.store.schema import JSON, Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "devices",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("ae_title", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.Column("first_seen", Moment(), nullable=True),
        sa.Column("last_seen", Moment(), nullable=True),
        sa.Column("certificate", sa.Text(), nullable=True),
        sa.Column("port", sa.BigInteger(), nullable=True),
        sa.Column("asked", JSON, nullable=False),
        sa.Column("stored", sa.BigInteger(), nullable=False),
        sa.Column("failed", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("last_error_at", Moment(), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'approved', 'blocked')", name="devices_state"),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_devices_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_devices")),
        sa.UniqueConstraint(
            "clinic_id", "ae_title", "address", name=op.f("uq_devices_clinic_id_ae_title_address")
        ),
    )
    op.create_table(
        "network_failures",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("tls", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_network_failures_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network_failures")),
    )
    op.create_table(
        "networks",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.Column("ae_title", sa.Text(), nullable=False),
        sa.Column("listen", sa.Text(), nullable=False),
        sa.Column("tls_listen", sa.Text(), nullable=False),
        sa.Column("accept_unknown_classes", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_networks_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", name=op.f("pk_networks")),
        sa.UniqueConstraint("ae_title", name=op.f("uq_networks_ae_title")),
    )


def downgrade() -> None:
    op.drop_table("networks")
    op.drop_table("network_failures")
    op.drop_table("devices")
