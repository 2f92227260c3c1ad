"""The rating opened and closed by hand: who may, for which cycle, until when; holidays of the unit; one reminder."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlmodel import select

from rituals.errors import Refusal
from rituals.notices import RatingAsk, RatingReminder, RatingResult
from rituals.ratings import by_hand, rules
from rituals.ratings.closing import close_due
from rituals.ratings.opening import open_due
from rituals.ratings.reminding import remind
from rituals.ratings.results import result
from rituals.ratings.voting import Given, vote
from storage.database import Database
from storage.tables import Nudge, Person, RatingInvite, RatingPoll, Unit, Workspace
from tests.rituals.rating_workspace import CLOSES, OPEN, OPENS, PORTFOLIO, TEAM, invited, polls, set_up
from tests.rituals.stored import promised

NOW = datetime(2026, 11, 19, 10, tzinfo=UTC)
"""Thu 19 Nov, 11:00 in Berlin."""
ANA, BO, MIA, ZOE = "U01ANA", "U02BO", "U03MIA", "U06ZOE"
HALF = datetime(2027, 1, 4, 8, tzinfo=UTC)
"""Half-way is in a weekend, so it is Mon 4 Jan, 09:00 in Berlin."""


@pytest.fixture
def suite(sqlite_db: Database) -> Database:
    """The suite in the middle of its cycle."""
    set_up(sqlite_db)
    return sqlite_db


def rows(db: Database) -> list[RatingPoll]:
    """The ledger."""
    return polls(db)


def nudges(db: Database) -> list[tuple[int, str, str]]:
    """The ledger of nudges as (person, kind, dropped)."""
    with db.transaction(readonly=True) as session:
        return [(n.person_id, n.kind, n.dropped) for n in session.exec(select(Nudge))]


def person(db: Database, key: str, **values: object) -> int:
    """A person's row id, after these values were set."""
    with db.transaction() as session:
        row = session.exec(select(Person).where(Person.key == key)).one()
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)
        return row.id or 0


def made_admin(db: Database, user: str) -> str:
    """Somebody, made an admin of the workspace; their Slack id."""
    with db.transaction() as session:
        row = session.exec(select(Person).where(Person.slack == user)).one()
        row.admin = True
        session.add(row)
    return user


def test_a_lead_of_the_portfolio_opens_it_for_three_working_days(suite: Database) -> None:
    opened = by_hand.start(suite, TEAM, ANA, "", now=NOW)
    assert (opened.unit, opened.cycle, opened.asked, opened.anonymous) == ("Product suite", "2026-Q4", 4, False)
    assert opened.closes_at == datetime(2026, 11, 24, 17, tzinfo=UTC)  # Tue 18:00 in Berlin
    assert invited(suite) == {"bo", "kim", "mia", "lee"}
    assert len(promised(suite, RatingAsk.KIND)) == 3
    assert rows(suite)[0].opened_by == ANA


