"""The tables. Every row belongs to a clinic; states that follow from other rows are not stored twice.

A matter with several tables of its own has a module of its own, imported here so that METADATA is whole.
"""

from __future__ import annotations

import sqlalchemy as sa

from porion.store import forward_tables, remote_tables, worklist_tables  # noqa: F401 - METADATA is whole
from porion.store.columns import ID, JSON, METADATA, Exact, Moment
from porion.store.columns import clinic as _clinic
from porion.store.columns import document as _json
from porion.store.columns import identifier as _id
from porion.store.columns import key as _key
from porion.store.columns import moment as _moment
from porion.store.columns import number as _number
from porion.store.columns import packed as _packed
from porion.store.columns import reference as _to
from porion.store.columns import text as _text

__all__ = ["JSON", "METADATA", "Exact", "Moment"]

# The end of the audit chain stands in the clinic too: without it nobody would miss the last links.
clinics = sa.Table(
    "clinics", METADATA, _id(), _text("name"), _moment("created_at"),
    _number("audit_links", nullable=False), _text("audit_hash"),
)  # fmt: skip

users = sa.Table(
    "users", METADATA, _id(), _clinic(),
    sa.Column("email", sa.Text, nullable=False, unique=True),
    _text("role"), _text("state"), _text("password_hash"), _moment("created_at"),
)  # fmt: skip

credentials = sa.Table(
    "credentials", METADATA, _id(), _clinic(), _to("user_id", "users", nullable=True),
    _text("kind"), _text("name"),
    sa.Column("secret_digest", sa.Text, nullable=False, unique=True),
    _moment("created_at"), _moment("expires_at", nullable=True), _moment("revoked_at", nullable=True),
)  # fmt: skip

patients = sa.Table(
    "patients", METADATA, _id(), _clinic(),
    _json("name"), sa.Column("birth_date", sa.Date), _text("sex"), _json("identifiers"), _json("aliases"),
    _to("merged_into", "patients", nullable=True),
    _text("search"), sa.Column("version", sa.Integer, nullable=False),
    _moment("created_at"), _moment("updated_at"),
    _key("dicom_name"), _key("dicom_id"),
    sa.Index("ix_patients_dicom_name", "clinic_id", "dicom_name"),
    sa.Index("ix_patients_dicom_id", "clinic_id", "dicom_id"),
    sa.Index("ix_patients_birth_date", "clinic_id", "birth_date"),
    sa.Index(
        "ix_patients_merged_into", "merged_into",
        sqlite_where=sa.text("merged_into IS NOT NULL"),
        postgresql_where=sa.text("merged_into IS NOT NULL"),
    ),
)  # fmt: skip

# The matcher's index: some forty rows a patient, so each is as short as can be. The clinic is in the key,
# and the patient's identifier stands as its bytes (store/patient_index.py).
patient_keys = sa.Table(
    "patient_keys", METADATA, sa.Column("key", sa.BigInteger, autoincrement=False), _packed("patient"),
    sa.PrimaryKeyConstraint("key", "patient"),
    sqlite_with_rowid=False,
)  # fmt: skip

# Which version of the keys ``patient_keys`` holds for a clinic.
register_index = sa.Table(
    "register_index", METADATA, _clinic(), _number("version", nullable=False),
    sa.PrimaryKeyConstraint("clinic_id"),
)  # fmt: skip

# How many active patients carry a term; the empty term counts all of them.
patient_counts = sa.Table(
    "patient_counts", METADATA, _clinic(), _text("term"), _number("patients", nullable=False),
    sa.PrimaryKeyConstraint("clinic_id", "term"),
    sqlite_with_rowid=False,
)  # fmt: skip

studies = sa.Table(
    "studies", METADATA, _id(), _clinic(),
    _text("study_instance_uid"), _text("study_date", nullable=True),
    _text("accession_number", nullable=True), _text("description", nullable=True),
    # ``referring_physician`` is NULL in rows from before it was kept, empty where there is none.
    _key("day"), _key("time"), _text("dicom_id", nullable=True),
    _text("referring_physician", nullable=True), _text("timezone", nullable=True),
    sa.UniqueConstraint("clinic_id", "study_instance_uid"),
    # A search by days leads from here to the items without a look at the rows.
    sa.Index("ix_studies_day", "clinic_id", "day", "id"),
    sa.Index("ix_studies_accession_number", "clinic_id", "accession_number"),
)  # fmt: skip

