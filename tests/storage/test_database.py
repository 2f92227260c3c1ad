"""How a database is opened and written: what survives a loss of power, and who holds it from when."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlmodel import Session, select

from storage.database import Database
from storage.tables import Workspace


def setting(session: Session, name: str) -> object:
    return session.connection().exec_driver_sql(f"PRAGMA {name}").scalar()


@pytest.mark.parametrize("readonly", [True, False])
def test_a_commit_waits_for_the_disk_and_keys_are_held(sqlite_db: Database, readonly: bool) -> None:
    with sqlite_db.transaction(readonly=readonly) as session:
        found = {name: setting(session, name) for name in ("journal_mode", "synchronous", "foreign_keys")}
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_who_means_to_write_holds_the_file_from_the_beginning_and_who_only_reads_never(sqlite_db: Database) -> None:
    file = Path(sqlite_db.url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as other:
        with sqlite_db.transaction(readonly=True) as session:
            session.exec(select(Workspace)).all()
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")
        with sqlite_db.transaction(), pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.execute("BEGIN IMMEDIATE")
