"""What is in the database after a use case, for the tests to look at: the rows of a table, the promises of a kind."""

from typing import TypeVar

from sqlmodel import SQLModel, col, select

from storage.database import Database
from storage.tables import OutboxRow

T = TypeVar("T", bound=SQLModel)


def rows(db: Database, table: type[T]) -> list[T]:
    """All rows of a table by id."""
    with db.transaction(readonly=True) as session:
        return list(session.exec(select(table).order_by(col(table.id))))  # type: ignore[attr-defined]


def promised(db: Database, kind: str, starting: str = "") -> list[OutboxRow]:
    """What is in the outbox of a kind, as far as its key begins with some words."""
    return [row for row in rows(db, OutboxRow) if row.kind == kind and row.key.startswith(starting)]
