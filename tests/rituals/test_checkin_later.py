"""Later: put off within the window and out of quiet hours, brought back once, and owed all the while."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rituals import home
from rituals.checkins import advancing, form_opening, prompting, service, snoozing
from rituals.errors import Refusal
from rituals.next_event import next_event
from rituals.okrs.state import Member
from rituals.quiet import NEVER, Quiet
from storage.database import Database
from storage.tables import CheckinAsk
from tests.rituals.checkin_workspace import BO, KIM, MONDAY, TEAM, ask_of, board, say, set_up
from tests.rituals.stored import promised, rows

BERLIN = ZoneInfo("Europe/Berlin")
DUE = datetime(2026, 11, 18, 17, tzinfo=UTC)
"""18:00 in Berlin on the Wednesday."""
LEAD = Member(1, "bo", "Bo", BO, BERLIN)


def berlin(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


def labels(now: datetime, due: datetime = DUE, member: Member = LEAD) -> list[str]:
    return [one.label for one in snoozing.choices(member, BERLIN, due, now)]


def test_on_the_first_morning_all_three_are_possible() -> None:
    assert labels(berlin(16, 9)) == ["In 2 hours", "Tomorrow 09:00", "On the last day, Wed 09:00"]


def test_the_morning_before_the_last_day_is_offered_once() -> None:
    assert labels(berlin(17, 9)) == ["In 2 hours", "Tomorrow 09:00"]


def test_on_the_last_day_only_two_hours_are_left_and_never_beyond_the_window() -> None:
    assert labels(berlin(18, 9)) == ["In 2 hours"]
    assert labels(berlin(18, 16, 30)) == []


def test_nothing_comes_back_within_quiet_hours() -> None:
    assert labels(berlin(16, 18, 30)) == ["Tomorrow 09:00", "On the last day, Wed 09:00"]
    late_riser = Member(
        1, "bo", "Bo", BO, BERLIN, quiet=Quiet(datetime.min.time().replace(hour=20), NEVER.end.replace(hour=10))
    )
    assert labels(berlin(16, 18, 30), member=late_riser) == ["Tomorrow 10:00", "On the last day, Wed 10:00"]


def test_over_a_weekend_it_comes_back_on_monday_morning() -> None:
    tuesday = berlin(24, 18)
    assert labels(berlin(20, 9), due=tuesday) == ["In 2 hours", "Mon 09:00", "On the last day, Tue 09:00"]


def asked(db: Database) -> CheckinAsk:
    set_up(db)
    service.open_due(db, TEAM, now=MONDAY)
    advancing.advance(db, TEAM, now=MONDAY)
    return ask_of(db, BO)


def put_off(db: Database, when: str = "tomorrow", now: datetime = MONDAY) -> datetime:
    return snoozing.snooze(db, TEAM, BO, ask_of(db, BO).id or 0, when, now=now)


def test_what_is_put_off_is_owed_and_shown_all_the_while(sqlite_db: Database) -> None:
    asked(sqlite_db)
    until = put_off(sqlite_db)
    assert until == berlin(17, 9)
    assert "Bo Lind" in [one.name for one in board(sqlite_db, now=MONDAY).missing]
    [owed] = home.overview(sqlite_db, TEAM, BO, now=MONDAY).owed
    assert owed.back_at == until
    assert form_opening.open_form(sqlite_db, TEAM, BO, ask_id=None, now=MONDAY).ask == owed.ask


def test_the_prompt_says_when_it_is_back(sqlite_db: Database) -> None:
    ask = asked(sqlite_db)
    until = put_off(sqlite_db)
    [row] = [row for row in promised(sqlite_db, "checkin_prompt") if row.key == f"checkin:{ask.id}"]
    assert (row.mode, row.data) == ("live", {"ask": ask.id})
    with sqlite_db.transaction(readonly=True) as session:
        shown = prompting.prompt_now(session, TEAM, {"ask": ask.id}, MONDAY)
    assert shown is not None
    assert shown.back_at == until


def test_at_its_time_it_is_brought_back_once_in_its_own_thread(sqlite_db: Database) -> None:
    ask = asked(sqlite_db)
    until = put_off(sqlite_db)
    assert snoozing.bring_back(sqlite_db, TEAM, now=until - timedelta(seconds=1)) == 0
    assert snoozing.bring_back(sqlite_db, TEAM, now=until) == 1
    assert snoozing.bring_back(sqlite_db, TEAM, now=until) == 0
    [row] = promised(sqlite_db, "checkin_back")
    assert (row.to, row.thread_of) == (BO, f"checkin:{ask.id}")
    assert ask_of(sqlite_db, BO).snoozed_until is None


def test_a_bot_that_was_away_brings_it_back_late_and_not_after_it_was_due(sqlite_db: Database) -> None:
    asked(sqlite_db)
    put_off(sqlite_db)
    assert snoozing.bring_back(sqlite_db, TEAM, now=DUE) == 0
    assert promised(sqlite_db, "checkin_back") == []


def test_who_answered_meanwhile_is_not_asked_again(sqlite_db: Database) -> None:
    asked(sqlite_db)
    until = put_off(sqlite_db)
    say(sqlite_db, BO, "1. KR-1 30 days; KR-3 10\n2. no\n3. no", now=MONDAY + timedelta(hours=1))
    assert snoozing.bring_back(sqlite_db, TEAM, now=until) == 0
    assert promised(sqlite_db, "checkin_back") == []


def test_an_answer_takes_the_return_from_the_prompt(sqlite_db: Database) -> None:
    ask = asked(sqlite_db)
    put_off(sqlite_db)
    [before] = [row.wanted for row in promised(sqlite_db, "checkin_prompt") if row.to == BO]
    say(sqlite_db, BO, "1. KR-1 30 days; KR-3 10\n2. no\n3. no", now=MONDAY + timedelta(hours=1))
    [after] = [row.wanted for row in promised(sqlite_db, "checkin_prompt") if row.to == BO]
    assert after == before + 1
    with sqlite_db.transaction(readonly=True) as session:
        shown = prompting.prompt_now(session, TEAM, {"ask": ask.id}, MONDAY + timedelta(hours=1))
    assert shown is not None
    assert (shown.back_at, shown.later) == (None, ())
    assert ask_of(sqlite_db, BO).snoozed_until is None


def test_put_off_again_it_comes_back_at_the_later_time_only(sqlite_db: Database) -> None:
    asked(sqlite_db)
    put_off(sqlite_db, "soon")
    until = put_off(sqlite_db, "tomorrow", MONDAY + timedelta(minutes=5))
    assert snoozing.bring_back(sqlite_db, TEAM, now=MONDAY + timedelta(hours=3)) == 0
    assert snoozing.bring_back(sqlite_db, TEAM, now=until) == 1
    assert len(promised(sqlite_db, "checkin_back")) == 1


def test_a_choice_that_has_become_too_late_is_refused_with_what_is_possible(sqlite_db: Database) -> None:
    asked(sqlite_db)
    with pytest.raises(Refusal, match=r"too late for this check-in\. Still possible: In 2 hours\."):
        put_off(sqlite_db, "tomorrow", berlin(18, 10))
    assert rows(sqlite_db, CheckinAsk)[0].snoozed_until is None


def test_nobody_puts_off_what_another_is_asked_or_what_is_answered(sqlite_db: Database) -> None:
    ask = asked(sqlite_db)
    with pytest.raises(Refusal, match="another lead's"):
        snoozing.snooze(sqlite_db, TEAM, KIM, ask.id or 0, "soon", now=MONDAY)
    say(sqlite_db, BO, "1. KR-1 30 days; KR-3 10\n2. no\n3. no", now=MONDAY)
    with pytest.raises(Refusal, match="nothing to put off"):
        put_off(sqlite_db, "soon")


def test_the_sandbox_finds_the_return_as_a_next_event(sqlite_db: Database) -> None:
    asked(sqlite_db)
    until = put_off(sqlite_db, "soon")
    with sqlite_db.transaction() as session:
        for row in promised(sqlite_db, "checkin_prompt") + promised(sqlite_db, "checkin_board"):
            found = session.get(type(row), row.id)
            assert found is not None
            found.state = "sent"
        session.flush()
        event = next_event(session, TEAM, now=until - timedelta(minutes=1))
    assert event is not None
    assert event.at == until
    assert "the check-in of Bo Lind is back" in event.what
