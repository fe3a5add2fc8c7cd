"""What DICOM queries ask for: names and IDs as they are compared, dates, times and numbers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_KEY = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
_COLUMNS = {
    "patients": (("dicom_name", _KEY), ("dicom_id", _KEY)),
    "studies": (
        ("day", _KEY),
        ("time", _KEY),
        ("dicom_id", sa.Text()),
        ("referring_physician", sa.Text()),
        ("timezone", sa.Text()),
    ),
    "series": (
        ("number", sa.BigInteger()),
        ("step_day", _KEY),
        ("step_time", _KEY),
        ("scheduled_step_id", sa.Text()),
        ("requested_procedure_id", sa.Text()),
    ),
    "items": (("dicom_name", _KEY), ("dicom_id", _KEY), ("search", sa.Text())),
    "instances": (
        ("rows", sa.BigInteger()),
        ("columns", sa.BigInteger()),
        ("bits_allocated", sa.BigInteger()),
    ),
}
_INDEXES = (
    ("ix_patients_dicom_name", "patients", ["clinic_id", "dicom_name"]),
    ("ix_patients_dicom_id", "patients", ["clinic_id", "dicom_id"]),
    ("ix_studies_day", "studies", ["clinic_id", "day"]),
    ("ix_studies_accession_number", "studies", ["clinic_id", "accession_number"]),
    ("ix_series_uid", "series", ["clinic_id", "series_instance_uid"]),
    ("ix_items_dicom_name", "items", ["clinic_id", "dicom_name"]),
    ("ix_items_dicom_id", "items", ["clinic_id", "dicom_id"]),
    ("ix_images_series", "images", ["series_id"]),
)


def upgrade() -> None:
    for table, columns in _COLUMNS.items():
        for name, kind in columns:
            op.add_column(table, sa.Column(name, kind, nullable=True))
    # An index takes only so much, and no accession number is that long.
    op.execute("UPDATE studies SET accession_number = substr(accession_number, 1, 200)")
    for name, table, keys in _INDEXES:
        op.create_index(name, table, keys, unique=False)


def downgrade() -> None:
    for name, table, _ in reversed(_INDEXES):
        op.drop_index(name, table)
    for table, columns in _COLUMNS.items():
        for name, _ in columns:
            op.drop_column(table, name)
