"""Slack delivers at least once: whatever comes in a second time changes nothing."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlmodel import select

from bot.socket import connect
from sandbox.events import emit
from sandbox.stage import Stage
from storage.tables import Blocker, InboxEvent, KeyResultUpdate
from tests.scenarios.conftest import StageMaker
from tests.scenarios.portfolios import BO, MIA, OMAR, SAM, SUITE, portfolio
from tests.scenarios.seen import answers, asks, boards, let_go, opened, prompt, receipts, rows, shared, value, written
from tests.scenarios.trouble import another_bot, everything_again, settings_of

BOOKS = (
    "answer",
    "key_result_update",
    "blocker",
    "adjustment",
    "proposal",
    "checkin_ask",
    "checkin_round",
    "outbox",
    "person",
)


@pytest.fixture
def stage(staged: StageMaker) -> Iterator[Stage]:
    """All three leads were asked."""
    made = staged(at="2026-11-01T12:00", portfolio=portfolio())
    made.go_to("2026-11-02T08:10")
    yield made
    let_go(made)


def books(stage: Stage) -> dict[str, list[object]]:
    """Everything that is written down, row by row."""
    with stage.db.engine.connect() as connection:
        return {table: list(connection.exec_driver_sql(f"SELECT * FROM {table}")) for table in BOOKS}


def posted(stage: Stage) -> list[tuple[str, str, str]]:
    """Every lasting message of the bot's, as it stands."""
    return [
        (m.channel, m.ts, f"{m.text} {m.blocks}")
        for channel in stage.sandbox.workspace.channels
        for m in stage.messages(channel)
        if m.bot
    ]


def busy_hour(stage: Stage) -> None:
    """Everything a round brings: words, edits, deletions, forms, clicks, commands, people who change."""
    bo, mia, omar = stage.person(BO), stage.person(MIA), stage.person(OMAR)
    said = bo.says("dm", "1. KR-1 30 days 7/10\n2. waiting for Payments' API\n3. no", thread_ts=prompt(bo).ts)
    stage.settle()
    bo.edits(said, "1. KR-1 31 days 7/10\n2. waiting for Payments' API\n3. lower KR-4 to 60 %")
    bo.says("dm", "Quotes: 50 %", thread_ts=prompt(bo).ts)
    stage.settle()
    receipt, asking = receipts(bo, prompt(bo))
    bo.clicks(asking, label="KR-3 50 %")
    stage.settle()
    bo.clicks(receipt, action_id=f"receipt_undo:{written(stage)[0].id}")
    bo.clicks(receipt, label="Not a blocker")
    mia.clicks(prompt(mia), label="Answer")
    mia.submits(opened(stage, mia), {"kr_value:KR-2": "28 %", "question:2": "no", "question:3": "no"})
    gone = mia.says(SUITE, "2. waiting for Legal", thread_ts=boards(stage)[-1].ts)
    stage.settle()
    mia.deletes(gone)
    omar.clicks(prompt(omar), label="No change")
    omar.types("/okr update KR-5 2,000 8/10")
    stage.sandbox.change_user(OMAR, tz="Europe/Lisbon")
    stage.person(SAM).says("dm", "hello")
    stage.settle()


def test_every_event_command_click_and_form_that_comes_again_changes_nothing(stage: Stage) -> None:
    busy_hour(stage)
    stage.settle()
    before, messages = books(stage), posted(stage)
    assert everything_again(stage) > 12
    assert books(stage) == before
    assert posted(stage) == messages


def test_events_that_slack_doubles_from_the_start_are_taken_once(stage: Stage) -> None:
    stage.sandbox.faults.redeliver = True
    bo = stage.person(BO)
    said = bo.says("dm", "1. KR-1 30 days\n2. waiting for Payments' API\n3. no", thread_ts=prompt(bo).ts)
    stage.settle()
    bo.edits(said, "1. KR-1 31 days\n2. no\n3. no")
    stage.settle()
    assert [a.version for a in answers(stage)] == [1, 2]
    assert len([u for u in rows(stage, KeyResultUpdate) if u.answer_id]) == 2
    assert len(rows(stage, Blocker)) == 1
    assert len(receipts(bo, prompt(bo))) == len(shared(stage)) == 1
    assert sum(d.name == "message" for d in stage.sandbox.deliveries) > len(
        {d.payload["event_id"] for d in stage.sandbox.deliveries if d.name == "message"}
    )


