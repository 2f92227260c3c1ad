"""A missed round goes up one visible step at a time: the lead first, on the next working day those above, with a copy.

Everybody's window but Los Angeles' and Auckland's ends on Wednesday at 17:00 UTC at the latest, the round on Thursday
at 02:00 UTC, when it is night in Berlin.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, update

from rituals.checkins import advancing, escalating, missed
from rituals.checkins.missed import above, missed_now
from rituals.notices import CheckinMissed, Escalation, EscalationCopy
from rituals.okrs import service as okrs
from storage.database import Database
from storage.tables import CheckinRound, Nudge, OutboxRow, Person
from tests.rituals.checkin_workspace import (
    ARI,
    ASKED,
    BO,
    KIM,
    MONDAY,
    PAT,
    PORTFOLIO,
    TEAM,
    ask_everybody,
    ask_of,
    say,
    set_up,
    state,
)
from tests.rituals.stored import promised, rows
from tests.rituals.test_checkin_reminding import nudged_before

ANA = "U01ANA"
CLOSES = datetime(2026, 11, 19, 2, tzinfo=UTC)
MORNING = datetime(2026, 11, 19, 6, tzinfo=UTC)
"""Seven in Berlin, when Bo may be written to."""
UP = datetime(2026, 11, 20, 8, tzinfo=UTC)
"""Nine in Berlin on the working day after the round's closing day there."""
ANSWER = "1. KR-1 30 days, KR-3 10 tickets\n2. none\n3. none"


@pytest.fixture
def closed(sqlite_db: Database) -> Database:
    """A round that closed with an answer of nobody's but Kim's."""
    set_up(sqlite_db)
    _closed(sqlite_db)
    return sqlite_db


def _closed(db: Database) -> None:
    ask_everybody(db, now=MONDAY)
    ask_everybody(db)
    say(db, KIM, "1. KR-4 4 %, KR-5 1, KR-1 30 days\n2. none\n3. none")
    close(db)


def close(db: Database) -> None:
    advancing.advance(db, TEAM, now=CLOSES)
    missed.tell(db, TEAM, now=CLOSES)


def change(db: Database, user: str, **values: Any) -> None:
    with db.transaction() as session:
        session.execute(update(Person).where(col(Person.slack) == user).values(**values))


def told(db: Database, user: str, *, now: datetime = MORNING) -> CheckinMissed | None:
    """What a lead is told when the row is sent; None where nothing is promised or nothing would be shown."""
    found = [row for row in promised(db, "checkin_missed") if row.to == user]
    if not found:
        return None
    with db.transaction(readonly=True) as session:
        return missed_now(session, TEAM, found[0].data or {}, now)


def row_to(db: Database, kind: str, user: str) -> OutboxRow:
    [found] = [row for row in promised(db, kind) if row.to == user]
    return found


def up(db: Database) -> Escalation:
    return Escalation.model_validate(row_to(db, "checkin_escalation", ANA).data)


def ledger(db: Database, key: str) -> list[str]:
    return [row.dropped for row in rows(db, Nudge) if row.key == key]


def test_when_the_round_closes_a_lead_is_told_alone_who_is_told_next_and_when(closed: Database) -> None:
    found = told(closed, BO)
    assert found is not None
    assert (found.number, found.told, found.told_at) == (4, ("Ana Ruiz",), UP)
    assert promised(closed, "checkin_escalation") == []


def test_it_waits_for_the_end_of_their_night(closed: Database) -> None:
    assert row_to(closed, "checkin_missed", BO).due_at == MORNING
    assert row_to(closed, "checkin_missed", ARI).due_at == CLOSES, "it is three in the afternoon in Auckland"


def test_who_has_answered_is_told_nothing(closed: Database) -> None:
    assert told(closed, KIM) is None


def test_who_answers_late_before_it_is_sent_is_not_told(closed: Database) -> None:
    say(closed, BO, ANSWER, now=CLOSES + timedelta(hours=1))
    assert ask_of(closed, BO).state == "late"
    assert told(closed, BO) is None


