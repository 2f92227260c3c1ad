"""The calendar of the rituals: the instants at which things really happen, under ids that stay."""

from datetime import UTC, date, datetime, timedelta

import pytest

from rituals.checkins.service import due_occurrence
from rituals.errors import Refusal
from rituals.feed import feed
from rituals.okrs.load import load_portfolio
from rituals.okrs.portfolio.service import import_portfolio
from rituals.ratings import rules as ratings
from rituals.workshops import service
from storage.database import Database
from tests.rituals import workshop_workspace
from tests.rituals.halden import TEAM
from tests.rituals.ics_parser import Component, parse

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
FILE = """\
schema: plumbline/1
timezone: Europe/Berlin
people:
  - {key: ana, name: Ana}
  - {key: kei, name: Kei, timezone: Asia/Tokyo}
units:
  - {key: suite, name: "Suite; all, of it", level: portfolio, leads: [ana], channel: C01,
     cadence: {every: 2 weeks, on: monday, at: "09:00", starts: 2026-10-05},
     digest: {every: 1 week, on: friday, at: "15:00"}}
  - {key: crm, name: CRM, level: product_line, parent: suite, leads: [ana, kei]}
cycles:
  - {key: 2026-Q3, starts: 2026-07-01, ends: 2026-09-30}
  - {key: 2026-Q4, starts: 2026-10-01, ends: 2026-12-31}
  - {key: 2026-H2, starts: 2026-07-01, ends: 2026-12-31}
  - {key: 2027-Q1, starts: 2027-01-01, ends: 2027-03-31}
  - {key: 2027-Q2, starts: 2027-04-01, ends: 2027-06-30}
"""


def put(db: Database, team: str, text: str = FILE) -> None:
    import_portfolio(db, team, text, now=NOW)


def events(db: Database, team: str, *, now: datetime = NOW, cycle: str | None = None) -> dict[str, Component]:
    """The events by the part of their id before the @."""
    found = parse(feed(db, team, now=now, cycle=cycle)).inner
    assert all(event.text("UID").endswith(f"@{team}.plumbline") for event in found)
    return {event.text("UID").partition("@")[0]: event for event in found}


def test_the_samples_quarter_has_its_rounds_digests_and_rating(halden: Database) -> None:
    found = events(halden, TEAM)
    assert [uid for uid in found if uid.startswith("checkin")] == [
        f"checkin-suite-2026-{day}" for day in ("10-05", "10-19", "11-02", "11-16", "11-30", "12-14", "12-28")
    ]
    digests = [uid for uid in found if uid.startswith("digest")]
    assert (len(digests), digests[0], digests[-1]) == (14, "digest-suite-2026-10-02", "digest-suite-2027-01-04")
    assert [uid for uid in found if uid.startswith("rating")] == [
        "rating-opens-suite-2026-Q4",
        "rating-closes-suite-2026-Q4",
    ]


def test_a_round_is_shown_at_the_instant_at_which_it_opens(db: Database, team: str) -> None:
    put(db, team)
    with db.transaction(readonly=True) as session:
        state = load_portfolio(session, team)
    rounds = [event for uid, event in events(db, team).items() if uid.startswith("checkin-suite-2026")]
    assert len(rounds) == 7
    for event in rounds:
        at = event.instant("DTSTART")
        found = due_occurrence(state, "suite", at)
        assert found is not None
        assert found.slot == at
    first = events(db, team)["checkin-suite-2026-10-05"]
    assert first.instant("DTSTART") == datetime(2026, 10, 5, 0, tzinfo=UTC), "nine o'clock in Tokyo comes first"
    assert first.text("SUMMARY") == "Check-in 1 of 7: Suite; all, of it"
    assert "until Wednesday, 7 October, 18:00 (Europe/Berlin)" in first.text("DESCRIPTION")


def test_a_digest_keeps_its_hour_when_the_clocks_change(sqlite_db: Database, team: str) -> None:
    put(sqlite_db, team)
    found = events(sqlite_db, team)
    assert found["digest-suite-2026-10-23"].instant("DTSTART") == datetime(2026, 10, 23, 13, tzinfo=UTC)
    assert found["digest-suite-2026-10-30"].instant("DTSTART") == datetime(2026, 10, 30, 14, tzinfo=UTC)