def test_a_second_tap_on_no_change_and_a_form_sent_again_later_change_nothing(stage: Stage) -> None:
    omar = stage.person(OMAR)
    omar.clicks(prompt(omar), label="No change")
    stage.settle()
    omar.clicks(prompt(omar), label="No change")
    stage.settle()
    assert len(answers(stage)) == len(written(stage)) == 1
    bo = stage.person(BO)
    for typed in ("30 days", "33 days"):
        bo.clicks(prompt(bo), label="Answer")
        bo.submits(opened(stage, bo), {"kr_value:KR-1": typed})
        stage.settle()
    first = next(d for d in stage.sandbox.deliveries if d.name == "view_submission")
    stage.sandbox.site.courier.send(first.kind, first.payload)
    stage.settle()
    assert value(stage, "KR-1") == 33


def test_with_several_connections_each_event_is_worked_off_once(stage: Stage) -> None:
    more = [connect(stage.bot.app, settings_of(stage)) for _ in range(2)]
    stage.sandbox.wait_connected(3)
    bo = stage.person(BO)
    for number in range(30, 36):
        bo.says("dm", f"KR-1: {number} days", thread_ts=prompt(bo).ts)
    stage.settle()
    assert len(answers(stage)) == len(written(stage)) == 6
    assert [count > 1 for count in stage.sandbox.site.socket_mode.carried.values()] == [True, True, True]
    everything_again(stage)
    assert len(answers(stage)) == len(written(stage)) == 6
    for handler in more:
        handler.client.closed = True
        handler.client.message_queue.put(None)  # wakes it, as `let_go` does
        handler.close()


def test_two_bots_that_get_the_same_event_answer_it_once(stage: Stage) -> None:
    with closing(another_bot(stage).services) as services:
        bo = stage.person(BO)
        bo.says("dm", "1. KR-1 30 days\n2. no\n3. no", thread_ts=prompt(bo).ts)
        stage.settle()
        event = next(
            d.payload for d in stage.sandbox.deliveries if d.name == "message" and d.payload["event"].get("user") == BO
        )
        fresh = services.inbox.record(stage.team, f"event:{event['event_id']}", "event", "{}", at=stage.clock.now())
        assert not fresh
        assert services.delivery.deliver_all() == 0
    assert len(receipts(bo, prompt(bo))) == len(answers(stage)) == 1


def arrived(stage: Stage) -> None:
    """Wait until there is a connection again and everything sent was taken, then work it off."""
    stage.sandbox.wait_connected()
    everything = stage.sandbox.deliveries
    stage.sandbox.wait_until(lambda: all(d.acked for d in everything), what="the acknowledgements")
    stage.settle()


def test_a_connection_that_drops_or_is_replaced_loses_no_event(stage: Stage) -> None:
    bo, mia = stage.person(BO), stage.person(MIA)
    stage.sandbox.drop_connections()
    bo.says("dm", "1. KR-1 30 days\n2. no\n3. no", thread_ts=prompt(bo).ts)
    assert stage.bot.handler is not None
    stage.bot.handler.client.connect_to_new_endpoint(force=True)
    arrived(stage)
    assert value(stage, "KR-1") == 30
    stage.sandbox.refresh_connections()
    mia.says("dm", "1. KR-2 28 %\n2. no\n3. no", thread_ts=prompt(mia).ts)
    arrived(stage)
    assert value(stage, "KR-2") == 28
    assert {key: ask.state for key, ask in asks(stage).items()} == {
        "bo": "answered",
        "mia": "answered",
        "omar": "asked",
    }
    assert len(answers(stage)) == 2


def test_what_is_worked_off_is_not_kept_in_the_inbox(stage: Stage) -> None:
    busy_hour(stage)
    with stage.db.transaction(readonly=True) as session:
        kept = list(session.exec(select(InboxEvent)))
    assert len(kept) > 10
    assert [row.key for row in kept if row.body] == []


def test_hundreds_of_events_that_came_while_the_bot_had_no_time_are_all_taken_at_once(stage: Stage) -> None:
    assert stage.bot.handler is not None
    session = stage.bot.handler.client.current_session
    assert session is not None
    item = {"type": "message", "channel": SUITE, "ts": "1793610000.000100"}
    seen = {"type": "reaction_added", "user": BO, "reaction": "tada", "item": item, "event_ts": "x" * 2000}
    before = len(stage.sandbox.deliveries)
    with session.sock_receive_lock:  # what a processor that is busy elsewhere does to the reader
        for _ in range(700):
            emit(stage.sandbox.site, "reaction_added", seen)
    came = stage.sandbox.deliveries[before:]
    stage.sandbox.wait_until(lambda: all(d.acked for d in came), what="the acknowledgements", timeout=30)
    assert len({d.payload["event_id"] for d in came}) == 700
    assert stage.bot.handler.client.current_session is session  # it did not break, which loses what comes only once
