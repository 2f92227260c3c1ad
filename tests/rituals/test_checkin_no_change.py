""" "No change", typed or tapped: what is on pace and not spoken of keeps its value, and what is behind stays asked."""

from datetime import timedelta
from decimal import Decimal

from rituals.checkins import advancing, form_service
from rituals.okrs import service
from storage.database import Database
from tests.rituals.checkin_workspace import (
    ARI,
    ASKED,
    BO,
    KIM,
    LEE,
    PAT,
    TEAM,
    ZOE,
    ask_everybody,
    ask_of,
    board,
    receipt,
    say,
    set_up,
    state,
)

LATER = ASKED + timedelta(hours=1)


def tap(db: Database, user: str) -> tuple[str, ...]:
    return form_service.no_change(db, TEAM, user, ask_of(db, user).id or 0, now=LATER)


def said(db: Database, key: str, unit: str) -> list[Decimal | None]:
    """The values that were given for a unit, in order."""
    return [u.value for u in state(db).key_results[key].updates if u.unit == unit and u.at >= ASKED]


def test_what_was_said_in_this_round_is_left_as_it_is(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    say(sqlite_db, ARI, "KR-1 40 days")
    tap(sqlite_db, ARI)
    assert said(sqlite_db, "KR-1", "identity") == [Decimal(40)]


def test_a_co_owner_who_sees_it_otherwise_says_their_own_value_again(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    with_a_view = ASKED - timedelta(days=14)
    service.update_line(sqlite_db, TEAM, ARI, "KR-1 40 days", now=with_a_view, key="view")
    ask_everybody(sqlite_db)
    say(sqlite_db, ARI, "no change", now=LATER)
    assert said(sqlite_db, "KR-1", "identity") == [Decimal(40)]


def test_a_co_owner_without_a_view_of_their_own_confirms_what_is_reported(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    tap(sqlite_db, ARI)
    assert said(sqlite_db, "KR-1", "identity") == [Decimal(33)]


def test_what_is_behind_and_was_spoken_of_is_not_asked_again(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    say(sqlite_db, KIM, "KR-4: 4.7%")
    assert tap(sqlite_db, KIM) == ("KR-5",)


def test_what_another_lead_of_the_unit_said_in_this_round_waits_for_nobody(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    say(sqlite_db, KIM, "KR-4: 4.7%, KR-5: 1")
    say(sqlite_db, LEE, "2. none\n3. none", ts="2.0")
    found = receipt(sqlite_db)
    assert (found.waiting, found.finished) == ((), True)


def test_a_value_given_by_command_since_the_round_opened_is_a_word_on_it(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    service.update_line(sqlite_db, TEAM, KIM, "KR-5 1", now=ASKED, key="command")
    say(sqlite_db, KIM, "KR-4: 4.7%\n2. none\n3. none", now=LATER)
    assert receipt(sqlite_db, now=LATER).waiting == ()


def test_a_value_that_was_taken_back_is_no_word_on_it(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    say(sqlite_db, KIM, "KR-4: 4.7%, KR-5: 1\n2. none\n3. none")
    update = next(line.update for line in receipt(sqlite_db).saved if line.key == "KR-5")
    service.undo(sqlite_db, TEAM, KIM, update, now=ASKED)
    assert receipt(sqlite_db, now=LATER).waiting == ("KR-5",)


def test_a_second_tap_writes_nothing_more(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    tap(sqlite_db, BO)
    tap(sqlite_db, BO)
    assert said(sqlite_db, "KR-1", "crm") == [Decimal(33)]


def test_what_others_report_waits_for_a_look_and_not_for_a_value(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    say(sqlite_db, ZOE, "2. none\n3. none")
    found = receipt(sqlite_db)
    assert (found.waiting, found.looks, found.finished) == ((), ("KR-2",), False)
    say(sqlite_db, PAT, "2. none\n3. none", ts="2.0")
    found = receipt(sqlite_db)
    assert (found.waiting, found.looks) == (("KR-2",), ())


def test_no_change_alone_is_no_answer_while_something_is_behind(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    assert tap(sqlite_db, KIM) == ("KR-4", "KR-5")
    assert (ask_of(sqlite_db, KIM).state, ask_of(sqlite_db, KIM).partly) == ("asked", True)
    shown = board(sqlite_db, now=LATER)
    assert "Kim Oda" not in shown.answered
    assert [one.partly for one in shown.missing if one.name == "Kim Oda"] == [True]
    say(sqlite_db, KIM, "KR-4: 4.7%, KR-5: 1", now=LATER)
    assert (ask_of(sqlite_db, KIM).state, ask_of(sqlite_db, KIM).partly) == ("answered", False)
    assert "Kim Oda" in board(sqlite_db, now=LATER).answered


def test_no_change_is_an_answer_where_nothing_is_behind(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    assert tap(sqlite_db, BO) == ()
    assert ask_of(sqlite_db, BO).state == "answered"


def test_who_said_no_change_and_no_more_is_not_missed_when_the_round_closes_but_marked(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    tap(sqlite_db, KIM)
    over = ASKED + timedelta(days=5)
    advancing.advance(sqlite_db, TEAM, now=over)
    assert ask_of(sqlite_db, KIM).state == "answered"
    assert "Kim Oda" in board(sqlite_db, now=over).partly


def test_a_command_for_the_rest_takes_the_mark_from_the_board(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    say(sqlite_db, KIM, "1. KR-4: 4.7%\n2. no\n3. no", now=LATER)
    assert "Kim Oda" in board(sqlite_db, now=LATER).partly
    service.update_line(sqlite_db, TEAM, KIM, "KR-5 1", now=LATER, key="command")
    assert "Kim Oda" in board(sqlite_db, now=LATER).answered
