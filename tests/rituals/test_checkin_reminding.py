"""Who is reminded, when, and what keeps it from being sent: answers, nights, absence, a snooze, the week's limit.

The round opens on Monday 16 November; in Berlin it is asked at 08:00 UTC and ends on Wednesday at 17:00 UTC.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, update

from rituals.checkins import advancing
from rituals.notices import CheckinReminder
from rituals.okrs import service as okrs
from rituals.quiet import NEVER, Quiet, dump_quiet
from storage import nudges
from storage.database import Database
from storage.tables import CheckinAsk, Nudge, Person, Workspace
from tests.rituals.checkin_workspace import (
    ASKED,
    BO,
    KIM,
    LEE,
    MONDAY,
    TEAM,
    ZOE,
    ask_everybody,
    ask_of,
    asked_on_monday,
    say,
    set_up,
    state,
)
from tests.rituals.stored import promised, rows

REMINDS = datetime(2026, 11, 18, 6, tzinfo=UTC)
"""Wednesday, 07:00 in Berlin: 80 % of the window lies in the night before."""
LAST_CALL = datetime(2026, 11, 18, 15, tzinfo=UTC)
END = datetime(2026, 11, 18, 17, tzinfo=UTC)


@pytest.fixture
def asked(sqlite_db: Database) -> Database:
    """Everybody was asked at nine where they are."""
    return asked_on_monday(sqlite_db, MONDAY)


def tick(db: Database, now: datetime) -> int:
    return advancing.advance(db, TEAM, now=now)


def reminders(db: Database, user: str) -> list[CheckinReminder]:
    """What was promised to a person, oldest first."""
    return [CheckinReminder.model_validate(row.data) for row in promised(db, "checkin_reminder") if row.to == user]


def ledger(db: Database, user: str) -> list[tuple[str, str]]:
    """Kind and reason of what the books say about a person's ask."""
    ask = ask_of(db, user)
    return [(row.kind, row.dropped) for row in rows(db, Nudge) if row.ask_id == ask.id]


def change(db: Database, user: str, **values: Any) -> None:
    with db.transaction() as session:
        session.execute(update(Person).where(col(Person.slack) == user).values(**values))


def change_ask(db: Database, user: str, **values: Any) -> None:
    ask = ask_of(db, user)
    with db.transaction() as session:
        session.execute(update(CheckinAsk).where(col(CheckinAsk.id) == ask.id).values(**values))


def nudged_before(db: Database, user: str, times: int, *, at: datetime) -> None:
    """So many nudges for something else."""
    member = state(db).member(user)
    assert member is not None
    with db.transaction() as session:
        for number in range(times):
            row = Nudge(team_id=TEAM, person_id=member.id, kind="rating", key=f"{user}:{number}:{at}", at=at)
            assert nudges.enter(session, row)


def test_who_has_not_answered_is_reminded_once_at_80_percent_and_called_once_before_the_end(asked: Database) -> None:
    tick(asked, REMINDS - timedelta(minutes=1))
    assert reminders(asked, BO) == []
    for _ in range(3):
        tick(asked, REMINDS)
    [first] = reminders(asked, BO)
    assert (first.last_call, first.open, first.behind, first.due_at) == (False, 2, (), END)
    tick(asked, LAST_CALL - timedelta(minutes=1))
    assert len(reminders(asked, BO)) == 1
    for _ in range(3):
        tick(asked, LAST_CALL)
    assert [one.last_call for one in reminders(asked, BO)] == [False, True]
    assert ledger(asked, BO) == [("reminder", ""), ("last_call", "")]


def test_after_a_step_nothing_is_due_any_more_at_that_instant(asked: Database) -> None:
    assert tick(asked, REMINDS) > 0
    assert tick(asked, REMINDS) == 0


def test_it_stands_in_the_prompts_thread(asked: Database) -> None:
    tick(asked, REMINDS)
    assert {row.thread_of for row in promised(asked, "checkin_reminder") if row.to == BO} == {
        f"checkin:{ask_of(asked, BO).id}"
    }


def test_who_has_answered_is_not_reminded(asked: Database) -> None:
    say(asked, BO, "1. KR-1 30 days, KR-3 10 tickets\n2. none\n3. none")
    tick(asked, REMINDS)
    tick(asked, LAST_CALL)
    assert reminders(asked, BO) == []
    assert reminders(asked, KIM) != []


def test_who_has_updated_everything_by_command_since_the_round_opened_is_not_reminded(asked: Database) -> None:
    for number, line in enumerate(("KR-1 30 days", "KR-3 10 tickets")):
        okrs.update_line(asked, TEAM, BO, line, now=ASKED, key=f"command:{number}")
    tick(asked, REMINDS)
    assert (reminders(asked, BO), ledger(asked, BO)) == ([], [("reminder", "updated")])


def test_who_has_updated_one_of_two_is_reminded_of_the_other(asked: Database) -> None:
    okrs.update_line(asked, TEAM, BO, "KR-1 30 days", now=ASKED, key="command:1")
    tick(asked, REMINDS)
    [reminder] = reminders(asked, BO)
    assert (reminder.open, reminder.behind) == (1, ())


