"""A data folder that has served two workspaces: a command does not choose one of them by itself."""

from datetime import UTC, datetime

import pytest

from bot.databases import only_team, team_to_fill
from bot.failures import CommandError
from storage.database import Database
from storage.tables import Workspace


def test_with_two_workspaces_a_command_says_so_instead_of_taking_the_older_one(sqlite_db: Database, team: str) -> None:
    assert only_team(sqlite_db) == team_to_fill(sqlite_db) == team
    with sqlite_db.transaction() as session:
        session.add(Workspace(team_id="T02NEW", name="New", created_at=datetime(2026, 11, 2, tzinfo=UTC)))
    for choose in (only_team, team_to_fill):
        with pytest.raises(CommandError, match=r"two workspaces or more \(T01TEST, T02NEW\).*PLUMBLINE_DATA_DIR"):
            choose(sqlite_db)
