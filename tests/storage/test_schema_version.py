"""Whether a database is current is found out without Alembic, so the two must agree."""

import sqlite3
import subprocess
import sys
from pathlib import Path

from alembic.script import ScriptDirectory

from storage.database import Database
from storage.schema import HERE, is_current, migrate, newest


def test_the_newest_file_is_alembics_head() -> None:
    assert newest() == ScriptDirectory(str(HERE)).get_current_head()


def test_an_empty_database_is_not_current_until_it_is_migrated(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'new.db'}")
    assert not is_current(db)
    migrate(db)
    assert is_current(db)
    db.close()


def test_looking_waits_for_no_writer(sqlite_db: Database) -> None:
    writer = sqlite3.connect(sqlite_db.url.removeprefix("sqlite:///"), isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    assert is_current(sqlite_db)
    writer.execute("ROLLBACK")
    writer.close()


def test_a_start_imports_neither_alembic_nor_the_models_library() -> None:
    code = "import sys, bot.running, storage.schema; print([m for m in ('alembic', 'openai') if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], cwd=HERE.parents[1], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