series = sa.Table(
    "series", METADATA, _id(), _clinic(), _to("study_id", "studies"),
    _text("series_instance_uid"), _text("modality", nullable=True), _text("description", nullable=True),
    # ``requested_procedure_id`` is NULL in rows from before it was kept, empty where there is none.
    _number("number"), _key("step_day"), _key("step_time"),
    _text("scheduled_step_id", nullable=True), _text("requested_procedure_id", nullable=True),
    sa.UniqueConstraint("study_id", "series_instance_uid"),
    sa.Index("ix_series_uid", "clinic_id", "series_instance_uid"),
)  # fmt: skip

items = sa.Table(
    "items", METADATA, _id(), _clinic(), _to("study_id", "studies"),
    _text("claim_key"), _json("claim"), _text("state"), _moment("created_at"),
    _to("patient_id", "patients", nullable=True), _to("split_from", "items", nullable=True),
    _text("reason", nullable=True), sa.Column("version", sa.Integer, nullable=False),
    sa.CheckConstraint(
        "(state = 'linked' AND patient_id IS NOT NULL)"
        " OR (state IN ('pending', 'quarantined') AND patient_id IS NULL)",
        name="items_state",
    ),
    sa.Index("ix_items_state", "clinic_id", "state", "id"),
    sa.Index("ix_items_study_claim", "study_id", "claim_key", "state", "patient_id"),
    _key("dicom_name"), _key("dicom_id"), _text("search", nullable=True),
    sa.Index("ix_items_patient", "patient_id"),
    sa.Index("ix_items_dicom_name", "clinic_id", "dicom_name"),
    sa.Index("ix_items_dicom_id", "clinic_id", "dicom_id"),
)  # fmt: skip

exposures = sa.Table(
    "exposures", METADATA, _id(), _clinic(), _to("study_id", "studies"),
    _text("event_key"), _text("event_uid", nullable=True), _text("event_uid_source"),
    _text("started_at", nullable=True),
    *(
        sa.Column(quantity, Exact)
        for quantity in (
            "dap_mgycm2", "entrance_mgy", "ctdivol_mgy", "dlp_mgycm", "kvp", "tube_ma", "time_ms", "mas",
        )
    ),
    _json("missing"), _json("problems"),
    sa.UniqueConstraint("clinic_id", "event_key"),
    # Days are asked for, of all patients: an exposure without a moment has that of its image.
    sa.Index("ix_exposures_started_at", "clinic_id", "started_at"),
)  # fmt: skip

dose_observations = sa.Table(
    "dose_observations", METADATA,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    _clinic(), _to("exposure_id", "exposures"),
    _text("quantity"), _text("raw_text"), _text("raw_unit"), sa.Column("value", Exact),
    _text("unit_status"), _text("source"), _text("tag"), _text("rule"),
    _text("reason"),
    sa.Index("ix_dose_observations_exposure", "exposure_id"),
)  # fmt: skip

reference_levels = sa.Table(
    "reference_levels", METADATA, _id(), _clinic(),
    _text("category"), _text("quantity"), _text("ages"), sa.Column("value", Exact, nullable=False),
    _text("source"),
    sa.UniqueConstraint("clinic_id", "category", "quantity", "ages"),
)  # fmt: skip

images = sa.Table(
    "images", METADATA, _id(), _clinic(),
    _to("item_id", "items"), _to("study_id", "studies"), _to("series_id", "series"),
    _text("grouping"), _text("file_type"), _text("category", nullable=True),
    sa.Column("category_confidence", sa.Float, nullable=False), _json("category_evidence"),
    sa.Column("needs_review", sa.Boolean, nullable=False),
    _text("modality", nullable=True), _text("dicom_modality", nullable=True),
    _text("device_protocol"), _text("source_key"), _json("source"), _moment("received_at"),
    _text("instance_id", nullable=True), _to("exposure_id", "exposures", nullable=True),
    _text("acquired_at", nullable=True), _number("rows"), _number("columns"),
    _number("frames", nullable=False), _number("slices"), _json("volume", nullable=True),
    _json("pixel_spacing", nullable=True), _text("laterality", nullable=True),
    _json("teeth"), _json("problems"), _text("corrected_by", nullable=True),
    sa.UniqueConstraint("clinic_id", "grouping"),
    sa.Index("ix_images_item", "item_id"),
    sa.Index("ix_images_series", "series_id"),
)  # fmt: skip

