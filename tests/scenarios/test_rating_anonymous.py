"""An anonymous rating through the sandbox: from the settings to the result, and what the bot keeps of it meanwhile."""

import json
import logging
import sqlite3
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest
from slack_bolt import BoltRequest
from sqlmodel import select

from bot.chatter import log_at
from bot.inbound import replay
from bot.logging_setup import set_up_logging
from sandbox.people import Person
from sandbox.records import Message
from sandbox.stage import Stage
from storage.tables import OutboxRow, RatingBallot, RatingInvite
from tests.portfolios import small_portfolio
from tests.scenarios.conftest import StageMaker
from tests.scenarios.seen import opened as form_of
from tests.scenarios.seen import told
from tests.scenarios.trouble import another_bot, everything_again

ANA = "U01ANA"
LEADS = ("U02BO", "U03MIA", "U04KIM", "U05LEE")
SAID = ("Reviews took days", "We shared one backlog", "Too many meetings", "Nobody told us")
SCORES = ("2", "4", "1", "5")
NOW = "2026-11-19T10:00Z"

PORTFOLIO = small_portfolio(
    ["Ana Ruiz U01ANA", "Bo Lind U02BO", "Mia Kern U03MIA", "Kim Oda U04KIM", "Lee Park U05LEE"],
    {"CRM": "leads: [bo, mia]", "Payments": "leads: [kim, lee]"},
    suite="channel: C01ALL, leads: [ana]",
)


@pytest.fixture
def stage(staged: StageMaker) -> Stage:
    """A workspace whose admin has just made ratings anonymous, in the settings."""
    stage = staged(at=NOW, portfolio=PORTFOLIO)
    ana = stage.person(ANA)
    ana.types("/okr settings")
    ana.clicks(form_of(stage, ana), action_id="settings_edit:workspace")
    ana.submits(form_of(stage, ana), {"Ratings": ["Anonymous: no names, and a vote is final"]})
    stage.settle()
    return stage


def question(person: Person) -> Message:
    """The rating's question in this person's DM."""
    [found] = [m for m in person.dm if "work together" in person.reads(m) and m.thread_ts is None]
    return found


def results(stage: Stage) -> list[Message]:
    """What the rating posted to the portfolio's channel."""
    return [message for message in stage.messages("C01ALL") if "Working together" in message.text]


def opened(stage: Stage) -> None:
    """Ana opens the rating by hand."""
    stage.person(ANA).types("/okr poll start until 30 Nov")
    stage.settle()


def vote(stage: Stage, user: str, score: str, said: str = "") -> None:
    """One press, with a sentence typed before it."""
    person = stage.person(user)
    if said:
        person.fills(question(person), {"One sentence on why, before you vote": said})
    person.clicks(question(person), label=score)
    stage.settle()


def test_it_is_opened_voted_on_closed_and_told_without_a_name(stage: Stage) -> None:
    opened(stage)
    assert "4 leads of product lines are asked in a DM, anonymously." in told(stage, ANA)
    bo = stage.person(LEADS[0])
    before = bo.reads(question(bo))
    assert "a vote cannot be changed" in before
    assert "shown from 4 votes on" in before
    for user, score, said in zip(LEADS, SCORES, SAID, strict=True):
        vote(stage, user, score, said)
        person = stage.person(user)
        shown = json.dumps(question(person).blocks)
        assert "You have voted." in shown
        assert said not in shown
        assert "rating_vote" not in shown
    ana = stage.person(ANA)
    ana.types("/okr poll results")
    stage.settle()
    assert "4 of 4 have voted so far." in ana.reads(ana.ephemerals()[-1])
    ana.types("/okr poll close")
    stage.settle()
    assert results(stage) == []
    ana.clicks(ana.ephemerals()[-1], label="Close it now")
    stage.settle()
    [result] = results(stage)
    text = ana.reads(result)
    assert "Working together in 2026-Q4, Product suite: 3.0 of 5" in text
    assert "4 of 4 voted (100 %), spread 1.6." in text
    assert "Anonymous, so not by line" in text
    assert all(said in text for said in SAID)
    assert not any(name in text for name in ("Bo", "Mia", "Kim", "Lee", "CRM", "Payments"))


