"""Column types that SQLite and PostgreSQL store alike, and the metadata's naming convention.

Amounts are decimal text (SQLite would make floats of them); JSON columns are replaced, never mutated in place.
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, DateTime, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# rows are not validated by pydantic: its schema of each is built when something asks for it, and not at the start
SQLModel.model_config["defer_build"] = True


class Amount(TypeDecorator[Decimal]):
    """A Decimal as its exact text, so that what was typed is what comes back (2.50 stays 2.50)."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        return None if value is None else format(value, "f")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant on both databases; refuses naive ones instead of guessing their zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("instants carry a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def amount() -> Any:
    """An optional exact amount."""
    return Field(default=None, sa_type=Amount)


def instant(*, optional: bool = False, index: bool = False) -> Any:
    """An instant column; required unless `optional`."""
    if optional:
        return Field(default=None, sa_type=Instant, index=index)
    return Field(sa_type=Instant, index=index)


def document() -> Any:
    """A JSON object or list that is replaced as a whole; SQL's NULL where absent, so that it can be asked for."""
    return Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))


def one_of(column: str, *values: str) -> CheckConstraint:
    """A CHECK that holds a text column to known words."""
    listed = ", ".join(f"'{v}'" for v in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)
