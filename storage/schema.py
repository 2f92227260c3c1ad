"""Brings a database to the current schema with Alembic. Which tables there are is said in `storage.tables`."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from storage.database import Database

HERE = Path(__file__).parent / "migrations"


def _config(db: Database) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["engine"] = db.engine
    return config


def migrate(db: Database) -> None:
    """Apply every migration that is missing. Safe to run again."""
    command.upgrade(_config(db), "head")


def is_current(db: Database) -> bool:
    """Whether the database has the schema that this code expects."""
    with db.engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    return present == ScriptDirectory(str(HERE)).get_current_head()
