"""Shared commits: on disk when `run` returns, one commit for many, nothing lost when the database is busy or closed."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

import pytest
from sqlalchemy import text

from storage.commits import SharedCommits
from storage.database import Database, DatabaseBusyError

INSERT = (
    "INSERT INTO inbox (team_id, key, kind, body, received_at) "
    "VALUES ('T', :key, 'event', '', '2026-11-02 09:00:00') ON CONFLICT DO NOTHING"
)


@pytest.fixture
def commits(db: Database) -> Iterator[SharedCommits]:
    made = SharedCommits(db)
    yield made
    made.close()


def keys(db: Database) -> list[str]:
    """What another connection sees."""
    with db.engine.connect() as connection:
        return sorted(connection.execute(text("SELECT key FROM inbox")).scalars())


@contextmanager
def locked(db: Database) -> Iterator[None]:
    """Another process that holds the SQLite file."""
    with closing(sqlite3.connect(db.url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_what_was_run_is_there_for_everybody_when_it_returns(commits: SharedCommits, db: Database) -> None:
    assert commits.run(INSERT, {"key": "a"})
    assert keys(db) == ["a"]
    assert not commits.run(INSERT, {"key": "a"})


def test_many_threads_write_everything_once(commits: SharedCommits, db: Database) -> None:
    with ThreadPoolExecutor(16) as pool:
        new = list(pool.map(lambda n: commits.run(INSERT, {"key": f"{n % 50:02}"}), range(200)))
    assert sum(new) == 50
    assert len(keys(db)) == 50


def test_what_nobody_waits_for_is_there_after_settling(commits: SharedCommits, db: Database) -> None:
    for n in range(5):
        commits.later(INSERT, {"key": str(n)})
    commits.settle()
    assert keys(db) == list("01234")


def test_a_statement_that_is_wrong_is_told_to_its_caller_and_hurts_no_later_one(
    commits: SharedCommits, db: Database
) -> None:
    with pytest.raises(Exception, match="no_such_table"):
        commits.run("INSERT INTO no_such_table VALUES (1)", {})
    assert commits.run(INSERT, {"key": "a"})
    assert keys(db) == ["a"]


def test_who_waits_hears_that_the_database_is_busy_and_what_nobody_waits_for_is_tried_again(
    sqlite_db: Database,
) -> None:
    quick = Database(sqlite_db.url, busy_seconds=0.05)
    commits = SharedCommits(quick)
    with locked(quick):
        commits.later(INSERT, {"key": "later"})
        with pytest.raises(DatabaseBusyError):
            commits.run(INSERT, {"key": "now"})
    commits.settle()
    assert keys(quick) == ["later"]
    commits.close()
    quick.close()


def test_closing_writes_what_waits_and_takes_nothing_more(sqlite_db: Database) -> None:
    commits = SharedCommits(sqlite_db)
    for n in range(5):
        commits.later(INSERT, {"key": str(n)})
    commits.close()
    assert keys(sqlite_db) == list("01234")
    with pytest.raises(RuntimeError, match="closed"):
        commits.run(INSERT, {"key": "late"})


def test_without_a_statement_there_is_nothing_to_settle_or_close(sqlite_db: Database) -> None:
    commits = SharedCommits(sqlite_db)
    commits.settle()
    commits.close()
    assert keys(sqlite_db) == []
