"""Brings a database to the current schema with Alembic. Which tables there are is said in `storage.tables`.

Whether there is anything to do is found out without Alembic, which takes longer to import than all else at the start.
"""

from pathlib import Path

from sqlalchemy import inspect, text

from storage.database import Database

HERE = Path(__file__).parent / "migrations"


def migrate(db: Database) -> None:
    """Apply every migration that is missing. Safe to run again."""
    if is_current(db):
        return
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["engine"] = db.engine
    command.upgrade(config, "head")


def is_current(db: Database) -> bool:
    """Whether the database has the schema that this code expects. Takes no writer's lock."""
    with db.engine.connect().execution_options(plumbline_readonly=True) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == newest()


def newest() -> str:
    """The newest migration's number: files are named `0001_what_it_does.py` and numbered one after the other."""
    return max(path.name.partition("_")[0] for path in (HERE / "versions").glob("[0-9]*_*.py"))
