"""Blockers and proposed changes across answers: what is said again word for word is the entry that stands."""

from datetime import date, datetime, timedelta

from sqlmodel import col, select

from rituals.checkins import answers, guesses
from rituals.checkins.answers import Said
from rituals.okrs.load import load_portfolio
from rituals.okrs.registers import close_blocker
from storage.database import Database
from storage.tables import Adjustment, Blocker, Proposal
from tests.rituals.checkin_workspace import (
    ASKED,
    BO,
    KIM,
    TEAM,
    ask_everybody,
    edit,
    open_blockers,
    receipt,
    say,
    send_form,
    set_up,
    shared_answer,
)
from tests.rituals.stored import rows

WAITS = "2. waiting for Payments' API until 12 Dec"
NEXT_ROUND = ASKED + timedelta(days=14)


def delete(db: Database, user: str, ts: str, *, now: datetime = ASKED) -> None:
    answers.withdraw(db, TEAM, Said("", f"D{user}", ts, ""), now=now)


def standing(db: Database) -> list[tuple[int, str]]:
    """Every blocker as (number, state)."""
    return [(row.number, row.state) for row in rows(db, Blocker)]


def test_a_blocker_said_again_in_the_next_round_stays_one_entry(db: Database) -> None:
    set_up(db)
    ask_everybody(db)
    say(db, BO, WAITS)
    ask_everybody(db, now=NEXT_ROUND)
    say(db, BO, "1. KR-1 30 days\n2. Waiting for  Payments' API until 12 Dec", ts="2.0", now=NEXT_ROUND)
    [blocker] = rows(db, Blocker)
    assert (blocker.number, blocker.state, blocker.opened_at) == (1, "open", ASKED)
    [shown] = receipt(db, now=NEXT_ROUND).blockers
    assert (shown.number, shown.days) == (1, 14)
    assert [b.number for b in shared_answer(db, BO, now=NEXT_ROUND).blockers] == [1]


