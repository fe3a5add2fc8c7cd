"""What every table is made of: the types of columns, and columns that many tables have."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql


class Moment(sa.types.TypeDecorator[datetime]):
    """A moment in UTC: timestamptz on PostgreSQL, ISO 8601 text of fixed width on SQLite."""

    impl = sa.String(32)
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> Any:
        """Choose the column's type."""
        kind = sa.DateTime(timezone=True) if dialect.name == "postgresql" else sa.String(32)
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> Any:
        """Write in UTC."""
        if value is None or dialect.name == "postgresql":
            return value
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:
        """Read as an aware moment in UTC."""
        del dialect
        if value is None or isinstance(value, datetime):
            return value.astimezone(UTC) if value else None
        return datetime.fromisoformat(value)


class Exact(sa.types.TypeDecorator[Decimal]):
    """A decimal without rounding: NUMERIC on PostgreSQL, its digits as text on SQLite."""

    impl = sa.String(40)
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> Any:
        """Choose the column's type."""
        return dialect.type_descriptor(sa.Numeric() if dialect.name == "postgresql" else sa.String(40))

    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> Any:
        """Write all digits."""
        return value if value is None or dialect.name == "postgresql" else format(value, "f")

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Decimal | None:
        """Read all digits; NUMERIC's trailing zeros are not part of the number."""
        del dialect
        return None if value is None else _shortest(Decimal(value))


def _shortest(value: Decimal) -> Decimal:
    # Not normalize(), which rounds to the digits of the context.
    digits = format(value, "f")
    return Decimal(digits.rstrip("0").rstrip(".") if "." in digits else digits)


ID = sa.String(32)
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")

METADATA = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def identifier() -> sa.Column[str]:
    """The primary key."""
    return sa.Column("id", ID, primary_key=True)


def clinic() -> sa.Column[str]:
    """The clinic that the row belongs to."""
    return sa.Column("clinic_id", ID, sa.ForeignKey("clinics.id"), nullable=False)


def reference(name: str, table: str, *, nullable: bool = False) -> sa.Column[str]:
    """The identifier of a row of another table."""
    return sa.Column(name, ID, sa.ForeignKey(f"{table}.id"), nullable=nullable)


def text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    """Text of any length."""
    return sa.Column(name, sa.Text, nullable=nullable)


def number(name: str, *, nullable: bool = True) -> sa.Column[int]:
    """A whole number."""
    return sa.Column(name, sa.BigInteger, nullable=nullable)


def key(name: str) -> sa.Column[str]:
    """Text that ranges are read of: compared byte by byte on both databases; NULL where not made yet."""
    return sa.Column(name, sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql"))


def packed(name: str) -> sa.Column[bytes]:
    """Bytes, such as those of an identifier."""
    return sa.Column(name, sa.LargeBinary, nullable=False)


def moment(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    """A moment in UTC."""
    return sa.Column(name, Moment, nullable=nullable)


def document(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    """JSON."""
    return sa.Column(name, JSON, nullable=nullable)
