"""Shared commits: small statements of many threads, written by one thread, as many in a commit as have come.

It goes past the ORM, because a person waits: one connection, prepared statements, one wait for the disk for all who
came meanwhile. While another process holds the file it asks again and again, and each statement has its whole time. It
knows no table.
"""

import sqlite3
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from time import monotonic
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine.interfaces import DBAPIConnection

from storage.database import Database, DatabaseBusyError

SLICE = 0.1  # seconds for a turn, and for the file; what comes meanwhile has its own time, which the next attempt keeps


@dataclass(slots=True)
class _Entry:
    """A statement on its way to a commit by `until` (monotonic), and what became of it. `done` is held until then."""

    statement: str
    values: Mapping[str, Any]
    awaited: bool
    until: float
    changed: bool = False
    error: Exception | None = None
    done: Lock = field(default_factory=Lock)


class SharedCommits:
    """Writes to one database in a thread of its own, which begins with the first statement."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._slice = min(SLICE, db.busy_seconds)
        self._queue: SimpleQueue[_Entry | None] = SimpleQueue()
        self._connection: DBAPIConnection | None = None
        self._thread: Thread | None = None
        self._starting = Lock()
        self._closed = False

    def run(self, statement: str, values: Mapping[str, Any]) -> bool:
        """Execute a statement (with `:name` parameters) and wait until it is on disk. True when it changed one row.

        Raises DatabaseBusyError when the database was held by another writer for too long.
        """
        entry = _Entry(statement, values, awaited=True, until=monotonic() + self._db.busy_seconds)
        entry.done.acquire()
        self._put(entry)
        entry.done.acquire()
        if entry.error is not None:
            raise entry.error
        return entry.changed

    def later(self, statement: str, values: Mapping[str, Any]) -> None:
        """Execute a statement with the next commit, which follows at once; nobody waits for it."""
        self._put(_Entry(statement, values, awaited=False, until=monotonic() + self._db.busy_seconds))

    def settle(self) -> None:
        """Wait until everything before this is written."""
        if self._thread is not None:
            self.run("", {})

    def close(self) -> None:
        """Write what waits, end the thread and give back the connection."""
        self._closed = True
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _put(self, entry: _Entry) -> None:
        if self._closed:
            raise RuntimeError("this database was closed")
        if self._thread is None:
            self._start()
        self._queue.put(entry)

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = Thread(target=self._work, name="commits", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        batch: list[_Entry] = []
        while batch := self._next(batch):
            try:
                self._attempt(batch)
            except Exception as error:  # noqa: BLE001 - every waiting thread must hear of it, whatever it is
                batch = self._failed(batch, _told(error))
            else:
                batch = _settled(batch)

    def _next(self, left: list[_Entry]) -> list[_Entry]:
        """What is left from an attempt that found the database busy, or what comes next; nothing at the end."""
        if left:
            return left
        entry = self._queue.get()
        return [] if entry is None else [entry]

    def _attempt(self, batch: list[_Entry]) -> None:
        """Whoever has the turn may themselves wait for another process: then the file is asked for without it."""
        with ExitStack() as stack:
            with suppress(DatabaseBusyError):
                stack.enter_context(self._db.turn(urgent=True, seconds=self._slice))
            batch += self._waiting()
            self._write(batch)

    def _waiting(self) -> list[_Entry]:
        """Whatever came since; the sign to end stays for the next look."""
        found = []
        with suppress(Empty):
            while (entry := self._queue.get_nowait()) is not None:
                found.append(entry)
            self._queue.put(None)
        return found

    def _failed(self, batch: list[_Entry], error: Exception) -> list[_Entry]:
        """Tell whose time is over; the others are tried again, and so is what nobody waits for and nobody would."""
        now, again = monotonic(), []
        for entry in batch:
            patient = entry.until > now or not (entry.awaited or self._closed)
            if isinstance(error, DatabaseBusyError) and patient:
                again.append(entry)
            else:
                entry.error = error
                _settled([entry])
        return again

    def _write(self, batch: list[_Entry]) -> None:
        if self._db.is_sqlite:
            self._write_sqlite([entry for entry in batch if entry.statement])
            return
        with self._db.engine.begin() as connection:
            for entry in batch:
                if entry.statement:
                    entry.changed = connection.execute(text(entry.statement), dict(entry.values)).rowcount == 1

    def _write_sqlite(self, batch: list[_Entry]) -> None:
        if self._connection is None:
            # detached from the pool for good: its own prepared statements are what makes this fast
            proxied = self._db.engine.raw_connection()
            proxied.detach()
            self._connection = proxied.dbapi_connection
            assert self._connection is not None
            self._connection.cursor().execute(f"PRAGMA busy_timeout={round(self._slice * 1000)}")
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


def _settled(batch: list[_Entry]) -> list[_Entry]:
    for entry in batch:
        if entry.awaited:
            entry.done.release()
    return []


def _told(error: Exception) -> Exception:
    busy = isinstance(error, sqlite3.OperationalError) and "locked" in str(error)
    return DatabaseBusyError("the database is busy") if busy else error
