"""What a prompt shows of a lead's own: ages, open blockers, what they said last time."""

from datetime import UTC, datetime, timedelta

from rituals.checkins import prompting
from rituals.notices import CheckinPrompt
from storage.database import Database
from tests.rituals.checkin_workspace import BO, KIM, MONDAY, PAT, TEAM, ask_everybody, ask_of, say, set_up

NEXT = MONDAY + timedelta(days=14)


def prompt_of(db: Database, user: str, now: datetime) -> CheckinPrompt:
    with db.transaction(readonly=True) as session:
        found = prompting.prompt_now(session, TEAM, {"ask": ask_of(db, user).id}, now)
    assert found is not None
    return found


def test_every_key_result_has_the_days_since_its_last_update(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    assert {line.key: line.days for line in prompt_of(sqlite_db, KIM, MONDAY).lines} == {
        "KR-1": 14,
        "KR-4": 14,
        "KR-5": None,
    }


def test_what_a_lead_reports_comes_before_what_they_co_own_and_their_own(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    assert [line.role for line in prompt_of(sqlite_db, KIM, MONDAY).lines] == ["view", "own", "own"]
    assert [line.role for line in prompt_of(sqlite_db, BO, MONDAY).lines] == ["report", "report"]


def test_the_first_prompt_has_no_last_words(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    assert prompt_of(sqlite_db, PAT, MONDAY).last_words == ""


def test_the_next_prompt_says_what_the_lead_said_last_time_and_when(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    said_at = MONDAY + timedelta(hours=11)
    say(sqlite_db, BO, "1. KR-1 30 days\n2. waiting for Payments\n3. no", now=said_at)
    ask_everybody(sqlite_db, now=NEXT + timedelta(hours=10))
    found = prompt_of(sqlite_db, BO, NEXT)
    assert (found.last_words, found.last_said_at) == ("KR-1 30 days · waiting for Payments · no", said_at)
    assert prompt_of(sqlite_db, KIM, NEXT).last_words == ""


def test_an_open_blocker_has_its_age_in_the_next_prompt_of_both_sides(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    say(sqlite_db, BO, "2. waiting for Payments", now=datetime(2026, 11, 16, 19, tzinfo=UTC))
    ask_everybody(sqlite_db, now=NEXT + timedelta(hours=12))
    for user in (BO, KIM):
        [blocker] = prompt_of(sqlite_db, user, NEXT + timedelta(hours=12)).blockers
        assert blocker.days == 14
