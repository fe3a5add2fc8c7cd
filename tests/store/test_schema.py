from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from porion.store.schema import JSON, METADATA, Exact, Moment

VALUES = sa.Table(
    "values_of_a_test",
    sa.MetaData(),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("exact", Exact),
    sa.Column("moment", Moment),
    sa.Column("json", JSON),
)


def back(engine: sa.Engine, **values: Any) -> sa.Row[Any]:
    """What the database gives back for what it was given."""
    VALUES.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(sa.insert(VALUES).values(number=1, **values))
        return connection.execute(sa.select(VALUES)).one()


@pytest.mark.parametrize(
    "digits",
    [
        "0",
        "0.00",
        "0.81",
        "0.810",
        "120",
        "1200",
        "-3.5",
        "1E+3",
        "1E-30",
        "1E+400",
        "0." + "123456789" * 6,
        None,
    ],
)
def test_a_decimal_keeps_every_digit(engine: sa.Engine, digits: str | None) -> None:
    value = Decimal(digits) if digits else None
    got = back(engine, exact=value).exact
    assert got == value
    assert "." not in str(got) or not str(got).endswith("0")


def test_a_moment_comes_back_in_utc_to_the_microsecond(engine: sa.Engine) -> None:
    moment = datetime(2026, 3, 2, 0, 30, 0, 1, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    got = back(engine, moment=moment).moment
    assert got == moment
    assert got.tzinfo is UTC


def test_a_missing_moment_and_a_missing_json_are_null(engine: sa.Engine) -> None:
    got = back(engine, moment=None, json=None)
    assert (got.moment, got.json) == (None, None)
    with engine.connect() as connection:
        null = sa.select(sa.func.count()).where(VALUES.c.json.is_(None), VALUES.c.moment.is_(None))
        assert connection.scalar(null) == 1


@pytest.mark.parametrize("value", [{"ü": [1, 0.3, None, True, "\u2028"]}, [], {}, "text", 0])
def test_json_comes_back_as_it_was(engine: sa.Engine, value: Any) -> None:
    assert back(engine, json=value).json == value


def test_moments_sort_as_they_follow_each_other(engine: sa.Engine) -> None:
    VALUES.metadata.create_all(engine)
    start = datetime(2026, 3, 2, 9, 59, 59, 999_999, tzinfo=UTC)
    moments = [start + timedelta(microseconds=1) * step for step in (2, 0, 1)] + [
        start.replace(microsecond=0)
    ]
    with engine.begin() as connection:
        rows = [{"number": n, "moment": moment} for n, moment in enumerate(moments)]
        connection.execute(sa.insert(VALUES), rows)
        found = connection.scalars(sa.select(VALUES.c.moment).order_by(VALUES.c.moment)).all()
    assert found == sorted(moments)


@pytest.mark.parametrize("table", METADATA.tables.values(), ids=lambda table: table.name)
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
