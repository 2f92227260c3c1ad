"""The bot dies between any two steps, and another one on the same database goes on where it stopped."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from bot import jobs
from bot.inbound import replay
from bot.wiring import Bot
from sandbox.stage import FAR_AHEAD, Stage
from storage.tables import OutboxRow
from tests.scenarios.conftest import StageMaker
from tests.scenarios.portfolios import BO, MIA, OMAR, portfolio
from tests.scenarios.seen import (
    answers,
    asks,
    board,
    boards,
    let_go,
    prompt,
    prompts,
    receipts,
    replies,
    rounds,
    rows,
    shared,
    value,
    written,
)
from tests.scenarios.trouble import all_hands_full, another_bot

A_MINUTE_LATER = timedelta(seconds=61)
A_LEASE_LATER = timedelta(seconds=40)


@pytest.fixture
def stage(staged: StageMaker) -> Iterator[Stage]:
    """The evening before the round."""
    made = staged(at="2026-11-01T12:00", portfolio=portfolio())
    yield made
    let_go(made)


@contextmanager
def after_a_restart(stage: Stage) -> Iterator[Bot]:
    """A bot that was started on the same database after the first one stopped."""
    bot = another_bot(stage)
    yield bot
    bot.stop()


def work_off(stage: Stage, bot: Bot) -> int:
    """What the engine does every 30 seconds, and the sending after it."""
    count = replay(bot.app, bot.services)
    left = bot.services.inbox
    stage.sandbox.wait_until(
        lambda: not left.unfinished(stage.team, before=stage.clock.now() + FAR_AHEAD), what="the inbox"
    )
    bot.services.delivery.deliver_all()
    return count


def later(stage: Stage, by: timedelta) -> None:
    """Time goes by while nobody works."""
    stage.clock.move_to(stage.clock.now() + by)


def test_what_was_acknowledged_and_not_worked_off_is_done_after_a_restart_and_only_once(stage: Stage) -> None:
    stage.go_to("2026-11-02T08:10")
    bo, mia, omar = stage.person(BO), stage.person(MIA), stage.person(OMAR)
    with all_hands_full(stage):
        bo.says("dm", "1. KR-1 30 days 7/10\n2. waiting for Payments' API\n3. no", thread_ts=prompt(bo).ts)
        mia.types("/okr update KR-2 28 % 7/10")
        omar.clicks(prompt(omar), label="No change")
        stage.sandbox.settle()
        assert not answers(stage)
        with after_a_restart(stage) as second:
            assert replay(second.app, second.services) == 0  # it may still be under way
            later(stage, A_MINUTE_LATER)
            assert work_off(stage, second) == 3
            assert [value(stage, key) for key in ("KR-1", "KR-2")] == [30, 28]
            assert [asks(stage)[lead].state for lead in ("bo", "omar")] == ["answered", "answered"]
            assert [len(receipts(p, prompt(p))) for p in (bo, omar)] == [1, 1]
            assert work_off(stage, second) == 0
    stage.settle()  # the first bot wakes up and finds everything done
    stage.deliver()
    assert [a.source for a in answers(stage)] == ["dm", "button"]
    assert [len(receipts(p, prompt(p))) for p in (bo, omar)] == [1, 1]
    assert len(shared(stage)) == 2
    assert "2 of 3 have answered" in board(stage)


def test_what_was_promised_and_not_sent_is_sent_by_the_next_bot(stage: Stage) -> None:
    stage.clock.move_to(stage.clock.now().replace(day=2, hour=8, minute=10))
    jobs.tick(stage.bot.services)  # and dies before it sends anything
    assert boards(stage) == []
    with after_a_restart(stage) as second:
        jobs.tick(second.services)
        second.services.delivery.deliver_all()
        assert [len(prompts(stage.person(p))) for p in (BO, MIA, OMAR)] == [1, 1, 1]
        assert len(boards(stage)) == 1
    stage.tick()
    assert [len(prompts(stage.person(p))) for p in (BO, MIA, OMAR)] == [1, 1, 1]


def test_what_was_sent_without_hearing_back_is_found_in_slack_and_not_sent_again(stage: Stage) -> None:
    stage.sandbox.faults.drop_response(next=None, method="chat.postMessage")
    stage.go_to("2026-11-02T08:10")
    assert len(boards(stage)) == 1  # it stands in Slack, but the bot does not know
    stage.sandbox.faults.clear()
    with after_a_restart(stage) as second:
        later(stage, timedelta(minutes=6))
        second.services.delivery.deliver_all()
        later(stage, timedelta(minutes=6))
        second.services.delivery.deliver_all()
    assert len(boards(stage)) == 1
    assert [len(prompts(stage.person(p))) for p in (BO, MIA, OMAR)] == [1, 1, 1]
    assert {row.state for row in rows(stage, OutboxRow)} == {"sent"}
    bo = stage.person(BO)
    bo.says("dm", "1. KR-1 30 days\n2. no\n3. no", thread_ts=prompt(bo).ts)
    stage.settle()
    assert value(stage, "KR-1") == 30
    assert "1 of 3 has answered" in board(stage)


def test_an_answer_to_a_prompt_the_bot_does_not_know_it_sent_is_taken_as_one(stage: Stage) -> None:
    stage.sandbox.faults.drop_response(next=None, method="chat.postMessage")
    stage.go_to("2026-11-02T08:10")
    bo = stage.person(BO)
    bo.says("dm", "1. KR-1 30 days\n2. no\n3. no", thread_ts=prompt(bo).ts)
    stage.settle()
    assert value(stage, "KR-1") == 30
    stage.sandbox.faults.clear()
    for _ in range(3):
        later(stage, timedelta(minutes=6))
        stage.deliver()
    assert asks(stage)["bo"].state == "answered"
    assert len(receipts(bo, prompt(bo))) == len(shared(stage)) == len(boards(stage)) == 1


def test_a_round_goes_on_under_the_next_bot_with_its_reminders_and_its_end(stage: Stage) -> None:
    stage.go_to("2026-11-02T08:10")
    with after_a_restart(stage) as second:
        for instant in ("2026-11-04T00:00", "2026-11-04T08:00", "2026-11-04T17:00"):
            stage.clock.move_to(stage.clock.now().fromisoformat(f"{instant}+00:00"))
            jobs.tick(second.services)
            second.services.delivery.deliver_all()
    bo = stage.person(BO)
    assert sum("closes" in text for text in replies(bo, prompt(bo))) == 1
    assert rounds(stage)[-1].state == "closed"
    assert "0 of 3 have answered" in board(stage)
    assert [len(prompts(stage.person(p))) for p in (BO, MIA, OMAR)] == [1, 1, 1]


def test_an_event_that_the_dead_bot_was_working_on_writes_nothing_twice(stage: Stage) -> None:
    """It died after the answer was written and before the event was closed: the event is replayed."""
    stage.go_to("2026-11-02T08:10")
    bo = stage.person(BO)
    bo.says("dm", "1. KR-1 30 days\n2. waiting for Payments' API\n3. no", thread_ts=prompt(bo).ts)
    stage.settle()
    with stage.db.engine.begin() as connection:
        heard = [d.payload for d in stage.sandbox.deliveries if d.name == "message"]
        body = next(payload for payload in heard if payload["event"].get("user") == BO)
        again = connection.exec_driver_sql(
            "UPDATE inbox SET handled_at = NULL, body = ? WHERE key = ?",
            (json.dumps(body), f"event:{body['event_id']}"),
        )
        assert again.rowcount == 1
    before = (answers(stage), written(stage))
    with after_a_restart(stage) as second:
        later(stage, A_MINUTE_LATER)
        assert work_off(stage, second) == 1
    assert (answers(stage), written(stage)) == before
    assert len(receipts(bo, prompt(bo))) == len(shared(stage)) == 1