def test_the_day_until_which_it_is_open_can_be_said(suite: Database) -> None:
    opened = by_hand.start(suite, TEAM, ANA, "product suite until 30 Nov", now=NOW)
    assert opened.closes_at == datetime(2026, 11, 30, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("until whenever", 'I read "whenever" as no day; write one like "until 12 Dec"'),
        ("until 18 Nov", "Wed 18 Nov 2026 is not in them"),
        ("until 2027-06-01", "in the next 60 days; Tue 1 Jun 2027 is not in them"),
        ("nowhere", 'no unit "nowhere"|No unit "nowhere"'),
        ("2027-Q1", "2027-Q1 begins on Fri 1 Jan 2027"),
    ],
)
def test_what_cannot_be_read_is_said_and_opens_nothing(suite: Database, typed: str, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        by_hand.start(suite, TEAM, ANA, typed, now=NOW)
    assert rows(suite) == []


@pytest.mark.parametrize("user", [BO, ZOE, "U99STRANGER"])
def test_who_leads_no_portfolio_is_told_whom_to_ask(suite: Database, user: str) -> None:
    with pytest.raises(Refusal, match=r"Product suite's: ask Ana Ruiz"):
        by_hand.start(suite, TEAM, user, "", now=NOW)
    assert rows(suite) == []


def test_a_product_line_stands_for_its_portfolio(suite: Database) -> None:
    assert by_hand.start(suite, TEAM, ANA, "crm", now=NOW).unit == "Product suite"


def test_a_cycle_is_rated_once_by_hand_or_by_itself(suite: Database) -> None:
    by_hand.start(suite, TEAM, ANA, "", now=NOW)
    with pytest.raises(Refusal, match=r"is open until Tue 24 Nov 2026, 18:00\. "):
        by_hand.start(suite, TEAM, ANA, "", now=NOW)
    close_due(suite, TEAM, now=NOW + timedelta(days=10))
    with pytest.raises(Refusal, match="has closed, and a cycle is rated once"):
        by_hand.start(suite, TEAM, ANA, "2026-Q4", now=NOW + timedelta(days=11))
    assert open_due(suite, TEAM, now=OPENS) == 0
    assert len(rows(suite)) == 1


def test_a_cycle_that_is_long_over_is_not_rated_any_more(suite: Database) -> None:
    last = datetime(2027, 1, 31, 12, tzinfo=UTC)
    with pytest.raises(Refusal, match=r"2026-Q4 ended on Thu 31 Dec 2026; it could be rated until Sun 31 Jan 2027\."):
        by_hand.start(suite, TEAM, ANA, "2026-Q4", now=last + timedelta(days=1))
    assert by_hand.start(suite, TEAM, ANA, "2026-Q4", now=last).cycle == "2026-Q4"


def test_a_portfolio_that_was_closed_is_no_choice(suite: Database) -> None:
    with suite.transaction() as session:
        session.add(Unit(team_id=TEAM, key="old", name="Old suite", level="portfolio", closed_on=NOW.date()))
    admin = made_admin(suite, ZOE)
    assert by_hand.start(suite, TEAM, admin, "", now=NOW).unit == "Product suite"


def test_without_a_channel_no_result_is_said_to_be_posted(sqlite_db: Database) -> None:
    set_up(sqlite_db, PORTFOLIO.replace(", channel: C01ALL", ""))
    poll = by_hand.start(sqlite_db, TEAM, ANA, "", now=NOW)
    assert not poll.posted
    assert not by_hand.close_now(sqlite_db, TEAM, ANA, poll.poll, now=NOW).posted
    assert promised(sqlite_db, RatingResult.KIND) == []


def test_one_that_was_slept_through_can_be_opened_after_all(suite: Database) -> None:
    assert open_due(suite, TEAM, now=CLOSES + timedelta(hours=1)) == 0
    assert rows(suite)[0].state == "skipped"
    opened = by_hand.start(suite, TEAM, ANA, "", now=CLOSES + timedelta(hours=2))
    assert (opened.cycle, opened.asked, rows(suite)[0].state) == ("2026-Q4", 4, "open")


def test_closing_early_is_asked_about_first_and_then_posts_the_result(suite: Database) -> None:
    poll = by_hand.start(suite, TEAM, ANA, "", now=NOW).poll
    vote(suite, TEAM, BO, poll, Given(4), now=NOW)
    asked = by_hand.asking_to_close(suite, TEAM, ANA, "", now=NOW)
    assert (asked.poll, asked.voted, asked.asked) == (poll, 1, 4)
    assert promised(suite, RatingResult.KIND) == []
    assert by_hand.close_now(suite, TEAM, ANA, poll, now=NOW).voted == 1
    assert len(promised(suite, RatingResult.KIND)) == 1
    with pytest.raises(Refusal, match=r"has closed\. Your 4 stays as it is"):
        vote(suite, TEAM, BO, poll, Given(5), now=NOW)
    with pytest.raises(Refusal, match="has closed"):
        by_hand.close_now(suite, TEAM, ANA, poll, now=NOW)
    assert len(promised(suite, RatingResult.KIND)) == 1


def test_only_who_answers_for_the_portfolio_closes_it(suite: Database) -> None:
    with pytest.raises(Refusal, match="No rating of yours is open"):
        by_hand.asking_to_close(suite, TEAM, ANA, "", now=NOW)
    poll = by_hand.start(suite, TEAM, ANA, "", now=NOW).poll
    with pytest.raises(Refusal, match=r"Product suite's: ask Ana Ruiz"):
        by_hand.asking_to_close(suite, TEAM, BO, "", now=NOW)
    with pytest.raises(Refusal, match=r"Product suite's: ask Ana Ruiz"):
        by_hand.close_now(suite, TEAM, BO, poll, now=NOW)
    assert rows(suite)[0].state == "open"


def test_the_result_of_one_cycle_can_be_asked_for_by_its_name(suite: Database) -> None:
    with pytest.raises(Refusal, match=r"no rating of 2027-Q1 yet. The next one opens on Mon 29 Mar"):
        result(suite, TEAM, ANA, "2027-Q1", now=NOW)
    by_hand.start(suite, TEAM, ANA, "", now=NOW)
    with pytest.raises(Refusal, match=r"for 2026-Q4 is open until"):
        result(suite, TEAM, ANA, "2026-q4", now=NOW)
    close_due(suite, TEAM, now=CLOSES)
    assert result(suite, TEAM, ANA, "2026 q4", now=CLOSES).cycle == "2026-Q4"
    with pytest.raises(Refusal, match="no rating of 2027-Q1 yet"):
        result(suite, TEAM, ANA, "2027-Q1", now=CLOSES)


def test_the_result_has_each_lines_mean_the_worst_first(suite: Database) -> None:
    poll = by_hand.start(suite, TEAM, ANA, "", now=NOW).poll
    for user, score in ((BO, 4), (MIA, 2), ("U04KIM", 5)):
        vote(suite, TEAM, user, poll, Given(score), now=NOW)
    by_hand.close_now(suite, TEAM, ANA, poll, now=NOW)
    lines = result(suite, TEAM, ANA, now=NOW).lines
    assert [(line.unit, line.mean, line.votes) for line in lines] == [("Payments", 3.0, 2), ("CRM", 4.5, 2)]


def test_a_line_keeps_the_votes_of_those_who_led_it_when_they_were_asked(suite: Database) -> None:
    poll = by_hand.start(suite, TEAM, ANA, "", now=NOW).poll
    vote(suite, TEAM, MIA, poll, Given(2), now=NOW)
    set_up(suite, PORTFOLIO.replace("leads: [mia, bo]", "leads: [zoe]"))
    by_hand.close_now(suite, TEAM, ANA, poll, now=NOW)
    assert [(line.unit, line.mean) for line in result(suite, TEAM, ANA, now=NOW).lines] == [("Payments", 2.0)]


def test_a_private_line_is_not_named_where_others_read(suite: Database) -> None:
    set_up(
        suite,
        PORTFOLIO.replace("name: Payments, level: product_line", "name: Payments, private: true, level: product_line"),
    )
    poll = by_hand.start(suite, TEAM, ANA, "", now=NOW).poll
    vote(suite, TEAM, MIA, poll, Given(2), now=NOW)
    by_hand.close_now(suite, TEAM, ANA, poll, now=NOW)
    assert "Payments" not in str(promised(suite, RatingResult.KIND)[0].data)
    assert [line.unit for line in result(suite, TEAM, MIA, now=NOW).lines] == ["Payments"]


def test_holidays_of_the_unit_move_opening_and_closing(sqlite_db: Database) -> None:
    """In Berlin 25 and 26 December and 1 January are holidays, so the third-last working day of 2026 stays Tuesday the
    29th; of a cycle that ends on the 28th it is Wednesday the 23rd and not Thursday the 24th, and the third after it
    the 31st."""
    text = PORTFOLIO.replace("ends: 2026-12-31", "ends: 2026-12-28").replace("starts: 2027-01-01", "starts: 2026-12-29")
    set_up(sqlite_db, text.replace("channel: C01ALL", "channel: C01ALL, holidays: {country: DE, region: BE}"))
    opens = datetime(2026, 12, 23, 8, tzinfo=UTC)
    assert open_due(sqlite_db, TEAM, now=opens - timedelta(minutes=1)) == 0
    assert open_due(sqlite_db, TEAM, now=opens) == 1
    assert rows(sqlite_db)[0].closes_at == datetime(2026, 12, 31, 17, tzinfo=UTC)


def test_while_nothing_is_due_nobody_takes_the_writers_lock(suite: Database) -> None:
    with suite.transaction():
        assert open_due(suite, TEAM, now=NOW) == close_due(suite, TEAM, now=NOW) == remind(suite, TEAM, now=NOW) == 0


def reminders(db: Database) -> list[str]:
    """Who is reminded."""
    return [row.to for row in promised(db, RatingReminder.KIND)]


def test_half_way_those_who_have_not_voted_are_reminded_once(suite: Database) -> None:
    open_due(suite, TEAM, now=OPENS)
    poll = rows(suite)[0].id or 0
    vote(suite, TEAM, BO, poll, Given(4), now=OPEN)
    assert remind(suite, TEAM, now=HALF - timedelta(seconds=1)) == 0
    assert remind(suite, TEAM, now=HALF) == 3
    assert reminders(suite) == [MIA, "U04KIM"]
    assert promised(suite, RatingReminder.KIND)[0].thread_of == promised(suite, RatingAsk.KIND)[1].key
    assert remind(suite, TEAM, now=HALF + timedelta(hours=3)) == 0
    assert sorted(dropped for _, kind, dropped in nudges(suite) if kind == "rating") == ["", "", "unknown"]


def test_of_an_anonymous_rating_too_only_those_missing_are_reminded(suite: Database) -> None:
    with suite.transaction() as session:
        workspace = session.get(Workspace, TEAM)
        assert workspace is not None
        workspace.anonymous_ratings = True
    open_due(suite, TEAM, now=OPENS)
    vote(suite, TEAM, MIA, rows(suite)[0].id or 0, Given(4), now=OPEN)
    remind(suite, TEAM, now=HALF)
    assert reminders(suite) == [BO, "U04KIM"]


def test_a_reminder_waits_for_the_end_of_quiet_hours_that_changed_meanwhile(suite: Database) -> None:
    open_due(suite, TEAM, now=OPENS)
    mia = person(suite, "mia", quiet={"from": "20:00", "to": "10:00", "weekends": True})
    remind(suite, TEAM, now=HALF)
    assert MIA not in reminders(suite)
    with suite.transaction(readonly=True) as session:
        [invite] = [i for i in session.exec(select(RatingInvite)) if i.person_id == mia]
        assert invite.remind_at == datetime(2027, 1, 4, 9, tzinfo=UTC)
    remind(suite, TEAM, now=datetime(2027, 1, 4, 9, tzinfo=UTC))
    assert MIA in reminders(suite)


def test_who_is_away_or_has_had_enough_nudges_this_week_is_not_reminded(suite: Database) -> None:
    open_due(suite, TEAM, now=OPENS)
    day = datetime(2027, 1, 4).date()
    person(suite, "mia", away_from=day, away_until=day)
    bo = person(suite, "bo")
    with suite.transaction() as session:
        for n in range(5):
            at = HALF - timedelta(hours=n + 1)
            session.add(Nudge(team_id=TEAM, person_id=bo, kind="reminder", key=f"reminder:{n}", at=at))
    remind(suite, TEAM, now=HALF)
    assert reminders(suite) == ["U04KIM"]
    assert {(who, why) for who, kind, why in nudges(suite) if kind == "rating" and why} >= {(bo, "limit")}


def test_a_poll_of_one_day_reminds_nobody_two_hours_after_the_question() -> None:
    from zoneinfo import ZoneInfo

    from rituals.quiet import USUAL

    zone, asked = ZoneInfo("Europe/Berlin"), datetime(2026, 11, 19, 10, tzinfo=UTC)
    assert rules.remind_at(asked, asked + timedelta(hours=5), USUAL, zone) is None
    assert rules.remind_at(asked, asked + timedelta(days=2), USUAL, zone) == datetime(2026, 11, 20, 10, tzinfo=UTC)


def _both(work: Callable[[], object]) -> list[bool]:
    """Two people press at the same instant; whether each got through."""
    together = Barrier(2)

    def press(_: int) -> bool:
        together.wait()
        try:
            work()
        except Refusal:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(press, range(2)))


def test_two_who_open_and_two_who_close_at_the_same_instant_do_it_once(db: Database) -> None:
    set_up(db)
    assert _both(lambda: by_hand.start(db, TEAM, ANA, "", now=NOW)) == [False, True]
    assert len(promised(db, RatingAsk.KIND)) == 3
    poll = rows(db)[0].id or 0
    assert _both(lambda: by_hand.close_now(db, TEAM, ANA, poll, now=NOW)) == [False, True]
    assert len(promised(db, RatingResult.KIND)) == 1