def test_the_rating_opens_and_closes_as_its_rules_say(sqlite_db: Database, team: str) -> None:
    put(sqlite_db, team)
    found = events(sqlite_db, team)
    with sqlite_db.transaction(readonly=True) as session:
        zone = load_portfolio(session, team).zone
    ends = date(2026, 12, 31)
    assert found["rating-opens-suite-2026-Q4"].instant("DTSTART") == ratings.opens_at(ends, zone)
    assert found["rating-closes-suite-2026-Q4"].instant("DTEND") == ratings.closes_at(ends, zone)


def test_the_running_and_the_next_cycle_are_shown_and_no_other(sqlite_db: Database, team: str) -> None:
    put(sqlite_db, team)
    found = events(sqlite_db, team)
    assert {uid[-7:] for uid in found if uid.startswith("rating-opens")} == {"2026-Q4", "2026-H2", "2027-Q1"}
    days = [event.instant("DTSTART").date() for uid, event in found.items() if uid.startswith("checkin")]
    assert (min(days), max(days)) == (date(2026, 10, 5), date(2027, 3, 22))


def test_one_cycle_is_shown_alone(sqlite_db: Database, team: str) -> None:
    put(sqlite_db, team)
    found = events(sqlite_db, team, cycle="2027-Q2")
    assert all(event.instant("DTSTART") >= datetime(2027, 4, 1, tzinfo=UTC) for event in found.values())
    with pytest.raises(Refusal, match='there is no cycle "2027-q2", did you mean "2027-Q2"'):
        feed(sqlite_db, team, now=NOW, cycle="2027-q2")


def test_a_day_later_and_at_another_hour_the_ids_are_the_same(sqlite_db: Database, team: str) -> None:
    put(sqlite_db, team)
    before = events(sqlite_db, team)
    put(sqlite_db, team, FILE.replace('"09:00"', '"10:30"'))
    after = events(sqlite_db, team, now=datetime(2026, 11, 21, 9, tzinfo=UTC))
    assert list(before) == list(after)
    moved = [uid for uid in before if before[uid].values["DTSTART"] != after[uid].values["DTSTART"]]
    assert moved
    assert all(uid.startswith("checkin") for uid in moved)


def test_events_stand_in_their_order(sqlite_db: Database, team: str) -> None:
    put(sqlite_db, team)
    starts = [event.instant("DTSTART") for event in events(sqlite_db, team).values()]
    assert starts == sorted(starts)


def test_a_digest_that_goes_nowhere_is_not_shown(sqlite_db: Database, team: str) -> None:
    put(sqlite_db, team, FILE.replace(", channel: C01", ""))
    kinds = {uid.partition("-")[0] for uid in events(sqlite_db, team)}
    assert kinds == {"checkin", "rating"}


def test_without_any_rhythm_there_is_no_calendar(sqlite_db: Database, team: str) -> None:
    put(sqlite_db, team, "schema: plumbline/1\ncycles: [{key: C, starts: 2026-10-01, ends: 2026-12-31}]\n")
    with pytest.raises(Refusal, match="there is nothing for a calendar"):
        feed(sqlite_db, team, now=NOW)


def test_a_workshop_moves_with_its_plan_and_is_marked_when_it_is_called_off(sqlite_db: Database) -> None:
    workshop_workspace.set_up(sqlite_db)
    number = workshop_workspace.planned(sqlite_db)
    uid, at = "workshop-suite-2027-Q1", workshop_workspace.NOW
    first = events(sqlite_db, workshop_workspace.TEAM, now=at)[uid]
    assert (first.instant("DTSTART"), first.instant("DTEND")) == (
        workshop_workspace.STARTS,
        workshop_workspace.STARTS + timedelta(minutes=45),
    )
    assert first.text("SUMMARY") == "Alignment workshop: Product suite, 2027-Q1"

    later = workshop_workspace.STARTS + timedelta(days=1)
    workshop_workspace.planned(sqlite_db, starts_at=later)
    moved = events(sqlite_db, workshop_workspace.TEAM, now=at)[uid]
    assert (moved.instant("DTSTART"), moved.values["SEQUENCE"]) == (later, "1")
    assert "STATUS" not in moved.values

    service.cancel(sqlite_db, workshop_workspace.TEAM, workshop_workspace.ANA, number, now=at)
    off = events(sqlite_db, workshop_workspace.TEAM, now=at)[uid]
    assert (off.values["STATUS"], off.values["SEQUENCE"]) == ("CANCELLED", "2")
    assert uid not in events(sqlite_db, workshop_workspace.TEAM, now=at, cycle="2026-Q4")
