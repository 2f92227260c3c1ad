"""What SQLite and PostgreSQL spell differently, in one place."""

from typing import Any

from sqlalchemy import Insert, text
from sqlmodel import Session, SQLModel


def _insert(session: Session, table: type[SQLModel]) -> Any:
    # imported where it is spoken: PostgreSQL's takes 20 ms to load
    if session.get_bind().dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert
    else:
        from sqlalchemy.dialects.sqlite import insert  # type: ignore[assignment]
    return insert(table.__table__)  # type: ignore[attr-defined]  # the table itself: the ORM hides the count


def insert_or_ignore(session: Session, table: type[SQLModel], values: dict[str, Any]) -> bool:
    """`INSERT … ON CONFLICT DO NOTHING`. True when the row is new."""
    statement: Insert = _insert(session, table).values(**values).on_conflict_do_nothing()
    # the driver's own count, kept beside the implicit RETURNING of the new id
    done = session.connection().execute(statement, execution_options={"preserve_rowcount": True})
    return done.rowcount == 1


def upsert(session: Session, table: type[SQLModel], values: dict[str, Any], *, on: list[str]) -> None:
    """Insert, or replace the values of the row that has the same `on` columns."""
    statement = _insert(session, table).values(**values)
    rest = {k: v for k, v in values.items() if k not in on}
    session.execute(statement.on_conflict_do_update(index_elements=on, set_=rest))


def alone(session: Session, what: int) -> None:
    """Keep every other transaction that asks for the same `what` waiting until this one ends.

    SQLite has one writer at a time anyhow; on PostgreSQL it is an advisory lock, so that nobody can deadlock on rows.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:what)"), {"what": what})
