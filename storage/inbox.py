"""The inbox: everything that arrives from Slack is written here before it is acknowledged, once per Slack key.

The write stands between a person and Slack's three seconds, so it goes past the ORM: one prepared statement, and
threads that arrive together share one commit. What is done with an event is not decided here.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock

from sqlalchemy import delete, text, update
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlmodel import col, select

from storage.database import Database, DatabaseBusyError
from storage.tables import InboxEvent

_COLUMNS = "(team_id, key, kind, body, received_at)"


@dataclass
class _Entry:
    values: tuple[str, str, str, str, datetime]
    settled: bool = False
    fresh: bool = False
    error: Exception | None = None


class Inbox:
    """Records events durably. Threads that call `record` at the same time share a commit."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._queue: list[_Entry] = []
        self._queue_lock, self._write_lock = Lock(), Lock()
        self._connection: DBAPIConnection | None = None
        self._write: Callable[[list[_Entry]], None] = self._write_sqlite if db.is_sqlite else self._write_any

    def record(self, team_id: str, key: str, kind: str, body: str, *, at: datetime) -> bool:
        """Write an event; True when its key is new. It is on disk when this returns.

        Raises DatabaseBusyError when it could not be written in time: do not acknowledge then.
        """
        entry = _Entry((team_id, key, kind, body, at))
        with self._queue_lock:
            self._queue.append(entry)
        with self._write_lock:
            if not entry.settled:
                self._commit_waiting()
        if entry.error is not None:
            raise entry.error
        return entry.fresh

    def _commit_waiting(self) -> None:
        with self._queue_lock:
            batch, self._queue = self._queue, []
        try:
            self._write(batch)
        except sqlite3.OperationalError as error:
            failure: Exception = DatabaseBusyError("the database is busy") if "locked" in str(error) else error
            for entry in batch:
                entry.error = failure
        except Exception as error:  # noqa: BLE001 - every waiting thread must hear of it, whatever it is
            for entry in batch:
                entry.error = error
        for entry in batch:
            entry.settled = True

    def _write_sqlite(self, batch: list[_Entry]) -> None:
        if self._connection is None:
            # detached from the pool for good: its own prepared statement is what makes this fast
            proxied = self._db.engine.raw_connection()
            proxied.detach()
            self._connection = proxied.dbapi_connection
        assert self._connection is not None
        cursor = self._connection.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        try:
            for entry in batch:
                team_id, key, kind, body, at = entry.values
                stamp = at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
                cursor.execute(
                    f"INSERT INTO inbox {_COLUMNS} VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",  # noqa: S608
                    (team_id, key, kind, body, stamp),
                )
                entry.fresh = cursor.rowcount == 1
            cursor.execute("COMMIT")
        except BaseException:
            cursor.execute("ROLLBACK")
            raise

    def _write_any(self, batch: list[_Entry]) -> None:
        statement = text(f"INSERT INTO inbox {_COLUMNS} VALUES (:t, :k, :n, :b, :a) ON CONFLICT DO NOTHING")  # noqa: S608
        with self._db.engine.begin() as connection:
            for entry in batch:
                done = connection.execute(statement, dict(zip("tknba", entry.values, strict=True)))
                entry.fresh = done.rowcount == 1

    def handled(self, team_id: str, key: str, *, at: datetime, fault: str = "") -> None:
        """The work is done and its payload not kept; after a fault of ours it is kept, under the fault's reference."""
        done = {"fault": fault} if fault else {"body": ""}
        with self._db.transaction() as session:
            session.execute(
                update(InboxEvent)
                .where(col(InboxEvent.team_id) == team_id, col(InboxEvent.key) == key)
                .values(handled_at=at, **done)
            )

    def unfinished(self, *, before: datetime, limit: int = 100) -> list[InboxEvent]:
        """Events that were acknowledged before an instant and not worked off, oldest first."""
        query = (
            select(InboxEvent)
            .where(col(InboxEvent.handled_at).is_(None), col(InboxEvent.received_at) < before)
            .order_by(col(InboxEvent.received_at))
            .limit(limit)
        )
        with self._db.transaction(readonly=True) as session:
            return list(session.exec(query))

    def forget(self, *, before: datetime) -> None:
        """Drop what was handled well before an instant; Slack's own redeliveries end after minutes."""
        with self._db.transaction() as session:
            session.execute(delete(InboxEvent).where(col(InboxEvent.handled_at) < before, col(InboxEvent.fault) == ""))

    def close(self) -> None:
        """Give back the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