def test_a_blocker_said_again_waits_until_the_day_said_last(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    say(sqlite_db, BO, "2. waiting for Payments' API until Friday")
    say(sqlite_db, BO, "2. waiting for Payments' API until Friday", ts="2.0", now=ASKED + timedelta(days=7))
    assert [row.until for row in open_blockers(sqlite_db)] == [date(2026, 11, 27)]


def test_a_blocker_told_a_little_otherwise_is_the_one_that_stands(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    say(sqlite_db, BO, WAITS)
    say(sqlite_db, BO, "2. still waiting for Payments' API, now until 19 Dec", ts="2.0", now=NEXT_ROUND)
    assert [(row.number, row.until) for row in open_blockers(sqlite_db)] == [(1, date(2026, 12, 19))]
    say(sqlite_db, BO, "2. waiting for Payments' contract", ts="3.0", now=NEXT_ROUND)
    assert standing(sqlite_db) == [(1, "open"), (2, "open")]


def test_a_blocker_has_the_kind_that_its_words_speak_of(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    say(sqlite_db, BO, "2.\n- waiting for Payments' API\n- no budget for the pilot\n- the billing page")
    assert [row.kind for row in open_blockers(sqlite_db)] == ["dependency", "resource", ""]


def test_the_same_words_of_another_lead_are_a_blocker_of_theirs(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    say(sqlite_db, BO, "2. waiting for the Identity team")
    say(sqlite_db, KIM, "2. waiting for the Identity team", ts="2.0")
    assert standing(sqlite_db) == [(1, "open"), (2, "open")]


def test_a_blocker_that_was_resolved_and_is_said_again_is_a_new_one(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    say(sqlite_db, BO, WAITS)
    _settle(sqlite_db, "resolved")
    say(sqlite_db, BO, WAITS, ts="2.0")
    assert standing(sqlite_db) == [(1, "resolved"), (2, "open")]


def test_an_edit_of_other_words_keeps_the_blocker_with_its_number_and_age(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    say(sqlite_db, BO, f"1. KR-1 30 days\n{WAITS}")
    edit(sqlite_db, BO, f"1. KR-1 29 days\n{WAITS}", now=ASKED + timedelta(hours=2))
    [blocker] = rows(sqlite_db, Blocker)
    assert (blocker.number, blocker.state, blocker.opened_at) == (1, "open", ASKED)
    assert [b.number for b in receipt(sqlite_db).blockers] == [1]


def test_a_form_that_is_edited_keeps_its_blocker_and_its_proposal(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    waits, wish = "waiting for Payments' API", "lower KR-1's target to 25 days"
    send_form(sqlite_db, BO, {"KR-1": "30"}, blockers=waits, adjustments=wish)
    send_form(sqlite_db, BO, {"KR-1": "29"}, blockers=waits, adjustments=wish, view="V2")
    assert standing(sqlite_db) == [(1, "open")]
    assert [(a.number, a.state) for a in rows(sqlite_db, Adjustment)] == [(1, "open")]
    assert receipt(sqlite_db).adjustments == ("lower KR-1's target to 25 days",)


def test_an_edit_that_drops_a_blocker_withdraws_it_and_one_that_brings_it_back_opens_it(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    say(sqlite_db, BO, WAITS)
    edit(sqlite_db, BO, "2. none")
    assert standing(sqlite_db) == [(1, "withdrawn")]
    edit(sqlite_db, BO, WAITS)
    assert standing(sqlite_db) == [(1, "open")]


def test_what_was_settled_stays_so_when_the_answer_is_edited(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    say(sqlite_db, BO, f"1. KR-1 30 days\n{WAITS}")
    answers.not_a_blocker(sqlite_db, TEAM, BO, 1, now=ASKED)
    edit(sqlite_db, BO, f"1. KR-1 29 days\n{WAITS}")
    assert standing(sqlite_db) == [(1, "withdrawn")]


def test_deleting_either_of_two_answers_that_say_it_keeps_the_blocker(db: Database) -> None:
    set_up(db)
    ask_everybody(db)
    say(db, BO, WAITS, ts="1.0")
    say(db, BO, WAITS, ts="2.0")
    delete(db, BO, "1.0")
    assert standing(db) == [(1, "open")]
    assert [b.number for b in receipt(db).blockers] == [1]
    say(db, BO, WAITS, ts="3.0")
    delete(db, BO, "3.0")
    assert standing(db) == [(1, "open")]
    delete(db, BO, "2.0")
    assert standing(db) == [(1, "withdrawn")]


def test_a_proposal_said_again_stays_one_entry(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    say(sqlite_db, BO, "3. lower KR-1's target to 25 days")
    say(sqlite_db, BO, "3. lower KR-1's target to 25 days", ts="2.0", now=ASKED + timedelta(days=14))
    assert [(a.number, a.state) for a in rows(sqlite_db, Adjustment)] == [(1, "open")]
    assert receipt(sqlite_db).adjustments == ("lower KR-1's target to 25 days",)


def test_a_blocker_that_was_guessed_and_stands_already_is_shown_and_not_doubled(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    say(sqlite_db, BO, "2. waiting for Payments")
    say(sqlite_db, BO, "KR-1 30 days, waiting for Payments", ts="2.0")
    with sqlite_db.transaction(readonly=True) as session:
        proposal = session.exec(select(Proposal).order_by(col(Proposal.id).desc())).one()
    guesses.pick(sqlite_db, TEAM, BO, proposal.id or 0, "1", now=ASKED)
    assert standing(sqlite_db) == [(1, "open")]
    assert [b.number for b in receipt(sqlite_db).blockers] == [1]


def _settle(db: Database, state: str) -> None:
    with db.transaction() as session:
        known = load_portfolio(session, TEAM)
        close_blocker(session, known, 1, by=known.member(BO), now=ASKED, state_after=state)
