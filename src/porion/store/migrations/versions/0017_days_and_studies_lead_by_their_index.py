"""Days and studies lead to the items of some people by their indexes alone, without a look at each row."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_BEFORE = {
    ("ix_studies_day", "studies"): ["clinic_id", "day"],
    ("ix_items_study_claim", "items"): ["study_id", "claim_key"],
}
_AFTER = {
    ("ix_studies_day", "studies"): ["clinic_id", "day", "id"],
    ("ix_items_study_claim", "items"): ["study_id", "claim_key", "state", "patient_id"],
}


def upgrade() -> None:
    _make(_AFTER)


def downgrade() -> None:
    _make(_BEFORE)


def _make(indexes: dict[tuple[str, str], list[str]]) -> None:
    for (name, table), columns in indexes.items():
        op.drop_index(name, table_name=table)
        op.create_index(name, table, columns, unique=False)
