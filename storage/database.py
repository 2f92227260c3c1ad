"""The database connection and its one scope, `Database.transaction()`. No queries, no rules.

SQLite (the default) runs in WAL mode with `synchronous=FULL` and foreign keys on; a writer takes its lock at BEGIN
(`BEGIN IMMEDIATE`), because a deferred one fails when it has to upgrade under contention. A transaction is opened
by a use case and closed before any network call. The writers of one process take turns before they ask SQLite; turn
and file together are waited for until one time-out. What is deleted is overwritten (`secure_delete`), and an error
names no values (`hide_parameters`): both hold what people said, and an anonymous vote more than that.

PostgreSQL gets one writer at a time as well, by an advisory lock that all processes share: use cases decide on what
they have read (the next number, whether an answer was read before), and two of them must not read the same.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from storage.turns import Turns

__all__ = ["Database", "DatabaseBusyError", "Session"]

CHANGES = "plumbline_changes"  # of an SQLite connection: the rows it had changed when its transaction began
_WAIT = "plumbline_wait"  # milliseconds that a connection may wait for the file
WRITER = 0x91B0A  # the name, as PostgreSQL's advisory locks have them, of the right to write
BUSY_SECONDS = 2.4  # in all, for a turn here and then for the file: an answer after it is still below Slack's three
STATEMENTS = 16  # prepared ones that a connection keeps; each takes some kilobytes
CACHE_KB = 128  # of each connection; the file is in the system's own cache anyway
SCRUB_SECONDS = 0.3
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",  # what most systems have built in; some have not
    f"cache_size=-{CACHE_KB}",
)


class DatabaseBusyError(Exception):
    """Another writer held the database for too long. Nothing was written; trying again is safe."""


class Database:
    """One SQLAlchemy engine. `url` is an SQLAlchemy URL; an SQLite file's folder is made when it is missing."""

    def __init__(self, url: str, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self.busy_seconds = busy_seconds
        self.kept: dict[str, Any] = {}  # what `storage.marks` keeps between transactions, by workspace
        self._turns = Turns()
        if self.is_sqlite:
            _make_folder(url)
            held = {"timeout": busy_seconds, "cached_statements": STATEMENTS}
            self.engine = create_engine(url, connect_args=held, pool_size=16, max_overflow=16, hide_parameters=True)
            _tune_sqlite(self.engine)
        else:
            self.engine = create_engine(url, pool_pre_ping=True, pool_size=8, max_overflow=8, hide_parameters=True)
        self._readonly = self.engine.execution_options(plumbline_readonly=True)

    @contextmanager
    def transaction(self, *, readonly: bool = False) -> Iterator[Session]:
        """A session whose writes are committed together, or not at all.

        `readonly` takes no writer's lock and rolls back at the end. Raises DatabaseBusyError when another writer
        held the database for longer than the busy time-out.
        """
        until = monotonic() + self.busy_seconds
        try:
            if readonly:
                with Session(self._readonly, expire_on_commit=False, info={"kept": self.kept}) as session:
                    yield session
                return
            info = {"kept": self.kept}
            with self.turn(), Session(self.engine, expire_on_commit=False, info=info) as session, session.begin():
                self._take_writers_lock(session, until - monotonic())
                yield session
        except OperationalError as error:
            if _is_busy(error):
                raise DatabaseBusyError("the database is busy") from error
            raise

    def _take_writers_lock(self, session: Session, seconds: float) -> None:
        """Now, and not at the first write; SQLite takes it with the connection's BEGIN."""
        wait = max(1, round(seconds * 1000))
        connection = session.connection(execution_options={_WAIT: wait})
        if not self.is_sqlite:
            connection.execute(text(f"SET LOCAL lock_timeout = {wait}"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:what)"), {"what": WRITER})

    @contextmanager
    def turn(self, *, urgent: bool = False, seconds: float | None = None) -> Iterator[None]:
        """The turn to write among this process's threads; PostgreSQL needs none.

        Raises DatabaseBusyError when it did not come within `seconds` (by default the busy time-out).
        """
        if not self.is_sqlite:
            yield
            return
        wait = self.busy_seconds if seconds is None else seconds
        with ExitStack() as stack:
            try:
                stack.enter_context(self._turns.take(seconds=wait, urgent=urgent))
            except TimeoutError:
                raise DatabaseBusyError("the database is busy") from None
            yield

    def scrub(self) -> bool:
        """Empty SQLite's log of pages, whose order tells what was written together; False while somebody reads there.

        PostgreSQL's own log is its operator's to keep or not.
        """
        if not self.is_sqlite:
            return True
        with suppress(DatabaseBusyError), self.turn(seconds=SCRUB_SECONDS), _raw(self.engine) as connection:
            connection.execute(f"PRAGMA busy_timeout={round(SCRUB_SECONDS * 1000)}")
            busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            connection.execute(f"PRAGMA busy_timeout={round(self.busy_seconds * 1000)}")
            return not busy
        return False

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


@contextmanager
def _raw(engine: Engine) -> Iterator[Any]:
    """A connection of the driver's, outside of every transaction."""
    held = engine.raw_connection()
    try:
        yield held.driver_connection
    finally:
        held.close()


def _is_busy(error: OperationalError) -> bool:
    said = str(error.orig)
    return any(words in said for words in ("database is locked", "database table is locked", "due to lock timeout"))


def _make_folder(url: str) -> None:
    name = url.partition(":///")[2].partition("?")[0]
    if name and name != ":memory:":
        Path(name).expanduser().parent.mkdir(parents=True, exist_ok=True)


def _tune_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver opens no transactions of its own; BEGIN is ours
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if wait := options.get(_WAIT):
            connection.exec_driver_sql(f"PRAGMA busy_timeout={wait}")
        connection.exec_driver_sql("BEGIN" if options.get("plumbline_readonly") else "BEGIN IMMEDIATE")
        connection.info[CHANGES] = connection.connection.dbapi_connection.total_changes  # type: ignore[union-attr]
