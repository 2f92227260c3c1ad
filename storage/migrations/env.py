"""Alembic's entry: runs migrations on the engine that `storage.schema` hands over.

SQLite changes a table by building it anew, which its foreign keys would forbid: they rest meanwhile, and nothing is
kept that would break one.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel

import storage.tables


@contextmanager
def references_resting(connection: Connection) -> Iterator[None]:
    """Foreign keys off (SQLite only; the pragma counts outside a transaction) and on again."""
    raw = connection.connection.dbapi_connection if connection.dialect.name == "sqlite" else None
    if raw is None:
        yield
        return
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        connection.rollback()
        raw.execute("PRAGMA foreign_keys=ON")


def dangling(connection: Connection) -> bool:
    """Whether a row points nowhere, which only resting references allow."""
    resting = connection.dialect.name == "sqlite"
    return resting and connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None


storage.tables.load_all()

with context.config.attributes["engine"].connect() as connection, references_resting(connection):
    context.configure(connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()
    if dangling(connection):
        raise RuntimeError("the migration was undone: it left rows that point nowhere")
    connection.commit()
