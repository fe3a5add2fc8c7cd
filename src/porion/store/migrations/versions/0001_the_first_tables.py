"""The first tables."""

import sqlalchemy as sa
from alembic import op

from porion.store.schema import JSON, Exact, Moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clinics",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("audit_links", sa.BigInteger(), nullable=False),
        sa.Column("audit_hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinics")),
    )
    op.create_table(
        "audit",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("object_kind", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Text(), nullable=False),
        sa.Column("detail", JSON, nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_audit_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "number", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index("ix_audit_object", ["clinic_id", "object_id"], unique=False)

    op.create_table(
        "patients",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("name", JSON, nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("sex", sa.Text(), nullable=False),
        sa.Column("identifiers", JSON, nullable=False),
        sa.Column("aliases", JSON, nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_patients_clinic_id")),
        sa.ForeignKeyConstraint(["merged_into"], ["patients.id"], name=op.f("fk_patients_merged_into")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patients")),
    )
    op.create_table(
        "quarantine",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("source", JSON, nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_quarantine_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
        sa.UniqueConstraint("clinic_id", "digest", name=op.f("uq_quarantine_clinic_id_digest")),
    )
    op.create_table(
        "studies",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("study_instance_uid", sa.Text(), nullable=False),
        sa.Column("study_date", sa.Text(), nullable=True),
        sa.Column("accession_number", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_studies_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studies")),
        sa.UniqueConstraint(
            "clinic_id", "study_instance_uid", name=op.f("uq_studies_clinic_id_study_instance_uid")
        ),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_users_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "credentials",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret_digest", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=True),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_credentials_clinic_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_credentials_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials")),
        sa.UniqueConstraint("secret_digest", name=op.f("uq_credentials_secret_digest")),
    )
    op.create_table(
        "exposures",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("study_id", sa.String(length=32), nullable=False),
        sa.Column("event_key", sa.Text(), nullable=False),
        sa.Column("event_uid", sa.Text(), nullable=True),
        sa.Column("event_uid_source", sa.Text(), nullable=False),
        sa.Column("started_at", sa.Text(), nullable=True),
        sa.Column("dap_mgycm2", Exact(), nullable=True),
        sa.Column("entrance_mgy", Exact(), nullable=True),
        sa.Column("ctdivol_mgy", Exact(), nullable=True),
        sa.Column("dlp_mgycm", Exact(), nullable=True),
        sa.Column("kvp", Exact(), nullable=True),
        sa.Column("tube_ma", Exact(), nullable=True),
        sa.Column("time_ms", Exact(), nullable=True),
        sa.Column("mas", Exact(), nullable=True),
        sa.Column("missing", JSON, nullable=False),
        sa.Column("problems", JSON, nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_exposures_clinic_id")),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_exposures_study_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exposures")),
        sa.UniqueConstraint("clinic_id", "event_key", name=op.f("uq_exposures_clinic_id_event_key")),
    )
    op.create_table(
        "items",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("study_id", sa.String(length=32), nullable=False),
        sa.Column("claim_key", sa.Text(), nullable=False),
        sa.Column("claim", JSON, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("patient_id", sa.String(length=32), nullable=True),
        sa.Column("split_from", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'linked' AND patient_id IS NOT NULL) OR (state IN ('pending', 'quarantined') AND patient_id IS NULL)",
            name="items_state",
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_items_clinic_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_items_patient_id")),
        sa.ForeignKeyConstraint(["split_from"], ["items.id"], name=op.f("fk_items_split_from")),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_items_study_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
    )
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.create_index("ix_items_patient", ["patient_id"], unique=False)
        batch_op.create_index("ix_items_state", ["clinic_id", "state", "id"], unique=False)
        batch_op.create_index("ix_items_study_claim", ["study_id", "claim_key"], unique=False)

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
    with op.batch_alter_table("patient_keys", schema=None) as batch_op:
        batch_op.create_index("ix_patient_keys_patient", ["patient_id"], unique=False)

    op.create_table(
        "series",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("study_id", sa.String(length=32), nullable=False),
        sa.Column("series_instance_uid", sa.Text(), nullable=False),
        sa.Column("modality", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_series_clinic_id")),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_series_study_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sa.UniqueConstraint(
            "study_id", "series_instance_uid", name=op.f("uq_series_study_id_series_instance_uid")
        ),
    )
    op.create_table(
        "dose_observations",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("exposure_id", sa.String(length=32), nullable=False),
        sa.Column("quantity", sa.Text(), nullable=False),
        sa.Column("raw_text", sa.Text(), nullable=False),
        sa.Column("raw_unit", sa.Text(), nullable=False),
        sa.Column("value", Exact(), nullable=True),
        sa.Column("unit_status", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_dose_observations_clinic_id")),
        sa.ForeignKeyConstraint(
            ["exposure_id"], ["exposures.id"], name=op.f("fk_dose_observations_exposure_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_dose_observations")),
    )
    with op.batch_alter_table("dose_observations", schema=None) as batch_op:
        batch_op.create_index("ix_dose_observations_exposure", ["exposure_id"], unique=False)

    op.create_table(
        "images",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("item_id", sa.String(length=32), nullable=False),
        sa.Column("study_id", sa.String(length=32), nullable=False),
        sa.Column("series_id", sa.String(length=32), nullable=False),
        sa.Column("grouping", sa.Text(), nullable=False),
        sa.Column("file_type", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("category_confidence", sa.Float(), nullable=False),
        sa.Column("category_evidence", JSON, nullable=False),
        sa.Column("needs_review", sa.Boolean(), nullable=False),
        sa.Column("modality", sa.Text(), nullable=True),
        sa.Column("dicom_modality", sa.Text(), nullable=True),
        sa.Column("device_protocol", sa.Text(), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("source", JSON, nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=True),
        sa.Column("exposure_id", sa.String(length=32), nullable=True),
        sa.Column("acquired_at", sa.Text(), nullable=True),
        sa.Column("rows", sa.BigInteger(), nullable=True),
        sa.Column("columns", sa.BigInteger(), nullable=True),
        sa.Column("frames", sa.BigInteger(), nullable=False),
        sa.Column("slices", sa.BigInteger(), nullable=True),
        sa.Column("volume", JSON, nullable=True),
        sa.Column("pixel_spacing", JSON, nullable=True),
        sa.Column("laterality", sa.Text(), nullable=True),
        sa.Column("teeth", JSON, nullable=False),
        sa.Column("problems", JSON, nullable=False),
        sa.Column("corrected_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_images_clinic_id")),
        sa.ForeignKeyConstraint(["exposure_id"], ["exposures.id"], name=op.f("fk_images_exposure_id")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_images_item_id")),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_images_series_id")),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name=op.f("fk_images_study_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_images")),
        sa.UniqueConstraint("clinic_id", "grouping", name=op.f("uq_images_clinic_id_grouping")),
    )
    with op.batch_alter_table("images", schema=None) as batch_op:
        batch_op.create_index("ix_images_item", ["item_id"], unique=False)

    op.create_table(
        "decisions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("item_id", sa.String(length=32), nullable=True),
        sa.Column("image_id", sa.String(length=32), nullable=True),
        sa.Column("patient_id", sa.String(length=32), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", JSON, nullable=False),
        sa.Column("undoes", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_decisions_clinic_id")),
        sa.ForeignKeyConstraint(["image_id"], ["images.id"], name=op.f("fk_decisions_image_id")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_decisions_item_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_decisions_patient_id")),
        sa.ForeignKeyConstraint(["undoes"], ["decisions.id"], name=op.f("fk_decisions_undoes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("undoes", name=op.f("uq_decisions_undoes")),
    )
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.create_index("ix_decisions_image", ["image_id"], unique=False)
        batch_op.create_index("ix_decisions_item", ["item_id"], unique=False)
        batch_op.create_index("ix_decisions_subject", ["clinic_id", "kind", "subject"], unique=False)

    op.create_table(
        "instances",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("series_id", sa.String(length=32), nullable=False),
        sa.Column("sop_instance_uid", sa.Text(), nullable=False),
        sa.Column("sop_class_uid", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("transfer_syntax", sa.Text(), nullable=False),
        sa.Column("frames", sa.BigInteger(), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("image_id", sa.String(length=32), nullable=True),
        sa.Column("instance_number", sa.BigInteger(), nullable=True),
        sa.Column("geometry", JSON, nullable=True),
        sa.Column("conflicts_with", sa.String(length=32), nullable=True),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("exposure_id", sa.String(length=32), nullable=True),
        sa.CheckConstraint("(image_id IS NULL) <> (conflicts_with IS NULL)", name="instances_one_state"),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_instances_clinic_id")),
        sa.ForeignKeyConstraint(
            ["conflicts_with"], ["instances.id"], name=op.f("fk_instances_conflicts_with")
        ),
        sa.ForeignKeyConstraint(["exposure_id"], ["exposures.id"], name=op.f("fk_instances_exposure_id")),
        sa.ForeignKeyConstraint(["image_id"], ["images.id"], name=op.f("fk_instances_image_id")),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_instances_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instances")),
        sa.UniqueConstraint(
            "clinic_id",
            "sop_instance_uid",
            "digest",
            name=op.f("uq_instances_clinic_id_sop_instance_uid_digest"),
        ),
    )
    with op.batch_alter_table("instances", schema=None) as batch_op:
        batch_op.create_index("ix_instances_exposure", ["exposure_id"], unique=False)
        batch_op.create_index("ix_instances_image", ["image_id"], unique=False)

    op.create_table(
        "remembered_identities",
        sa.Column("clinic_id", sa.String(length=32), nullable=False),
        sa.Column("claim_key", sa.Text(), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_remembered_identities_clinic_id")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_remembered_identities_decision_id")
        ),
        sa.PrimaryKeyConstraint(
            "clinic_id", "claim_key", "source_key", "decision_id", name=op.f("pk_remembered_identities")
        ),
    )
    with op.batch_alter_table("remembered_identities", schema=None) as batch_op:
        batch_op.create_index("ix_remembered_identities_decision", ["decision_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("remembered_identities", schema=None) as batch_op:
        batch_op.drop_index("ix_remembered_identities_decision")

    op.drop_table("remembered_identities")
    with op.batch_alter_table("instances", schema=None) as batch_op:
        batch_op.drop_index("ix_instances_image")
        batch_op.drop_index("ix_instances_exposure")

    op.drop_table("instances")
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.drop_index("ix_decisions_subject")
        batch_op.drop_index("ix_decisions_item")
        batch_op.drop_index("ix_decisions_image")

    op.drop_table("decisions")
    with op.batch_alter_table("images", schema=None) as batch_op:
        batch_op.drop_index("ix_images_item")

    op.drop_table("images")
    with op.batch_alter_table("dose_observations", schema=None) as batch_op:
        batch_op.drop_index("ix_dose_observations_exposure")

    op.drop_table("dose_observations")
    op.drop_table("series")
    with op.batch_alter_table("patient_keys", schema=None) as batch_op:
        batch_op.drop_index("ix_patient_keys_patient")

    op.drop_table("patient_keys")
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.drop_index("ix_items_study_claim")
        batch_op.drop_index("ix_items_state")
        batch_op.drop_index("ix_items_patient")

    op.drop_table("items")
    op.drop_table("exposures")
    op.drop_table("credentials")
    op.drop_table("users")
    op.drop_table("studies")
    op.drop_table("quarantine")
    op.drop_table("patients")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_object")

    op.drop_table("audit")
    op.drop_table("clinics")
