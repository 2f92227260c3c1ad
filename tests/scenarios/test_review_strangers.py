"""Payloads of another workspace, of guests from one, and of people whom nobody asked."""

from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt import BoltRequest, BoltResponse
from sqlmodel import select

from sandbox.stage import Stage
from storage.tables import InboxEvent
from tests.scenarios.conftest import StageMaker
from tests.scenarios.portfolios import BO, SUITE, portfolio
from tests.scenarios.seen import answers, boards, let_go, prompt, told, value

THEIRS = "T0OTHER"


@pytest.fixture
def stage(staged: StageMaker) -> Iterator[Stage]:
    """A round to which everybody was asked."""
    made = staged(at="2026-11-01T12:00", portfolio=portfolio())
    made.go_to("2026-11-02T08:10")
    yield made
    let_go(made)


def dispatched(stage: Stage, body: dict[str, Any]) -> BoltResponse:
    return stage.bot.app.dispatch(BoltRequest(body=body, mode="socket_mode"))


def kept(stage: Stage) -> int:
    with stage.db.transaction(readonly=True) as session:
        return len(list(session.exec(select(InboxEvent))))


def test_another_workspace_sees_nothing_of_this_one_and_is_told_why(stage: Stage) -> None:
    before, calls = kept(stage), len(stage.sandbox.calls)
    command = {"command": "/okr", "text": "list", "team_id": THEIRS, "user_id": "U0OTHER", "trigger_id": "1.2.3"}
    answer = dispatched(stage, command)
    assert (answer.status, "another workspace" in answer.body) == (200, True)
    assert (kept(stage), len(stage.sandbox.calls)) == (before, calls)


def test_a_message_of_another_workspace_answers_nothing(stage: Stage) -> None:
    asked = prompt(stage.person(BO))
    said = {
        "type": "message",
        "channel": asked.channel,
        "user": BO,
        "ts": "9.9",
        "thread_ts": asked.ts,
        "text": "1. no",
    }
    dispatched(stage, {"type": "event_callback", "team_id": THEIRS, "event_id": "Ev1", "event": said})
    stage.settle()
    assert answers(stage) == []


def test_a_guest_of_another_workspace_in_the_shared_channel_is_told_whom_to_tell(stage: Stage) -> None:
    stage.sandbox.add_user("U0GUEST", "guest", "Guest", "", "UTC")
    stage.sandbox.join(SUITE, "U0GUEST")
    board = boards(stage)[-1]
    said = {
        "type": "message",
        "channel": SUITE,
        "user": "U0GUEST",
        "user_team": THEIRS,
        "ts": "9.9",
        "thread_ts": board.ts,
        "text": "1. KR-1 3 days",
    }
    event = {"team_id": THEIRS, "authorizations": [{"team_id": stage.team}], "event_id": "Ev1", "event": said}
    dispatched(stage, {"type": "event_callback", **event})
    stage.settle()
    assert "Only the leads who are asked" in told(stage, "U0GUEST", SUITE)
    assert value(stage, "KR-1") == 41
