"""When something happens next: the earliest due thing of every kind, and what it is called."""

from datetime import UTC, datetime

import pytest

from rituals.checkins import advancing
from rituals.checkins import service as checkins
from rituals.next_event import Event, next_event
from rituals.okrs.portfolio.service import import_portfolio
from rituals.ratings import opening as ratings
from storage.database import Database
from storage.outbox import Promise, promise

FILE = """\
schema: plumbline/1
timezone: UTC
people:
  - {key: ana, name: Ana Ruiz}
  - {key: bo, name: Bo Lindqvist, slack: U02BO}
  - {key: kim, name: Kim Ode, slack: U03KIM}
units:
  - key: suite
    name: Product suite
    level: portfolio
    leads: [ana]
    cadence: {every: 2 weeks, on: monday, at: "09:00", starts: 2027-01-04}
    digest: {every: 1 week, on: friday, at: "15:00"}
  - {key: crm, name: CRM, level: product_line, parent: suite, leads: [bo, kim]}
cycles:
  - {key: 2027-Q1, starts: 2027-01-01, ends: 2027-03-31}
  - {key: 2027-Q3, starts: 2027-07-01, ends: 2027-09-30}
objectives:
  - key: O-1
    unit: crm
    cycle: 2027-Q1
    title: One
    key_results: [{key: KR-1, title: Deals, start: 0, target: 10, owners: [crm]}]
"""


def at(iso: str) -> datetime:
    return datetime.fromisoformat(iso).replace(tzinfo=UTC)


@pytest.fixture
def filled(sqlite_db: Database, team: str) -> Database:
    """A database with a portfolio of two quarters, one of them far off."""
    import_portfolio(sqlite_db, team, FILE, now=at("2026-12-01"))
    return sqlite_db


def after(db: Database, team: str, iso: str) -> Event | None:
    with db.transaction(readonly=True) as session:
        return next_event(session, team, now=at(iso))


def test_before_a_cycle_its_first_digest_or_round_comes_next(filled: Database, team: str) -> None:
    assert after(filled, team, "2026-12-01") == Event(at("2027-01-01T15:00"), "the digest of Product suite")
    assert after(filled, team, "2027-01-02") == Event(at("2027-01-04T09:00"), "the check-in of Product suite opens")


def test_what_falls_due_at_one_instant_is_told_together(filled: Database, team: str) -> None:
    checkins.open_due(filled, team, now=at("2027-01-04T09:00"))
    advancing.advance(filled, team, now=at("2027-01-04T09:00"))
    reminded = Event(at("2027-01-06T07:00"), "Bo Lindqvist is reminded, Kim Ode is reminded")
    assert after(filled, team, "2027-01-04T10:00") == reminded
    called = Event(at("2027-01-06T16:00"), "the last call to Bo Lindqvist, the last call to Kim Ode")
    assert after(filled, team, "2027-01-06T10:00") == called
    assert after(filled, team, "2027-01-06T17:00") == Event(at("2027-01-06T18:00"), "check-in 1 closes")
    advancing.advance(filled, team, now=at("2027-01-06T18:00"))
    assert after(filled, team, "2027-01-06T19:00") == Event(
        at("2027-01-07T09:00"), "Ana Ruiz is told who missed check-in 1"
    )


def test_between_two_cycles_the_first_round_of_the_later_one_is_next(filled: Database, team: str) -> None:
    ratings.open_due(filled, team, now=at("2027-04-20"))
    assert after(filled, team, "2027-04-20") == Event(at("2027-07-02T15:00"), "the digest of Product suite")
    assert after(filled, team, "2027-07-03") == Event(at("2027-07-05T09:00"), "the check-in of Product suite opens")


def test_a_digest_follows_a_cycle_once_more(filled: Database, team: str) -> None:
    assert after(filled, team, "2027-10-01T10:00") == Event(at("2027-10-01T15:00"), "the digest of Product suite")


def test_the_rating_opens_and_closes(filled: Database, team: str) -> None:
    assert after(filled, team, "2027-03-29T08:00") == Event(
        at("2027-03-29T09:00"), "the check-in of Product suite opens, the rating of 2027-Q1 opens"
    )
    ratings.open_due(filled, team, now=at("2027-03-29T09:00"))
    assert after(filled, team, "2027-04-03") == Event(at("2027-04-05T18:00"), "the rating closes")


def test_a_message_that_waits_for_its_next_attempt_is_an_event(filled: Database, team: str) -> None:
    with filled.transaction() as session:
        what = Promise(key="x", kind="receipt", to="U02BO", data={}, due_at=at("2027-01-02T10:00"))
        promise(session, team, what, now=at("2027-01-02T09:00"))
    found = after(filled, team, "2027-01-02T09:00")
    assert found is not None
    assert found.what == "a message is due"
    assert found.at > at("2027-01-02T10:00"), "at the instant itself it is due already"


def test_after_the_last_cycle_nothing_is_next(filled: Database, team: str) -> None:
    assert after(filled, team, "2028-01-01") is None
