"""The time a check-in takes: from its first sign, shown with the receipt and summed up on the board."""

from datetime import timedelta

import pytest

from rituals.checkins import advancing, effort, form_service
from storage.database import Database
from tests.rituals.checkin_workspace import (
    ASKED,
    BO,
    KIM,
    MONDAY,
    TEAM,
    ask_everybody,
    ask_of,
    board,
    edit,
    receipt,
    say,
    send_form,
    set_up,
)

REST = "2. none\n3. none"


@pytest.fixture
def asked(sqlite_db: Database) -> Database:
    """Everybody was asked at nine in the morning; it is evening now."""
    set_up(sqlite_db)
    ask_everybody(sqlite_db, now=MONDAY)
    ask_everybody(sqlite_db)
    return sqlite_db


def opens(db: Database, user: str, minutes: float) -> None:
    effort.opened(db, TEAM, ask_of(db, user).id or 0, now=ASKED + timedelta(minutes=minutes))


def test_a_form_is_timed_from_when_it_was_opened(asked: Database) -> None:
    opens(asked, BO, 0)
    send_form(
        asked,
        BO,
        {"KR-1": "30", "KR-3": "10"},
        blockers="none",
        adjustments="none",
        now=ASKED + timedelta(minutes=1, seconds=10),
    )
    assert receipt(asked).seconds == 70


def test_only_the_first_sign_counts(asked: Database) -> None:
    opens(asked, BO, 0)
    opens(asked, BO, 2)
    assert ask_of(asked, BO).started_at == ASKED


def test_a_thread_is_timed_from_its_first_words_to_its_last(asked: Database) -> None:
    say(asked, BO, "1. KR-1 30 days, KR-3 10 tickets")
    assert receipt(asked).seconds is None, "it is not finished"
    say(asked, BO, REST, ts="1763300000.000200", now=ASKED + timedelta(minutes=3))
    assert receipt(asked).seconds == 180


def test_one_message_alone_is_not_timed_because_its_typing_is_not_seen(asked: Database) -> None:
    say(asked, BO, f"1. KR-1 30 days, KR-3 10 tickets\n{REST}")
    found = receipt(asked)
    assert (found.finished, found.seconds) == (True, None)


def test_a_tap_is_a_sign(asked: Database) -> None:
    form_service.no_change(asked, TEAM, KIM, ask_of(asked, KIM).id or 0, now=ASKED)
    assert ask_of(asked, KIM).started_at == ASKED


def test_after_a_long_pause_the_receipt_says_nothing_and_the_board_counts_a_quarter_of_an_hour(asked: Database) -> None:
    opens(asked, BO, 0)
    send_form(
        asked,
        BO,
        {"KR-1": "30", "KR-3": "10"},
        blockers="none",
        adjustments="none",
        now=ASKED + timedelta(hours=5),
    )
    assert receipt(asked).seconds is None
    assert (board(asked).seconds, board(asked).measured) == (15 * 60, 1)


def test_an_edit_the_next_day_does_not_lengthen_it(asked: Database) -> None:
    say(asked, BO, "1. KR-1 30 days")
    say(asked, BO, REST, ts="1763300000.000200", now=ASKED + timedelta(minutes=2))
    edit(asked, BO, "1. KR-1 29 days", now=ASKED + timedelta(hours=12))
    assert board(asked).seconds == 120


def test_the_closed_board_sums_it_up_against_the_practices_half_hour(asked: Database) -> None:
    for user, minutes in ((BO, 4), (KIM, 6)):
        opens(asked, user, 0)
        send_form(asked, user, {"KR-1": "30"}, view=user, now=ASKED + timedelta(minutes=minutes))
    advancing.advance(asked, TEAM, now=ASKED + timedelta(days=3))
    found = board(asked)
    assert (found.closed, found.seconds, found.measured, found.budget) == (True, 600, 2, 1800)
