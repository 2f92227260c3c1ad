"""What leads answer as a use case: days as they count them, edits and deletions in any order, early answers."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from rituals.checkins import advancing, answers, guesses
from rituals.checkins.answers import Said
from rituals.errors import Refusal
from storage.database import Database
from storage.tables import Answer, CheckinAsk, OutboxRow, Proposal
from tests.rituals.checkin_workspace import (
    ARI,
    ASKED,
    BO,
    KIM,
    MONDAY,
    PORTFOLIO,
    TEAM,
    ZOE,
    ask_everybody,
    ask_of,
    edit,
    open_blockers,
    receipt,
    say,
    send_form,
    set_up,
    state,
)
from tests.rituals.stored import promised, rows

TUESDAY_IN_AUCKLAND = datetime(2026, 11, 16, 21, tzinfo=UTC)
"""Still Monday in Berlin, where the workspace is, and in Los Angeles."""


def test_tomorrow_is_the_day_after_the_leads_own_today(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    say(sqlite_db, ARI, "2. waiting for Payments until tomorrow", now=TUESDAY_IN_AUCKLAND)
    send_form(sqlite_db, ZOE, {}, blockers="waiting for Payments until tomorrow", now=TUESDAY_IN_AUCKLAND)
    assert [b.until for b in open_blockers(sqlite_db)] == [date(2026, 11, 18), date(2026, 11, 17)]
    early = TUESDAY_IN_AUCKLAND + timedelta(hours=10)  # Tuesday in Berlin, Monday in Los Angeles
    send_form(sqlite_db, ZOE, {}, blockers="waiting for Search until tomorrow", view="V2", now=early)
    assert open_blockers(sqlite_db)[-1].until == date(2026, 11, 17)


def in_channel(ts: str, text: str) -> Said:
    """Zoe's reply in the thread of the round's board."""
    return Said(user=ZOE, channel="C01ALL", ts=ts, text=text, thread_ts="9.9")


def open_with_a_board(db: Database) -> None:
    """The round is open in Berlin, Zoe's morning has not come, and the board stands in the channel."""
    set_up(db)
    ask_everybody(db, now=MONDAY)
    with db.transaction() as session:
        board = session.exec(select(OutboxRow).where(OutboxRow.kind == "checkin_board")).one()
        board.channel, board.ts, board.state = "C01ALL", "9.9", "sent"
        session.add(board)


def test_who_answers_before_their_morning_is_not_asked_any_more(sqlite_db: Database) -> None:
    open_with_a_board(sqlite_db)
    answers.receive(sqlite_db, TEAM, in_channel("10.1", "KR-3: 10 tickets\n2. none\n3. none"), now=MONDAY)
    advancing.advance(sqlite_db, TEAM, now=ASKED)
    assert ask_of(sqlite_db, ZOE).state == "answered"
    assert ZOE not in {row.to for row in promised(sqlite_db, "checkin_prompt")}


def test_who_takes_an_early_answer_back_is_asked_in_their_morning(sqlite_db: Database) -> None:
    open_with_a_board(sqlite_db)
    answers.receive(sqlite_db, TEAM, in_channel("10.1", "KR-3: 10 tickets\n2. none\n3. none"), now=MONDAY)
    answers.withdraw(sqlite_db, TEAM, Said("", "C01ALL", "10.1", ""), now=MONDAY)
    assert ask_of(sqlite_db, ZOE).state == "upcoming"
    advancing.advance(sqlite_db, TEAM, now=ASKED)
    assert ask_of(sqlite_db, ZOE).state == "asked"
    assert ZOE in {row.to for row in promised(sqlite_db, "checkin_prompt")}


def test_a_form_sent_before_the_prompt_has_its_receipt_all_the_same(sqlite_db: Database) -> None:
    open_with_a_board(sqlite_db)
    send_form(sqlite_db, ZOE, {"KR-3": "10"}, now=MONDAY)
    send_form(sqlite_db, BO, {"KR-1": "30"}, now=MONDAY)
    threads = {row.to: row.thread_of for row in promised(sqlite_db, "checkin_receipt")}
    assert threads == {ZOE: None, BO: f"checkin:{ask_of(sqlite_db, BO).id}"}


def test_an_edit_that_arrives_after_the_deletion_changes_nothing(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    say(sqlite_db, BO, "KR-1: 30 days", ts="1.0")
    answers.withdraw(sqlite_db, TEAM, Said("", f"D{BO}", "1.0", ""), now=ASKED)
    assert edit(sqlite_db, BO, "KR-1: 29 days", ts="1.0")
    assert [u.value for u in state(sqlite_db).key_results["KR-1"].updates] == [33]
    assert ask_of(sqlite_db, BO).state == "asked"


def guess_of(db: Database, number: int = 0) -> int:
    """The id of a guess that was made of an answer."""
    return rows(db, Proposal)[number].id or 0


def test_a_guess_about_words_that_were_edited_away_writes_nothing(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    say(sqlite_db, BO, "KR-1 about 30 days")
    edit(sqlite_db, BO, "KR-1 about 31 days")
    guesses.pick(sqlite_db, TEAM, BO, guess_of(sqlite_db), "1", now=ASKED)
    assert [u.value for u in state(sqlite_db).key_results["KR-1"].updates] == [33]
    assert len(receipt(sqlite_db).guesses) == 1


def test_a_guess_is_settled_once_and_by_its_author_only(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    say(sqlite_db, BO, "KR-1 about 30 days")
    with pytest.raises(Refusal, match="Only who gave this answer"):
        guesses.pick(sqlite_db, TEAM, KIM, guess_of(sqlite_db), "1", now=ASKED)
    for _ in range(2):
        guesses.pick(sqlite_db, TEAM, BO, guess_of(sqlite_db), "1", now=ASKED)
    assert [u.value for u in state(sqlite_db).key_results["KR-1"].updates] == [33, 30]


def test_a_value_undone_twice_is_undone_once(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    say(sqlite_db, BO, "KR-1: 30 days")
    [line] = receipt(sqlite_db).saved
    for _ in range(2):
        answers.undo(sqlite_db, TEAM, BO, line.update, now=ASKED)
    [line] = receipt(sqlite_db).saved
    assert line.undone
    assert [u.value for u in state(sqlite_db).key_results["KR-1"].updates] == [33]


def test_of_two_rounds_owed_the_newest_takes_a_message_and_each_thread_its_own(sqlite_db: Database) -> None:
    set_up(sqlite_db, PORTFOLIO.replace("every: 2 weeks, on: monday", "every: 1 week, on: [monday, wednesday]"))
    ask_everybody(sqlite_db)
    wednesday = ASKED + timedelta(days=1, hours=15)
    ask_everybody(sqlite_db, now=wednesday)
    first, second = (ask for ask in rows(sqlite_db, CheckinAsk) if ask.person_id == ask_of(sqlite_db, BO).person_id)
    with sqlite_db.transaction() as session:
        prompt = session.exec(select(OutboxRow).where(OutboxRow.key == f"checkin:{first.id}")).one()
        prompt.channel, prompt.ts, prompt.state = f"D{BO}", "5.0", "sent"
        session.add(prompt)
    say(sqlite_db, BO, "2. none", ts="6.0", now=wednesday)
    in_thread = Said(BO, f"D{BO}", "7.0", "2. none", thread_ts="5.0", direct=True)
    answers.receive(sqlite_db, TEAM, in_thread, now=wednesday)
    assert [answer.ask_id for answer in rows(sqlite_db, Answer)] == [second.id, first.id]
