"""What is scheduled at devices, what they asked, and what they performed."""

import sqlalchemy as sa
from alembic import op

from porion.store.columns import JSON, Moment

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "performed_steps",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("sop_instance_uid", sa.Text(), nullable=False),
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.Column("dose", JSON, nullable=False),
        sa.Column("steps", JSON, nullable=False),
        sa.CheckConstraint(
            "state IN ('in progress', 'completed', 'discontinued')", name="performed_steps_state"
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_performed_steps_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_performed_steps")),
        sa.UniqueConstraint(
            "clinic_id", "sop_instance_uid", name=op.f("uq_performed_steps_clinic_id_sop_instance_uid")
        ),
    )
    op.create_table(
        "worklist_profiles",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("stations", sa.Text(), nullable=False),
        sa.Column("character_set", sa.Text(), nullable=False),
        sa.Column("days_back", sa.BigInteger(), nullable=False),
        sa.Column("days_ahead", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("stations IN ('asked', 'own', 'all')", name="worklist_profiles_stations"),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_worklist_profiles_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "device_id", name=op.f("pk_worklist_profiles")),
    )
    op.create_table(
        "worklist_queries",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("keys", JSON, nullable=False),
        sa.Column("answered", sa.BigInteger(), nullable=False),
        sa.Column("told", JSON, nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_worklist_queries_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worklist_queries")),
    )
    op.create_index(
        "ix_worklist_queries_device", "worklist_queries", ["clinic_id", "device_id", "id"], unique=False
    )
    op.create_table(
        "performed_images",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("sop_instance_uid", sa.Text(), nullable=False),
        sa.Column("performed_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_performed_images_clinic_id")),
        sa.ForeignKeyConstraint(
            ["performed_id"], ["performed_steps.id"], name=op.f("fk_performed_images_performed_id")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "sop_instance_uid", name=op.f("pk_performed_images")),
    )
    op.create_index("ix_performed_images_performed", "performed_images", ["performed_id"], unique=False)
    op.create_table(
        "worklist_steps",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("patient_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("accession_number", sa.Text(), nullable=False),
        sa.Column("study_instance_uid", sa.Text(), nullable=False),
        sa.Column("procedure_id", sa.Text(), nullable=False),
        sa.Column("procedure_description", sa.Text(), nullable=False),
        sa.Column("step_id", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("dicom_modality", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.Column("modality", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("codes", JSON, nullable=False),
        sa.Column("station_ae", sa.Text(), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("order_key", sa.Text(), nullable=False),
        sa.Column("ordered_at", Moment(), nullable=True),
        sa.Column("images", JSON, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state IN ('scheduled', 'in progress', 'completed', 'discontinued', 'cancelled')",
            name="worklist_steps_state",
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_worklist_steps_clinic_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_worklist_steps_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worklist_steps")),
        sa.UniqueConstraint("clinic_id", "step_id", name=op.f("uq_worklist_steps_clinic_id_step_id")),
    )
    op.create_index(
        "ix_worklist_steps_accession", "worklist_steps", ["clinic_id", "accession_number"], unique=False
    )
    op.create_index(
        "ix_worklist_steps_order", "worklist_steps", ["clinic_id", "source", "order_key"], unique=False
    )
    op.create_index("ix_worklist_steps_patient", "worklist_steps", ["patient_id"], unique=False)
    op.create_index(
        "ix_worklist_steps_starts_at", "worklist_steps", ["clinic_id", "starts_at", "id"], unique=False
    )
    op.create_index(
        "ix_worklist_steps_study", "worklist_steps", ["clinic_id", "study_instance_uid"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_worklist_steps_study", table_name="worklist_steps")
    op.drop_index("ix_worklist_steps_starts_at", table_name="worklist_steps")
    op.drop_index("ix_worklist_steps_patient", table_name="worklist_steps")
    op.drop_index("ix_worklist_steps_order", table_name="worklist_steps")
    op.drop_index("ix_worklist_steps_accession", table_name="worklist_steps")
    op.drop_index("ix_performed_images_performed", table_name="performed_images")
    op.drop_index("ix_worklist_queries_device", table_name="worklist_queries")
    op.drop_table("worklist_steps")
    op.drop_table("performed_images")
    op.drop_table("worklist_queries")
    op.drop_table("worklist_profiles")
    op.drop_table("performed_steps")