def test_a_second_press_from_another_device_and_a_redelivered_one_count_once(stage: Stage) -> None:
    opened(stage)
    bo = stage.person(LEADS[0])
    first = question(bo)
    pressed = {"blocks": first.blocks, "text": first.text}
    vote(stage, LEADS[0], "2", SAID[0])
    [press] = [d.payload for d in stage.sandbox.deliveries if d.payload.get("type") == "block_actions" and _votes(d)]
    assert stage.bot.app.dispatch(BoltRequest(body=press, mode="socket_mode")).status == 200
    other = json.loads(json.dumps(press))
    other["trigger_id"] = "another.device.press"
    other["actions"][0]["action_id"] = "rating_vote_5"
    assert pressed["blocks"]
    assert stage.bot.app.dispatch(BoltRequest(body=other, mode="socket_mode")).status == 200
    stage.settle()
    assert [(b.score, b.comment) for b in rows(stage, RatingBallot)] == [(2, SAID[0])]
    assert sum(invite.voted for invite in rows(stage, RatingInvite)) == 1
    assert "You have voted. A vote in an anonymous rating cannot be changed" in told(stage, LEADS[0])


def _votes(delivery: object) -> bool:
    return "rating_vote" in json.dumps(getattr(delivery, "payload")["actions"])  # noqa: B009


def rows(stage: Stage, table: type) -> list:  # type: ignore[type-arg]
    """Everything in a table."""
    with stage.db.transaction(readonly=True) as session:
        return list(session.exec(select(table)))


def _sql(stage: Stage, statement: str) -> list[tuple[object, ...]]:
    """Past everything of ours, straight to the file."""
    connection = sqlite3.connect(stage.db.url.removeprefix("sqlite:///"), timeout=10)
    try:
        with connection:
            return connection.execute(statement).fetchall()
    finally:
        connection.close()


def test_neither_log_nor_inbox_nor_outbox_nor_file_has_a_sentence_beside_who_said_it(stage: Stage) -> None:
    _sql(stage, "CREATE TABLE overheard (body TEXT)")
    _sql(
        stage,
        "CREATE TRIGGER overhear AFTER INSERT ON inbox BEGIN INSERT INTO overheard VALUES (new.body); END",
    )
    log = StringIO()
    before = logging.getLogger().level
    log_at("DEBUG")  # also what libraries tell, whatever other tests have left of it
    set_up_logging("DEBUG", stream=log)
    try:
        opened(stage)
        for user, score, said in zip(LEADS, SCORES, SAID, strict=True):
            vote(stage, user, score, said)
    finally:
        log_at(logging.getLevelName(before))
    stage.bot.services.inbox.unfinished(stage.team, before=stage.clock.now())
    written = log.getvalue()
    assert "rating_ask" in written or "slack" in written.lower()
    for name in [*SAID, *(f'"action_id": "rating_vote_{score}"' for score in SCORES)]:
        assert name not in written
    inbox = [str(row) for row in [*_sql(stage, "SELECT * FROM overheard"), *_sql(stage, "SELECT * FROM inbox")]]
    assert any("poll start until 30 Nov" in row for row in inbox)  # of what is kept, the inbox has every word
    assert not any(said in row or "rating_vote" in row for row in inbox for said in SAID)
    assert not any(said in json.dumps(row.data) for row in rows(stage, OutboxRow) for said in SAID)
    path = Path(stage.db.url.removeprefix("sqlite:///"))
    stage.db.scrub()
    raw = path.read_bytes() + path.with_name(f"{path.name}-wal").read_bytes()
    assert [raw.count(said.encode()) for said in SAID] == [1, 1, 1, 1]  # the ballot, and nothing else


def test_after_a_stop_in_the_middle_the_vote_counts_once_and_the_question_says_so(stage: Stage) -> None:
    opened(stage)
    bo = stage.person(LEADS[0])
    bo.fills(question(bo), {"One sentence on why, before you vote": SAID[0]})
    bo.clicks(question(bo), label="2")
    stage.sandbox.settle()  # it was acknowledged; nothing was delivered yet
    with closing(another_bot(stage).services) as other:
        assert replay(stage.bot.app, other) == 0
        other.delivery.deliver_all()
    assert "You have voted." in bo.reads(question(bo))
    assert everything_again(stage) > 0
    assert [(b.score, b.comment) for b in rows(stage, RatingBallot)] == [(2, SAID[0])]


def test_three_votes_are_withheld_and_a_reminder_goes_to_the_fourth_alone(stage: Stage) -> None:
    opened(stage)
    for user, score in zip(LEADS[:3], SCORES, strict=False):
        vote(stage, user, score)
    stage.go_to("2026-11-25T01:00Z")
    stage.go_to("2026-11-25T06:30Z")
    reminded = [user for user in LEADS if any("Your vote is missing" in m.text for m in stage.person(user).dm)]
    assert reminded == [LEADS[3]]
    stage.go_to("2026-11-30T17:00Z")
    [result] = results(stage)
    assert "withheld, because it is anonymous and 3 of 4 voted; from 4 votes on it is shown." in result.text