def test_without_quiet_hours_the_reminder_comes_at_80_percent_to_the_minute(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    change(sqlite_db, BO, quiet=dump_quiet(NEVER))
    ask_everybody(sqlite_db, now=MONDAY)
    assert ask_of(sqlite_db, BO).remind_at == MONDAY + timedelta(hours=45, minutes=36)


def test_who_is_asked_late_has_a_window_of_their_own(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    late = datetime(2026, 11, 17, 12, tzinfo=UTC)
    ask_everybody(sqlite_db, now=late)
    ask = ask_of(sqlite_db, BO)
    assert ask.asked_at == late
    assert ask.remind_at == late + 0.8 * (END - late)
    assert ask.last_call_at is None, "it would come less than four hours later"


def test_hours_that_turned_quiet_meanwhile_move_the_reminder_to_their_end(asked: Database) -> None:
    change(asked, BO, quiet=dump_quiet(Quiet(datetime(1, 1, 1, 20).time(), datetime(1, 1, 1, 10).time())))
    tick(asked, REMINDS)
    assert reminders(asked, BO) == []
    at_ten = datetime(2026, 11, 18, 9, tzinfo=UTC)
    assert ask_of(asked, BO).remind_at == at_ten
    tick(asked, at_ten)
    assert len(reminders(asked, BO)) == 1


def test_hours_that_are_quiet_until_the_end_let_it_drop(asked: Database) -> None:
    change(asked, BO, quiet=dump_quiet(Quiet(datetime(1, 1, 1, 6).time(), datetime(1, 1, 1, 20).time())))
    tick(asked, REMINDS)
    tick(asked, LAST_CALL)
    assert reminders(asked, BO) == []
    assert ledger(asked, BO) == [("reminder", "quiet"), ("last_call", "quiet")]


def test_who_is_away_is_left_alone(asked: Database) -> None:
    change(asked, BO, away_from=date(2026, 11, 18), away_until=date(2026, 11, 20))
    tick(asked, REMINDS)
    tick(asked, LAST_CALL)
    assert (reminders(asked, BO), ledger(asked, BO)) == ([], [])


def test_who_answers_instead_is_reminded_in_their_own_hours_and_reads_for_whom(asked: Database) -> None:
    kim = state(asked).people["kim"].id
    change(asked, BO, away_from=date(2026, 11, 16), away_until=date(2026, 11, 20), delegate_id=kim)
    change_ask(asked, BO, delegate_id=kim)
    tick(asked, REMINDS)
    assert reminders(asked, BO) == []
    assert [one.instead_of for one in reminders(asked, KIM)] == ["Bo Lind", None]
    counted = [row.person_id for row in rows(asked, Nudge) if row.ask_id == ask_of(asked, BO).id]
    assert counted == [kim]


def test_who_goes_away_after_being_asked_hands_the_reminder_to_their_delegate(asked: Database) -> None:
    lee = state(asked).people["lee"].id
    change(asked, BO, away_from=date(2026, 11, 17), away_until=date(2026, 11, 20), delegate_id=lee)
    tick(asked, MONDAY + timedelta(days=1))
    tick(asked, LAST_CALL)
    assert "Bo Lind" in [one.instead_of for one in reminders(asked, LEE)]


def test_who_put_it_off_is_not_reminded_meanwhile(asked: Database) -> None:
    change_ask(asked, BO, snoozed_until=REMINDS + timedelta(hours=1))
    tick(asked, REMINDS)
    tick(asked, REMINDS + timedelta(hours=2))
    assert (reminders(asked, BO), ledger(asked, BO)) == ([], [("reminder", "snoozed")])


def test_over_the_weeks_limit_it_is_dropped_and_not_sent_later(asked: Database) -> None:
    nudged_before(asked, BO, 5, at=REMINDS - timedelta(days=6, hours=23))
    tick(asked, REMINDS)
    tick(asked, REMINDS + timedelta(hours=2))
    assert (reminders(asked, BO), ledger(asked, BO)) == ([], [("reminder", "limit")])
    tick(asked, LAST_CALL)
    assert [one.last_call for one in reminders(asked, BO)] == [True], "the week has moved on"


def test_the_limit_is_the_workspaces_own(asked: Database) -> None:
    with asked.transaction() as session:
        session.execute(update(Workspace).values(nudges_a_week=1))
    tick(asked, REMINDS)
    tick(asked, LAST_CALL)
    assert ledger(asked, BO) == [("reminder", ""), ("last_call", "limit")]


def test_after_hours_without_power_there_is_one_last_call_and_no_reminder_beside_it(asked: Database) -> None:
    tick(asked, LAST_CALL + timedelta(minutes=30))
    assert [one.last_call for one in reminders(asked, BO)] == [True]
    assert ledger(asked, BO) == [("reminder", "overtaken"), ("last_call", "")]


def test_a_reminder_shortly_before_leaves_the_last_call_out(asked: Database) -> None:
    tick(asked, LAST_CALL - timedelta(hours=1))
    tick(asked, LAST_CALL)
    assert ledger(asked, BO) == [("reminder", ""), ("last_call", "recent")]


def test_each_lead_is_reminded_by_their_own_clock(asked: Database) -> None:
    tick(asked, REMINDS)
    assert reminders(asked, ZOE) == []
    tick(asked, datetime(2026, 11, 18, 15, tzinfo=UTC))
    assert len(reminders(asked, ZOE)) == 1


def test_two_processes_at_once_send_one(db: Database) -> None:
    set_up(db)
    ask_everybody(db, now=MONDAY)
    ask_everybody(db)
    member = state(db).member(BO)
    assert member is not None
    row = Nudge(team_id=TEAM, person_id=member.id, kind="reminder", key="reminder:1", at=REMINDS)
    with db.transaction() as session:
        assert [nudges.enter(session, row), nudges.enter(session, row)] == [True, False]
        assert [one.key for one in nudges.sent_to(session, TEAM, member.id, since=MONDAY)] == ["reminder:1"]
        assert nudges.sent_to(session, TEAM, member.id, since=REMINDS) == []