def test_the_next_working_day_the_lead_above_gets_one_message_with_all_who_are_missing(closed: Database) -> None:
    assert escalating.escalate(closed, TEAM, now=UP - timedelta(minutes=1)) == 0
    assert escalating.escalate(closed, TEAM, now=UP) == 1
    names = [one.name for one in up(closed).missing]
    assert names == ["Ari Moana", "Bo Lind", "Pat Hall", "Raj Thapa", "Zoe Blum"], "Kim spoke for Lee, too"
    assert [(one.units, one.keys) for one in up(closed).missing][1] == (("CRM",), ("KR-1", "KR-3"))


def test_each_who_is_named_gets_a_copy_of_what_it_says_of_them_with_it(closed: Database) -> None:
    escalating.escalate(closed, TEAM, now=UP)
    copies = {row.to: EscalationCopy.model_validate(row.data) for row in promised(closed, "checkin_escalation_copy")}
    assert len(copies) == 5
    assert copies[BO].told == ("Ana Ruiz",)
    assert copies[BO].line == up(closed).missing[1]
    assert row_to(closed, "checkin_escalation_copy", BO).due_at == UP
    assert row_to(closed, "checkin_escalation", ANA).due_at == UP
    night = row_to(closed, "checkin_escalation_copy", ARI)
    assert night.due_at == datetime(2026, 11, 22, 18, tzinfo=UTC), "Friday evening in Auckland: Monday at seven"


def test_it_goes_up_once_however_often_it_is_looked_at(closed: Database) -> None:
    found = [escalating.escalate(closed, TEAM, now=UP + timedelta(seconds=n)) for n in range(3)]
    assert found == [1, 0, 0]
    assert len(promised(closed, "checkin_escalation")) == 1
    assert ask_of(closed, BO).escalated_at == UP


def test_who_answers_late_meanwhile_is_not_named(closed: Database) -> None:
    say(closed, BO, ANSWER, now=CLOSES + timedelta(hours=8))
    escalating.escalate(closed, TEAM, now=UP)
    assert "Bo Lind" not in [one.name for one in up(closed).missing]
    assert [row for row in promised(closed, "checkin_escalation_copy") if row.to == BO] == []


def test_what_was_sent_and_what_was_left_out_is_said_as_it_was(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db, now=MONDAY)
    nudged_before(sqlite_db, BO, 5, at=datetime(2026, 11, 17, 12, tzinfo=UTC))
    for hour in (6, 15):
        advancing.advance(sqlite_db, TEAM, now=datetime(2026, 11, 18, hour, tzinfo=UTC))
    close(sqlite_db)
    escalating.escalate(sqlite_db, TEAM, now=UP)
    found = {one.name: (one.reminded, one.not_reminded) for one in up(sqlite_db).missing}
    assert found["Bo Lind"] == (0, "limit")
    assert found["Lee Park"] == (2, "")


def test_with_nobody_above_it_says_so_and_goes_nowhere(sqlite_db: Database) -> None:
    set_up(sqlite_db, PORTFOLIO.replace("leads: [ana]", "leads: []", 1))
    _closed(sqlite_db)
    found = told(sqlite_db, BO)
    assert found is not None
    assert (found.told, found.told_at) == ((), None)
    assert escalating.escalate(sqlite_db, TEAM, now=UP) == 0
    assert ask_of(sqlite_db, BO).escalated_at == CLOSES


def test_who_has_updated_everything_by_command_is_not_taken_up(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db, now=MONDAY)
    for number, line in enumerate(("KR-1 30 days", "KR-3 10 tickets")):
        okrs.update_line(sqlite_db, TEAM, BO, line, now=ASKED, key=f"command:{number}")
    close(sqlite_db)
    escalating.escalate(sqlite_db, TEAM, now=UP)
    assert told(sqlite_db, BO) is None
    assert "Bo Lind" not in [one.name for one in up(sqlite_db).missing]