instances = sa.Table(
    "instances", METADATA, _id(), _clinic(), _to("series_id", "series"),
    _text("sop_instance_uid"), _text("sop_class_uid"), _text("digest"), _number("size", nullable=False),
    _text("transfer_syntax"), _number("frames", nullable=False), _moment("received_at"),
    _to("image_id", "images", nullable=True), _number("instance_number"), _json("geometry", nullable=True),
    _to("conflicts_with", "instances", nullable=True), _text("path"),
    _to("exposure_id", "exposures", nullable=True),
    _number("rows"), _number("columns"), _number("bits_allocated"),
    sa.UniqueConstraint("clinic_id", "sop_instance_uid", "digest"),
    sa.CheckConstraint("(image_id IS NULL) <> (conflicts_with IS NULL)", name="instances_one_state"),
    sa.Index("ix_instances_image", "image_id"),
    sa.Index("ix_instances_exposure", "exposure_id"),
    # Nearly none is in conflict: what comes in pays nothing for this.
    sa.Index(
        "ix_instances_conflicts", "series_id",
        sqlite_where=sa.text("conflicts_with IS NOT NULL"),
        postgresql_where=sa.text("conflicts_with IS NOT NULL"),
    ),
)  # fmt: skip

quarantine = sa.Table(
    "quarantine", METADATA, _id(), _clinic(), _text("digest"), _number("size", nullable=False),
    _text("reason"), _text("path"), _json("source"), _moment("received_at"),
    sa.UniqueConstraint("clinic_id", "digest"),
)  # fmt: skip

decisions = sa.Table(
    "decisions", METADATA, _id(), _clinic(), _text("kind"),
    _to("item_id", "items", nullable=True), _to("image_id", "images", nullable=True),
    _to("patient_id", "patients", nullable=True),
    _text("actor"), _moment("made_at"), _text("subject"), _json("detail"),
    sa.Column("undoes", ID, sa.ForeignKey("decisions.id"), unique=True),
    sa.Index("ix_decisions_item", "item_id"),
    sa.Index("ix_decisions_image", "image_id"),
    sa.Index("ix_decisions_subject", "clinic_id", "kind", "subject"),
)  # fmt: skip

remembered = sa.Table(
    "remembered_identities", METADATA, _clinic(), _text("claim_key"), _text("source_key"),
    _to("decision_id", "decisions"),
    sa.PrimaryKeyConstraint("clinic_id", "claim_key", "source_key", "decision_id"),
    sa.Index("ix_remembered_identities_decision", "decision_id"),
)  # fmt: skip

devices = sa.Table(
    "devices", METADATA, _id(), _clinic(),
    _text("ae_title"), _text("address"), _text("name"), _text("state"),
    _moment("created_at"), _moment("updated_at"),
    _moment("first_seen", nullable=True), _moment("last_seen", nullable=True),
    _text("certificate", nullable=True), _number("port"),
    _json("asked"),
    *(_number(name, nullable=False) for name in ("stored", "failed", "bytes")),
    _text("last_error", nullable=True), _moment("last_error_at", nullable=True),
    _text("character_set"), _text("dap_unit"), _json("quirks"), _json("rights"),
    sa.UniqueConstraint("clinic_id", "ae_title", "address"),
    sa.CheckConstraint("state IN ('waiting', 'approved', 'blocked')", name="devices_state"),
)  # fmt: skip

network_failures = sa.Table(
    "network_failures", METADATA, _id(), _clinic(),
    _moment("at"), _text("address"), sa.Column("tls", sa.Boolean, nullable=False), _text("reason"),
)  # fmt: skip

networks = sa.Table(
    "networks", METADATA,
    sa.Column("clinic_id", ID, sa.ForeignKey("clinics.id"), primary_key=True),
    _moment("updated_at"),
    sa.Column("ae_title", sa.Text, nullable=False, unique=True),
    _text("listen"), _text("tls_listen"),
    sa.Column("accept_unknown_classes", sa.Boolean, nullable=False),
)  # fmt: skip

