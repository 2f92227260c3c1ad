"""Fixtures of the bot's tests."""

from collections.abc import Iterator

import pytest

from storage.database import Database
from tests.bot.post_office import PostOffice


@pytest.fixture
def office(sqlite_db: Database, team: str) -> Iterator[PostOffice]:
    """A post office on an SQLite file."""
    made = PostOffice(sqlite_db, team)
    yield made
    made.close()


@pytest.fixture
def any_office(db: Database, team: str) -> Iterator[PostOffice]:
    """A post office on SQLite and on PostgreSQL."""
    made = PostOffice(db, team)
    yield made
    made.close()
