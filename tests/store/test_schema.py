from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from porion.store.schema import METADATA


# The keys of the matcher's index are made of the clinic: see tests/store/test_patient_index.py.
@pytest.mark.parametrize(
    "table",
    [table for name, table in METADATA.tables.items() if name != "patient_keys"],
    ids=lambda table: table.name,
)
def test_every_row_belongs_to_a_clinic(table: sa.Table) -> None:
    column = table.c.id if table.name == "clinics" else table.c.clinic_id
    assert not column.nullable
    assert table.name == "clinics" or {key.column.table.name for key in column.foreign_keys} == {"clinics"}


@pytest.mark.parametrize(
    ("state", "patient", "kept"),
    [
        ("pending", None, True),
        ("quarantined", None, True),
        ("linked", None, False),
        ("pending", "p", False),
        ("quarantined", "p", False),
        ("linked", "p", True),
        ("lost", None, False),
    ],
)
def test_the_database_itself_keeps_states_and_patients_together(
    engine: sa.Engine, state: str, patient: str | None, kept: bool
) -> None:
    now, text = datetime(2026, 3, 2, tzinfo=UTC), {"name": "", "search": "", "sex": ""}
    rows: dict[str, dict[str, Any]] = {
        "clinics": {"id": "c", "name": "", "created_at": now, "audit_links": 0, "audit_hash": ""},
        "studies": {"id": "s", "study_instance_uid": "1.2"},
        "patients": {
            **text, "id": "p", "version": 1, "created_at": now, "updated_at": now,
            "identifiers": [], "aliases": [],
        },
        "items": {
            "id": "i", "study_id": "s", "claim_key": "", "claim": {}, "state": state, "created_at": now,
            "patient_id": patient, "version": 1,
        },
    }  # fmt: skip

    def insert() -> None:
        with engine.begin() as connection:
            for name, row in rows.items():
                table = METADATA.tables[name]
                clinic = {} if name == "clinics" else {"clinic_id": "c"}
                connection.execute(sa.insert(table).values(**row, **clinic))

    if kept:
        insert()
        return
    with pytest.raises(sa.exc.IntegrityError):
        insert()
