"""`/okr nudge`: who may, whom, how often, and what is said instead. Ana leads the suite, Bo and Kim co-own KR-1."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, update

from rituals.checkins import advancing, nudges
from rituals.checkins.nudge_notices import checkin_nudge, kr_nudge
from rituals.checkins.nudge_page import NudgeDone
from rituals.errors import Refusal
from rituals.notices import CheckinNudge, KrNudge
from rituals.okrs import service as okrs
from storage.database import Database
from storage.tables import CheckinAsk, Nudge, Person
from tests.rituals.checkin_workspace import ASKED, BO, KIM, MONDAY, PAT, RAJ, TEAM, ZOE, ask_of, asked_on_monday, say
from tests.rituals.stored import promised, rows
from tests.rituals.test_checkin_reminding import nudged_before

ANA = "U01ANA"
NOON = datetime(2026, 11, 17, 11, tzinfo=UTC)
"""Tuesday noon in Berlin; in Los Angeles and Auckland it is night."""
CLOSED = datetime(2026, 11, 19, 9, tzinfo=UTC)


@pytest.fixture
def asked(sqlite_db: Database) -> Database:
    """Everybody was asked on Monday and nobody has answered."""
    return asked_on_monday(sqlite_db, MONDAY)


def nudge(db: Database, text: str, *, by: str = ANA, key: str = "K1", now: datetime = NOON, **more: Any) -> NudgeDone:
    return nudges.nudge(db, TEAM, by, text, key=key, now=now, **more)


def change(db: Database, user: str, **values: Any) -> None:
    with db.transaction() as session:
        session.execute(update(Person).where(col(Person.slack) == user).values(**values))


def shown(db: Database, user: str, *, now: datetime = NOON) -> CheckinNudge | None:
    """What the newest nudge to a person shows when it is sent."""
    row = [row for row in promised(db, "checkin_nudge") if row.to == user][-1]
    with db.transaction(readonly=True) as session:
        return checkin_nudge(session, TEAM, row.data or {}, now)


def shown_kr(db: Database, user: str, *, now: datetime = NOON) -> KrNudge | None:
    row = [row for row in promised(db, "kr_nudge") if row.to == user][-1]
    with db.transaction(readonly=True) as session:
        return kr_nudge(session, TEAM, row.data or {}, now)


def whys(done: NudgeDone) -> list[tuple[str, str]]:
    return [(one.name, one.why) for one in done.not_sent]


def test_without_more_it_shows_who_is_missing_in_the_round_one_answers_for(asked: Database) -> None:
    say(asked, BO, "1. KR-1 30 days, KR-3 10 tickets\n2. none\n3. none")
    [found] = nudges.page(asked, TEAM, ANA, now=NOON).rounds
    names = [one.name for one in found.missing]
    assert (found.number, found.unit, found.closed) == (4, "Product suite", False)
    assert names == ["Ari Moana", "Kim Oda", "Lee Park", "Pat Hall", "Raj Thapa", "Zoe Blum"]
    assert nudges.page(asked, TEAM, ANA, now=NOON).can_nudge == 6


def test_the_list_says_when_each_was_last_reminded(asked: Database) -> None:
    nudge(asked, f"<@{BO}>")
    [found] = nudges.page(asked, TEAM, ANA, now=NOON).rounds
    assert {one.name: one.nudged_at for one in found.missing}["Bo Lind"] == NOON
    assert {one.name: one.nudged_at for one in found.missing}["Kim Oda"] is None


def test_a_person_is_nudged_in_the_thread_of_their_prompt_and_sees_by_whom(asked: Database) -> None:
    assert nudge(asked, f"<@{BO}|bo>").sent == ("Bo Lind",)
    [row] = promised(asked, "checkin_nudge")
    assert (row.to, row.thread_of, row.due_at) == (BO, f"checkin:{ask_of(asked, BO).id}", NOON)
    found = shown(asked, BO)
    assert found is not None
    assert (found.by, found.user, found.open, found.closed) == ("Ana Ruiz", BO, 2, False)


def test_a_person_can_be_named_in_words(asked: Database) -> None:
    assert nudge(asked, "@bo").sent == ("Bo Lind",)
    assert nudge(asked, "@Kim Oda", key="K2").sent == ("Kim Oda",)


def test_what_is_offered_again_is_short_whatever_was_typed(asked: Database) -> None:
    assert nudge(asked, f"<@{ZOE}|{'z' * 3000}>").query == "@zoe"
    assert nudge(asked, "accounts on two products", by=RAJ).query == "KR-2"
    assert nudge(asked, "ALL", key="K2").query == "all"


def test_all_nudges_everybody_who_is_missing_and_is_not_in_their_night(asked: Database) -> None:
    done = nudge(asked, "all")
    assert done.sent == ("Bo Lind", "Kim Oda", "Lee Park", "Pat Hall", "Raj Thapa")
    assert [name for name, _ in done.quiet] == ["Ari Moana", "Zoe Blum"]
    assert dict(done.quiet)["Zoe Blum"] == datetime(2026, 11, 17, 15, tzinfo=UTC), "seven in Los Angeles"


def test_in_their_night_it_can_be_promised_for_the_morning_and_counts_from_then(asked: Database) -> None:
    at = datetime(2026, 11, 17, 15, tzinfo=UTC)
    assert nudge(asked, f"<@{ZOE}>").quiet == (("Zoe Blum", at),)
    assert promised(asked, "checkin_nudge") == []
    assert nudge(asked, f"<@{ZOE}>", key="K2", later=True).later == (("Zoe Blum", at),)
    [row] = promised(asked, "checkin_nudge")
    assert row.due_at == at
    assert [one.at for one in rows(asked, Nudge)] == [at]


def test_who_answers_before_the_morning_gets_nothing(asked: Database) -> None:
    nudge(asked, f"<@{ZOE}>", later=True)
    say(asked, ZOE, "1. KR-2 20 %, KR-3 10 tickets\n2. none\n3. none", now=NOON + timedelta(hours=1))
    assert shown(asked, ZOE) is None


def test_of_all_the_morning_is_for_those_who_sleep_and_nobody_is_told_of_twice(asked: Database) -> None:
    nudge(asked, "all")
    done = nudge(asked, "all", key="K2", later=True)
    assert ([name for name, _ in done.later], done.sent, done.not_sent) == (["Ari Moana", "Zoe Blum"], (), ())


def test_the_same_command_twice_nudges_once(asked: Database) -> None:
    assert nudge(asked, "all").sent == nudge(asked, "all").sent
    assert len(promised(asked, "checkin_nudge")) == 5
    assert len(rows(asked, Nudge)) == 5


def test_nobody_is_nudged_by_hand_twice_within_a_day_by_whomever(asked: Database) -> None:
    nudge(asked, f"<@{BO}>")
    done = nudge(asked, "KR-1", by=KIM, key="K2", now=NOON + timedelta(hours=3))
    [one] = done.not_sent
    assert (one.name, one.why, one.at) == ("Bo Lind", "by_hand", NOON)
    assert nudge(asked, f"<@{BO}>", key="K3", now=NOON + timedelta(hours=24)).sent == ("Bo Lind",)


def test_over_the_weeks_limit_it_says_when_the_next_can_go(asked: Database) -> None:
    first = NOON - timedelta(days=6)
    nudged_before(asked, BO, 5, at=first)
    [one] = nudge(asked, f"<@{BO}>").not_sent
    assert (one.why, one.at) == ("limit", first + timedelta(days=7))
    assert promised(asked, "checkin_nudge") == []


def test_a_nudge_by_hand_counts_against_the_limit_of_the_reminder(asked: Database) -> None:
    nudged_before(asked, BO, 4, at=NOON)
    assert nudge(asked, f"<@{BO}>").sent == ("Bo Lind",)
    advancing.advance(asked, TEAM, now=datetime(2026, 11, 18, 6, tzinfo=UTC))
    assert [row.dropped for row in rows(asked, Nudge) if row.kind == "reminder" and row.ask_id == 1] == ["limit"]


def test_who_has_answered_is_not_nudged(asked: Database) -> None:
    say(asked, BO, "1. KR-1 30 days, KR-3 10 tickets\n2. none\n3. none")
    [one] = nudge(asked, f"<@{BO}>").not_sent
    assert (one.why, one.at) == ("answered", ASKED)


def test_who_has_updated_everything_by_command_counts_as_answered(asked: Database) -> None:
    for number, line in enumerate(("KR-1 30 days", "KR-3 10 tickets")):
        okrs.update_line(asked, TEAM, BO, line, now=ASKED, key=f"command:{number}")
    assert whys(nudge(asked, f"<@{BO}>")) == [("Bo Lind", "answered")]


def test_who_is_away_is_not_nudged_but_who_stands_in_for_them_is(asked: Database) -> None:
    change(asked, BO, away_from=date(2026, 11, 16), away_until=date(2026, 11, 19))
    [one] = nudge(asked, f"<@{BO}>").not_sent
    assert (one.why, one.at) == ("away", datetime(2026, 11, 19, 23, tzinfo=UTC))
    kim = next(person.id for person in rows(asked, Person) if person.slack == KIM)
    change(asked, BO, delegate_id=kim)
    assert nudge(asked, f"<@{BO}>").sent == ("Kim Oda",)
    found = shown(asked, KIM)
    assert found is not None
    assert found.instead_of == "Bo Lind"


def test_who_put_it_off_is_left_alone_until_then(asked: Database) -> None:
    until = NOON + timedelta(hours=2)
    with asked.transaction() as session:
        session.execute(
            update(CheckinAsk).where(col(CheckinAsk.id) == ask_of(asked, BO).id).values(snoozed_until=until)
        )
    [one] = nudge(asked, f"<@{BO}>").not_sent
    assert (one.why, one.at) == ("snoozed", until)


def test_who_is_not_found_in_slack_cannot_be_reached(asked: Database) -> None:
    change(asked, BO, slack=None)
    assert ("Bo Lind", "unknown") in whys(nudge(asked, "all"))


def test_after_the_round_an_answer_can_still_be_asked_for(asked: Database) -> None:
    advancing.advance(asked, TEAM, now=CLOSED)
    assert nudge(asked, f"<@{BO}>", now=CLOSED).sent == ("Bo Lind",)
    found = shown(asked, BO, now=CLOSED)
    assert found is not None
    assert found.closed


def test_a_co_owner_asks_the_reporter_of_a_shared_key_result(asked: Database) -> None:
    assert nudge(asked, "KR-2", by=RAJ).sent == ("Pat Hall",)
    found = shown_kr(asked, PAT)
    assert found is not None
    assert (found.key, found.by, found.now, found.status) == ("KR-2", "Raj Thapa", "10 %", "off_track")


def test_a_value_that_came_since_the_round_opened_is_answer_enough(asked: Database) -> None:
    okrs.update_line(asked, TEAM, PAT, "KR-2 20 %", now=ASKED, key="command:1")
    [one] = nudge(asked, "KR-2", by=RAJ).not_sent
    assert (one.why, one.at) == ("answered", ASKED)


def test_a_value_that_comes_before_it_is_sent_lets_it_go(asked: Database) -> None:
    nudge(asked, "KR-2", by=RAJ)
    okrs.update_line(asked, TEAM, PAT, "KR-2 20 %", now=NOON + timedelta(minutes=1), key="command:1")
    assert shown_kr(asked, PAT, now=NOON + timedelta(minutes=2)) is None


def test_asking_oneself_is_said_to_be_so(asked: Database) -> None:
    assert whys(nudge(asked, "KR-1", by=BO)) == [("Bo Lind", "yourself")]


@pytest.mark.parametrize(("by", "text"), [(BO, "all"), (BO, f"<@{KIM}>"), (BO, "@kim"), ("U99NOBODY", "all")])
def test_who_answers_for_no_check_in_can_only_ask_for_key_results(asked: Database, by: str, text: str) -> None:
    with pytest.raises(Refusal, match="For a key result that you co-own: /okr nudge KR-12"):
        nudge(asked, text, by=by)
    with pytest.raises(Refusal):
        nudges.page(asked, TEAM, BO, now=NOON)


@pytest.mark.parametrize("by", [ZOE, "U99NOBODY"])
def test_who_does_not_own_a_key_result_is_told_whom_to_ask(asked: Database, by: str) -> None:
    with pytest.raises(Refusal, match=r"KR-4 is Payments': ask Kim Oda, Lee Park or Ana Ruiz"):
        nudge(asked, "KR-4", by=by)


def test_an_admin_may_nudge_everywhere(asked: Database) -> None:
    change(asked, PAT, admin=True)
    assert nudge(asked, f"<@{BO}>", by=PAT).sent == ("Bo Lind",)


def test_who_is_in_no_unit_or_was_not_asked_is_said_to_be_so(asked: Database) -> None:
    with pytest.raises(Refusal, match="They are in no unit here"):
        nudge(asked, "<@U99NOBODY>")
    with pytest.raises(Refusal, match="Ana Ruiz was not asked in a check-in that you answer for"):
        nudge(asked, f"<@{ANA}>")
    with pytest.raises(Refusal, match="No key result KR-99"):
        nudge(asked, "KR-99")
