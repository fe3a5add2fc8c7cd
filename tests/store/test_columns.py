from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from porion.store.columns import JSON, Exact, Moment

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
