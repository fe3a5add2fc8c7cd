"""The tables of the worklist and of performed steps."""

from __future__ import annotations

import sqlalchemy as sa

from porion.store.columns import METADATA, clinic, document, identifier, moment, number, reference, text

steps = sa.Table(
    "worklist_steps", METADATA, identifier(), clinic(), reference("patient_id", "patients"), text("state"),
    text("accession_number"), text("study_instance_uid"), text("procedure_id"),
    text("procedure_description"), text("step_id"), text("description"), text("dicom_modality"),
    text("starts_at"), text("source"), moment("created_at"), moment("updated_at"),
    text("modality", nullable=True), text("category", nullable=True), document("codes"), text("station_ae"),
    text("requested_by"), text("order_key"), moment("ordered_at", nullable=True), document("images"),
    number("version", nullable=False),
    sa.UniqueConstraint("clinic_id", "step_id"),
    sa.CheckConstraint(
        "state IN ('scheduled', 'in progress', 'completed', 'discontinued', 'cancelled')",
        name="worklist_steps_state",
    ),
    sa.Index("ix_worklist_steps_starts_at", "clinic_id", "starts_at", "id"),
    sa.Index("ix_worklist_steps_study", "clinic_id", "study_instance_uid"),
    sa.Index("ix_worklist_steps_accession", "clinic_id", "accession_number"),
    sa.Index("ix_worklist_steps_order", "clinic_id", "source", "order_key"),
    sa.Index("ix_worklist_steps_patient", "patient_id"),
)  # fmt: skip

# No foreign key to devices: a device may be forgotten.
profiles = sa.Table(
    "worklist_profiles", METADATA, clinic(), text("device_id"),
    text("stations"), text("character_set"),
    number("days_back", nullable=False), number("days_ahead", nullable=False),
    sa.PrimaryKeyConstraint("clinic_id", "device_id"),
    sa.CheckConstraint("stations IN ('asked', 'own', 'all')", name="worklist_profiles_stations"),
)  # fmt: skip

queries = sa.Table(
    "worklist_queries", METADATA, identifier(), clinic(), text("device_id"), moment("at"),
    document("keys"), number("answered", nullable=False), document("told"),
    sa.Index("ix_worklist_queries_device", "clinic_id", "device_id", "id"),
)  # fmt: skip

performed = sa.Table(
    "performed_steps", METADATA, identifier(), clinic(), text("sop_instance_uid"), text("device_id"),
    text("state"), document("facts"), moment("created_at"), moment("updated_at"), document("dose"),
    document("steps"),
    sa.UniqueConstraint("clinic_id", "sop_instance_uid"),
    sa.CheckConstraint("state IN ('in progress', 'completed', 'discontinued')", name="performed_steps_state"),
)  # fmt: skip

performed_images = sa.Table(
    "performed_images", METADATA, clinic(), text("sop_instance_uid"),
    reference("performed_id", "performed_steps"),
    sa.PrimaryKeyConstraint("clinic_id", "sop_instance_uid"),
    sa.Index("ix_performed_images_performed", "performed_id"),
)  # fmt: skip
