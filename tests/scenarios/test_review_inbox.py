"""What comes in and cannot be done as it was meant: nobody listens, or it is too late for a form."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from slack_bolt import BoltRequest
from sqlmodel import select

from bot.inbound import replay
from sandbox import events
from sandbox.stage import FAR_AHEAD, Stage
from storage.database import BUSY_SECONDS
from storage.tables import InboxEvent
from tests.scenarios.conftest import StageMaker
from tests.scenarios.portfolios import BO, portfolio
from tests.scenarios.seen import answers, asks, let_go, prompt, told, value
from tests.scenarios.trouble import all_hands_full, locked

A_MINUTE_LATER = timedelta(seconds=61)


@pytest.fixture
def stage(staged: StageMaker) -> Iterator[Stage]:
    """A round to which everybody was asked."""
    made = staged(at="2026-11-01T12:00", portfolio=portfolio(), busy_seconds=BUSY_SECONDS)
    made.go_to("2026-11-02T08:10")
    yield made
    let_go(made)


def replayed(stage: Stage) -> int:
    """What the engine does every 30 seconds, a minute later."""
    stage.clock.move_to(stage.clock.now() + A_MINUTE_LATER)
    return replay(stage.bot.app, stage.bot.services)


def unheard_of(stage: Stage, number: int) -> dict[str, Any]:
    """A click on a button that this version does not have."""
    action = {"type": "button", "action_id": "of_another_version", "block_id": "b", "value": "x"}
    who = {"team": {"id": stage.team}, "user": {"id": BO}}
    return {"type": "block_actions", "trigger_id": f"t{number}", "actions": [action], **who}


def open_rows(stage: Stage) -> int:
    return len(stage.bot.services.inbox.unfinished(stage.team, before=stage.clock.now() + FAR_AHEAD, limit=1000))


def test_what_nobody_listens_to_is_tried_once_more_and_then_kept_as_a_fault(stage: Stage) -> None:
    stage.bot.app.dispatch(BoltRequest(body=unheard_of(stage, 1), mode="socket_mode"))
    assert replayed(stage) == 1
    assert (open_rows(stage), replayed(stage)) == (0, 0)
    with stage.db.transaction(readonly=True) as session:
        [row] = session.exec(select(InboxEvent).where(InboxEvent.key == "block_actions:t1"))
    assert row.fault
    assert "of_another_version" in row.body


def test_a_heap_of_what_nobody_listens_to_keeps_no_answer_from_being_replayed(stage: Stage) -> None:
    for number in range(120):
        stage.bot.app.dispatch(BoltRequest(body=unheard_of(stage, number), mode="socket_mode"))
    stage.clock.move_to(stage.clock.now() + timedelta(seconds=1))
    who = {"team_id": stage.team, "user_id": BO, "channel_id": prompt(stage.person(BO)).channel}
    typed = json.dumps({"command": "/okr", "text": "update KR-4 33 %", "trigger_id": "c1", **who})
    stage.bot.services.inbox.record(stage.team, "command:c1", "command", typed, at=stage.clock.now())
    replayed(stage)
    replayed(stage)
    stage.settle()
    assert value(stage, "KR-4") == 33


def test_a_form_that_cannot_be_opened_any_more_is_asked_for_again_and_is_no_fault_of_ours(stage: Stage) -> None:
    bo = stage.person(BO)
    with all_hands_full(stage):
        bo.clicks(prompt(bo), label="Answer")
        click = next(d for d in reversed(stage.sandbox.deliveries) if d.payload.get("type") == "block_actions")
        stage.sandbox.site.tokens.redeem(click.payload["trigger_id"])  # as good as three seconds old
    stage.settle()
    assert told(stage, BO) == "That took too long for a form to open. Please do that again."
    with stage.db.transaction(readonly=True) as session:
        assert [row.fault for row in session.exec(select(InboxEvent)) if row.fault] == []


def test_where_there_is_no_place_left_to_say_so_the_click_is_closed_all_the_same(stage: Stage) -> None:
    bo = stage.person(BO)
    events.home_opened(stage.sandbox.site, BO, "home")
    stage.settle()
    with all_hands_full(stage):
        bo.clicks(bo.home, label="Answer")
        click = next(d for d in reversed(stage.sandbox.deliveries) if d.payload.get("type") == "block_actions")
        stage.sandbox.site.tokens.redeem(click.payload["trigger_id"])
    stage.settle()
    with stage.db.transaction(readonly=True) as session:
        assert [row.fault for row in session.exec(select(InboxEvent)) if row.fault] == []


def test_an_answer_given_in_time_is_not_late_because_the_bot_died_over_it(stage: Stage) -> None:
    bo = stage.person(BO)
    stage.go_to("2026-11-04T16:59")
    asked = prompt(bo)
    said = {"type": "message", "user": BO, "ts": "1793811540.000100", "thread_ts": asked.ts, "text": "1. KR-1 30 days"}
    event = {"event_id": "Ev1", "event": {**said, "channel": asked.channel, "channel_type": "im"}}
    body = json.dumps({"type": "event_callback", "team_id": stage.team, **event})
    stage.bot.services.inbox.record(stage.team, "event:Ev1", "event", body, at=stage.clock.now())
    stage.go_to("2026-11-04T17:00")
    assert asks(stage)["bo"].state == "missed"
    assert replayed(stage) == 1
    stage.settle()
    assert (asks(stage)["bo"].state, [a.late for a in answers(stage)]) == ("answered", [False])


def test_a_click_that_could_not_be_written_down_is_acknowledged_although_nobody_hears_it(stage: Stage) -> None:
    click = {**unheard_of(stage, 1), "response_url": "http://127.0.0.1:9/nobody"}
    with locked(stage):
        answer = stage.bot.app.dispatch(BoltRequest(body=click, mode="socket_mode"))
    assert answer.status == 200
