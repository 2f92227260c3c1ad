"""Members change under the bot's feet: zones nobody knows, and an admin who leaves."""

from collections.abc import Iterator

import pytest
from slack_bolt import BoltRequest

from bot.listeners import members
from sandbox.stage import Stage
from storage import people
from tests.scenarios.conftest import StageMaker
from tests.scenarios.portfolios import ANA, BO, portfolio
from tests.scenarios.seen import let_go, told


@pytest.fixture
def stage(staged: StageMaker) -> Iterator[Stage]:
    """A day on which nothing is due."""
    made = staged(at="2026-11-01T12:00", portfolio=portfolio())
    yield made
    let_go(made)


def test_a_zone_that_is_in_no_table_breaks_nothing_for_anybody(stage: Stage) -> None:
    user = {"id": BO, "tz": "Mars/Olympus", "profile": {"email": "bo@example.com"}}
    event = {"type": "user_change", "user": user}
    body = {"type": "event_callback", "team_id": stage.team, "event_id": "Ev1", "event": event}
    stage.bot.app.dispatch(BoltRequest(body=body, mode="socket_mode"))
    stage.settle()
    stage.person(ANA).types("/okr show KR-1")
    assert "Average onboarding time" in told(stage, ANA)


def test_trouble_is_told_to_an_admin_who_is_still_there(stage: Stage) -> None:
    assert admin(stage) == ANA
    stage.sandbox.change_user(BO, is_admin=True)
    stage.sandbox.change_user(ANA, deleted=True)
    members.sync(stage.bot.services)
    assert admin(stage) == BO


def admin(stage: Stage) -> str | None:
    with stage.db.transaction(readonly=True) as session:
        return people.workspace(session, stage.team).admin_user