def test_who_was_away_without_anybody_in_their_place_is_not_taken_up(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db, now=MONDAY)
    change(sqlite_db, BO, away_from=date(2026, 11, 17), away_until=date(2026, 11, 27))
    close(sqlite_db)
    escalating.escalate(sqlite_db, TEAM, now=UP)
    assert told(sqlite_db, BO) is None
    assert "Bo Lind" not in [one.name for one in up(sqlite_db).missing]


def test_who_was_never_asked_is_not_taken_up(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db, now=datetime(2026, 11, 18, 17, 30, tzinfo=UTC))
    assert ask_of(sqlite_db, BO).state == "missed"
    close(sqlite_db)
    assert told(sqlite_db, BO) is None


def test_a_holiday_moves_it_to_the_next_working_day(sqlite_db: Database) -> None:
    set_up(sqlite_db, PORTFOLIO.replace("level: portfolio\n", "level: portfolio\n    holidays: {country: AT}\n", 1))
    _closed(sqlite_db)
    known = state(sqlite_db)
    [row] = rows(sqlite_db, CheckinRound)
    before_epiphany = datetime(2027, 1, 5, 17, tzinfo=UTC)
    assert missed.goes_up_at(known, row, known.people["ana"], before_epiphany) == datetime(2027, 1, 7, 8, tzinfo=UTC)


def test_it_counts_for_the_lead_above_too_and_is_dropped_over_their_limit(closed: Database) -> None:
    nudged_before(closed, ANA, 5, at=UP - timedelta(days=1))
    assert escalating.escalate(closed, TEAM, now=UP) == 1
    assert promised(closed, "checkin_escalation") == promised(closed, "checkin_escalation_copy") == []
    assert ledger(closed, f"up:1:{state(closed).people['ana'].id}") == ["limit"]
    assert escalating.escalate(closed, TEAM, now=UP + timedelta(days=2)) == 0


def test_who_stands_in_for_the_lead_above_gets_it_instead(closed: Database) -> None:
    kim = state(closed).people["kim"].id
    change(closed, ANA, away_from=date(2026, 11, 19), away_until=date(2026, 11, 30), delegate_id=kim)
    escalating.escalate(closed, TEAM, now=UP)
    assert [row.to for row in promised(closed, "checkin_escalation")] == [KIM]
    copy = EscalationCopy.model_validate(row_to(closed, "checkin_escalation_copy", BO).data)
    assert copy.told == ("Kim Oda",)


def test_two_who_lead_together_get_it_each_and_the_lead_one_copy_that_names_both(sqlite_db: Database) -> None:
    set_up(sqlite_db, PORTFOLIO.replace("leads: [ana]", "leads: [ana, pat]", 1))
    _closed(sqlite_db)
    found = told(sqlite_db, BO)
    assert found is not None
    assert found.told == ("Ana Ruiz", "Pat Hall")
    assert escalating.escalate(sqlite_db, TEAM, now=UP) == 2
    assert sorted(row.to for row in promised(sqlite_db, "checkin_escalation")) == [ANA, PAT]
    assert "Pat Hall" not in [one.name for one in up(sqlite_db).missing], "nobody is above who leads the suite"
    copy = EscalationCopy.model_validate(row_to(sqlite_db, "checkin_escalation_copy", BO).data)
    assert copy.told == ("Ana Ruiz", "Pat Hall")


def test_weeks_without_power_bring_nothing_up_late(closed: Database) -> None:
    assert escalating.escalate(closed, TEAM, now=UP + timedelta(days=10)) == 0


def test_it_goes_to_the_next_led_unit_above_and_never_to_the_person_themselves(sqlite_db: Database) -> None:
    company = "  - {key: company, name: Company, level: company, leads: [raj]}\n  - key: suite\n    parent: company"
    set_up(sqlite_db, PORTFOLIO.replace("  - key: suite", company, 1).replace("leads: [bo]}", "leads: [ana]}", 1))
    known = state(sqlite_db)
    within = frozenset(known.below("suite"))
    found = {key: [m.key for m in above(known, "suite", within, key)] for key in ("kim", "pat", "ana", "raj")}
    assert found == {"kim": ["ana"], "pat": ["ana"], "ana": ["raj"], "raj": ["ana"]}
