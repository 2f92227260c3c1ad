"""Fixtures of the rituals' tests."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Database
from storage.tables import Workspace
from tests.rituals.halden import NOW, TEAM, import_sample


@pytest.fixture(scope="session")
def halden_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the sample portfolio in it, to copy."""
    path = tmp_path_factory.mktemp("halden") / "halden.db"
    shutil.copyfile(sqlite_template, path)
    db = Database(f"sqlite:///{path}")
    with db.transaction() as session:
        session.add(Workspace(team_id=TEAM, name="Halden", created_at=NOW))
    import_sample(db)
    with db.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    return path


@pytest.fixture
def halden(halden_template: Path, tmp_path: Path) -> Iterator[Database]:
    """A database of the test's own with the sample portfolio in it."""
    path = tmp_path / "halden.db"
    shutil.copyfile(halden_template, path)
    db = Database(f"sqlite:///{path}")
    yield db
    db.close()
