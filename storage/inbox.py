"""The inbox: everything that arrives from Slack is written here before it is acknowledged, once per Slack key.

The write stands between a person and Slack's three seconds, so it goes past the ORM: one prepared statement, and
threads that arrive together share one commit. What is done with an event is not decided here.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from sqlalchemy import delete, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlmodel import col, select

from storage.database import Database, DatabaseBusyError
from storage.tables import InboxEvent

_INSERT = (
    "INSERT INTO inbox (team_id, key, kind, body, received_at) VALUES (:team, :key, :kind, :body, :at) "
    "ON CONFLICT DO NOTHING"
)
_HANDLED = "UPDATE inbox SET handled_at = :at, body = '' WHERE team_id = :team AND key = :key"
_FAILED = "UPDATE inbox SET handled_at = :at, fault = :fault WHERE team_id = :team AND key = :key"


@dataclass
class _Entry:
    """A statement on its way to a commit, and what became of it."""

    statement: str
    values: dict[str, Any]
    settled: bool = False
    changed: bool = False
    error: Exception | None = None


class Inbox:
    """Records events durably. Threads that write at the same time share a commit."""

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
        return self._committed(
            _Entry(_INSERT, {"team": team_id, "key": key, "kind": kind, "body": body, "at": self._stored(at)})
        )

    def handled(self, team_id: str, key: str, *, at: datetime, fault: str = "") -> None:
        """The work is done and its payload not kept; after a fault of ours it is kept, under the fault's reference.

        Raises DatabaseBusyError when that could not be written in time: it is done once more then.
        """
        values = {"team": team_id, "key": key, "at": self._stored(at)}
        self._committed(_Entry(_FAILED, {**values, "fault": fault}) if fault else _Entry(_HANDLED, values))

    def _stored(self, at: datetime) -> Any:
        """An instant as the column has it; the driver is asked directly here."""
        return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f") if self._db.is_sqlite else at

    def _committed(self, entry: _Entry) -> bool:
        with self._queue_lock:
            self._queue.append(entry)
        with self._write_lock:
            if not entry.settled:
                self._commit_waiting()
        if entry.error is not None:
            raise entry.error
        return entry.changed

    def _commit_waiting(self) -> None:
        """Write what has come so far, once it is our turn: what comes meanwhile shares the commit."""
        batch: list[_Entry] = []
        try:
            with self._db.turn(urgent=True):
                batch = self._taken()
                self._write(batch)
        except Exception as error:  # noqa: BLE001 - every waiting thread must hear of it, whatever it is
            busy = isinstance(error, sqlite3.OperationalError) and "locked" in str(error)
            for entry in batch or self._taken():
                entry.error = DatabaseBusyError("the database is busy") if busy else error
                entry.settled = True
        for entry in batch:
            entry.settled = True

    def _taken(self) -> list[_Entry]:
        with self._queue_lock:
            batch, self._queue = self._queue, []
        return batch

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
                cursor.execute(entry.statement, entry.values)
                entry.changed = cursor.rowcount == 1
            cursor.execute("COMMIT")
        except BaseException:
            cursor.execute("ROLLBACK")
            raise

    def _write_any(self, batch: list[_Entry]) -> None:
        with self._db.engine.begin() as connection:
            for entry in batch:
                entry.changed = connection.execute(text(entry.statement), entry.values).rowcount == 1

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