commitments = sa.Table(
    "commitments", METADATA, _id(), _clinic(),
    # No foreign key: a device may be forgotten while its answer is still under way.
    sa.Column("device_id", ID, nullable=False),
    _text("transaction_uid"), _json("peer"), _json("asked"), _text("state"),
    _moment("requested_at"), _moment("next_attempt_at", nullable=True),
    _number("attempts", nullable=False), _json("failed"), _text("last_error", nullable=True),
    sa.UniqueConstraint("clinic_id", "device_id", "transaction_uid"),
    sa.CheckConstraint(
        "state IN ('waiting', 'ready', 'delivered', 'given up')", name="commitments_state"
    ),
    sa.Index("ix_commitments_due", "next_attempt_at"),
)  # fmt: skip

linking_sources = sa.Table(
    "linking_sources", METADATA, _clinic(), _text("source_key"),
    sa.Column("unattended", sa.Boolean, nullable=False), _number("one_in", nullable=False),
    _number("linked", nullable=False), _text("changed_by"), _moment("changed_at"), _text("stopped"),
    sa.PrimaryKeyConstraint("clinic_id", "source_key"),
)  # fmt: skip

linking_samples = sa.Table(
    "linking_samples", METADATA, _id(), _clinic(), _to("decision_id", "decisions"), _text("source_key"),
    _text("state"), _moment("made_at"), _text("judged_by", nullable=True),
    _moment("judged_at", nullable=True),
    sa.CheckConstraint("state IN ('open', 'confirmed', 'refuted')", name="linking_samples_state"),
    sa.Index("ix_linking_samples_state", "clinic_id", "state"),
)  # fmt: skip

# ``number`` counts the messages of a source, so that the oldest are found without a scan.
feed_messages = sa.Table(
    "feed_messages", METADATA, _clinic(), _text("source"), _text("message_id"),
    _number("number", nullable=False), _text("digest"), _text("outcome"),
    _to("patient_id", "patients", nullable=True), _text("reason"), _moment("at"),
    sa.PrimaryKeyConstraint("clinic_id", "source", "message_id"),
    sa.UniqueConstraint("clinic_id", "source", "number"),
    sa.Index("ix_feed_messages_at", "clinic_id", "at"),
)  # fmt: skip

# How far a server that is asked for its changes has been read.
feed_positions = sa.Table(
    "feed_positions", METADATA, _clinic(), _text("source"), _text("position"),
    sa.PrimaryKeyConstraint("clinic_id", "source"),
)  # fmt: skip

feed_identifiers = sa.Table(
    "feed_identifiers", METADATA, _clinic(), _text("source"), _text("issuer"), _text("value"),
    _moment("sent_at"),
    sa.PrimaryKeyConstraint("clinic_id", "source", "issuer", "value"),
)  # fmt: skip

jobs = sa.Table(
    "jobs", METADATA, _id(), _clinic(),
    _text("kind"), _text("key"), _text("subject"), _json("arguments"), _text("state"),
    _text("created_by"), _moment("created_at"),
    _moment("started_at", nullable=True), _moment("ended_at", nullable=True),
    _json("progress"), _json("result", nullable=True), _text("error", nullable=True),
    _number("attempt", nullable=False), _number("recoveries", nullable=False),
    _text("runner", nullable=True), sa.Column("cancel_asked", sa.Boolean, nullable=False),
    sa.CheckConstraint(
        "state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name="jobs_state"
    ),
    sa.Index("ix_jobs_key", "clinic_id", "key"),
    sa.Index("ix_jobs_state", "state", "id"),
    sa.Index(
        "uq_jobs_unfinished", "clinic_id", "key", unique=True,
        sqlite_where=sa.text("state IN ('queued', 'running')"),
        postgresql_where=sa.text("state IN ('queued', 'running')"),
    ),
)  # fmt: skip

audit = sa.Table(
    "audit", METADATA, _clinic(), sa.Column("number", sa.Integer, nullable=False),
    _text("at"), _text("actor"), _text("action"), _text("object_kind"), _text("object_id"), _json("detail"),
    _text("previous"), _text("hash"),
    sa.PrimaryKeyConstraint("clinic_id", "number"),
    sa.Index("ix_audit_object", "clinic_id", "object_id"),
)  # fmt: skip
