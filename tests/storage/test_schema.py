"""The migrations and the tables say the same, on both databases."""

from datetime import datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import SQLModel

from storage.database import Database
from storage.schema import is_current, migrate
from storage.tables import Person, Unit, Workspace, load_all

load_all()


def test_the_migrations_build_exactly_the_tables(db: Database) -> None:
    with db.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []


def test_migrating_again_changes_nothing(db: Database) -> None:
    assert is_current(db)
    migrate(db)
    assert is_current(db)


def test_a_word_outside_its_list_is_refused_by_the_database(db: Database, team: str) -> None:
    with pytest.raises(IntegrityError), db.transaction() as s:
        s.add(Unit(team_id=team, key="x", name="X", level="kingdom"))


def test_a_dangling_reference_is_refused_by_the_database(db: Database, team: str) -> None:
    with pytest.raises(IntegrityError), db.transaction() as s:
        s.add(Unit(team_id=team, key="x", name="X", level="team", parent_id=99))


def test_a_naive_instant_is_refused(db: Database) -> None:
    with pytest.raises(StatementError, match="carry a zone"), db.transaction() as s:
        s.add(Workspace(team_id="T2", created_at=datetime(2026, 1, 1)))


def test_a_transaction_that_fails_leaves_nothing(db: Database, team: str) -> None:
    with pytest.raises(ZeroDivisionError), db.transaction() as s:
        s.add(Person(team_id=team, key="ana", name="Ana"))
        s.flush()
        _ = 1 / 0
    with db.transaction(readonly=True) as s:
        assert s.connection().execute(text("SELECT count(*) FROM person")).scalar() == 0
