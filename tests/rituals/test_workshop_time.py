"""What time does to a workshop: asking for drafts, posting the agenda, telling a turn's time; and planning it."""

from datetime import UTC, datetime, timedelta

import pytest

from rituals.alignment.covered import covered
from rituals.errors import FormRefusal, Refusal
from rituals.home import home
from rituals.next_event import next_event
from rituals.notices.workshops import WorkshopAsk
from rituals.okrs.live import refresh_drafts
from rituals.workshops import advancing, choosing, drafts, planning, service, shown
from rituals.workshops.planning import Plan
from storage import workshops as store
from storage.database import Database
from storage.people import by_slack, units
from storage.tables import Workspace
from tests.rituals.stored import promised
from tests.rituals.workshop_workspace import (
    ANA,
    ASKS,
    BO,
    KIM,
    MIA,
    NOW,
    PORTFOLIO,
    STARTS,
    TEAM,
    ZOE,
    begun,
    nudged,
    planned,
    portfolio,
    set_up,
    workshop,
)

MINUTE = timedelta(minutes=1)


@pytest.fixture
def ready(sqlite_db: Database) -> Database:
    set_up(sqlite_db)
    return sqlite_db


def advance(db: Database, at: datetime) -> int:
    return advancing.advance(db, TEAM, now=at)


def test_each_lines_leads_are_asked_once_some_days_before_and_it_is_counted_as_a_nudge(ready: Database) -> None:
    number = planned(ready)
    assert workshop(ready, number).ask_at == ASKS
    assert advance(ready, ASKS - MINUTE) == 0
    assert advance(ready, ASKS) == 1
    assert advance(ready, ASKS) == 0
    assert workshop(ready, number).state == "drafting"
    assert sorted(row.to for row in promised(ready, "workshop_ask")) == [BO, MIA, KIM]
    assert [(row.kind, row.dropped) for row in nudged(ready)] == [("workshop", "")] * 3


def test_who_has_had_all_nudges_of_the_week_is_left_out_with_the_reason(ready: Database) -> None:
    with ready.transaction() as session:
        workspace = session.get(Workspace, TEAM)
        assert workspace is not None
        workspace.nudges_a_week = 0
        session.add(workspace)
    planned(ready)
    advance(ready, ASKS)
    assert promised(ready, "workshop_ask") == []
    assert [row.dropped for row in nudged(ready)] == ["limit"] * 3


def test_a_lead_far_west_is_asked_when_their_night_is_over(ready: Database) -> None:
    with ready.transaction() as session:
        bo = by_slack(session, TEAM, BO)
        assert bo is not None
        bo.timezone = "America/Los_Angeles"
        session.add(bo)
    planned(ready)
    advance(ready, ASKS)
    [ask] = [row for row in promised(ready, "workshop_ask") if row.to == BO]
    assert ask.due_at == datetime(2026, 12, 29, 15, tzinfo=UTC)


def test_the_question_says_what_is_there_what_is_missing_and_what_is_advised(ready: Database) -> None:
    number = planned(ready)
    advance(ready, ASKS)
    with ready.transaction(readonly=True) as session:
        asked = [shown.ask_now(session, TEAM, row.data or {}, ASKS) for row in promised(ready, "workshop_ask")]
    crm, payments, search = (one for one in asked if isinstance(one, WorkshopAsk))
    assert ([one.key for one in crm.objectives], crm.missing) == (["O-3"], ())
    assert payments.missing == (
        "O-4 has no key result", "O-4 does not say which objective above it moves, and how",
    )  # fmt: skip
    assert search.missing == ("no objective for 2027-Q1 yet",)
    assert crm.meeting.workshop == number
    assert any("O-3" in line for line in drafts.advice(portfolio(ready), "crm", "2027-Q1"))


def test_the_agenda_is_posted_at_its_hour_once_and_begins_nothing_by_itself(ready: Database) -> None:
    number = planned(ready)
    advance(ready, ASKS)
    assert advance(ready, STARTS - MINUTE) == 0
    assert advance(ready, STARTS) == 1
    assert advance(ready, STARTS + MINUTE) == 0
    assert [row.to for row in promised(ready, "workshop_board")] == ["C01ALL"]
    assert workshop(ready, number).state == "drafting"


def test_after_days_down_the_past_is_not_announced(ready: Database) -> None:
    number = planned(ready)
    advance(ready, STARTS + timedelta(days=3))
    assert promised(ready, "workshop_ask") == []
    assert promised(ready, "workshop_board") == []
    assert workshop(ready, number).agenda_at is not None


def test_a_turns_clock_speaks_at_its_end_and_a_few_times_after_and_a_new_turn_has_its_own(ready: Database) -> None:
    number = begun(ready)
    done = [n for n in range(31) if advance(ready, STARTS + n * MINUTE)]
    assert done == [10, 12, 15, 20]
    assert [row.thread_of for row in promised(ready, "workshop_time")] == [f"workshop_turn:{number}:1:crm"]
    service.next_turn(ready, TEAM, ANA, number, now=STARTS + 31 * MINUTE, figures=covered, step=1)
    assert [n for n in range(31, 60) if advance(ready, STARTS + n * MINUTE)] == [41, 43, 46, 51]
    assert len(promised(ready, "workshop_time")) == 2


def test_a_line_that_got_more_time_after_its_end_has_the_floor_again(ready: Database) -> None:
    number, late = begun(ready), STARTS + 12 * MINUTE
    advance(ready, late)
    service.extend(ready, TEAM, ANA, number, now=late)
    [row] = promised(ready, "workshop_time")
    with ready.transaction(readonly=True) as session:
        told = [shown.time_now(session, TEAM, row.data or {}, late + n * MINUTE) for n in (0, 5)]
    assert [(one.running, one.extended, one.over) for one in told if one] == [
        (True, late + 5 * MINUTE, 0),
        (True, None, 0),
    ]


def test_the_next_event_knows_its_asking_its_hour_and_the_end_of_a_turn(ready: Database) -> None:
    planned(ready)

    def coming(after: datetime) -> str:
        with ready.transaction(readonly=True) as session:
            found = next_event(session, TEAM, now=after)
        return f"{found.at:%d %b %H:%M} {found.what}" if found else ""

    assert coming(ASKS - MINUTE).endswith("the lines of Product suite are asked for their drafts")
    advance(ready, ASKS)
    assert "04 Jan 09:00 the workshop of Product suite" in coming(STARTS - MINUTE)


def test_the_form_proposes_the_cycles_first_working_day_and_says_what_it_brings(ready: Database) -> None:
    form = choosing.open_form(ready, TEAM, ANA, now=NOW)
    assert dict(form.typed) == {
        "unit": "suite", "cycle": "2027-Q1", "channel": "C01ALL", "day": "2027-01-04", "hour": "10:00",
    }  # fmt: skip
    assert form.preview is not None
    assert form.preview.lines == ("CRM", "Payments", "Search")
    assert (form.preview.minutes, form.preview.asks_at, form.preview.day_off) == (45, ASKS, "")


def test_whoever_chooses_a_day_off_or_somebodys_night_is_told(ready: Database) -> None:
    typed = {"unit": "suite", "cycle": "2027-Q1", "channel": "C01ALL", "day": "2027-01-01", "hour": "21:00"}
    form = choosing.redrawn(ready, TEAM, ANA, typed, moving=False, now=NOW)
    assert form.preview is not None
    assert form.preview.day_off != ""
    assert [name for name, _ in form.preview.late] == ["Bo Lind", "Mia Kern", "Kim Oda"]


def test_only_who_leads_the_unit_plans_it_and_not_in_the_past(ready: Database) -> None:
    with pytest.raises(Refusal, match="ask Ana Ruiz"):
        planned(ready, user=BO)
    with pytest.raises(FormRefusal, match="is over"):
        planned(ready, starts_at=NOW - MINUTE)
    with pytest.raises(FormRefusal) as no:
        planning.plan(ready, TEAM, ZOE, Plan("other", "2027-Q1", "C01ALL", STARTS), now=NOW)
    assert no.value.errors == {"unit": "Other has no product lines below it that could present."}


def test_moving_it_asks_nobody_twice_and_shows_the_new_hour(ready: Database) -> None:
    number = planned(ready)
    advance(ready, ASKS)
    assert planned(ready, starts_at=STARTS + timedelta(hours=2)) == number
    advance(ready, ASKS + MINUTE)
    assert len(promised(ready, "workshop_ask")) == 3
    assert workshop(ready, number).starts_at == STARTS + timedelta(hours=2)


def test_moved_after_its_agenda_was_posted_it_gets_a_new_one_and_the_old_one_shows_the_new_hour(
    ready: Database,
) -> None:
    later = STARTS + timedelta(days=1)
    planned(ready)
    advance(ready, ASKS)
    advance(ready, STARTS)
    planning.plan(ready, TEAM, ANA, Plan("suite", "2027-Q1", "C01ALL", later), now=STARTS + MINUTE)
    assert {row.wanted for kind in ("workshop_ask", "workshop_board") for row in promised(ready, kind)} == {2}
    advance(ready, later)
    old, new = promised(ready, "workshop_board")
    assert (old.to, new.to) == ("C01ALL", "C01ALL")
    assert len(promised(ready, "workshop_ask")) == 3
    with ready.transaction() as session:
        refresh_drafts(session, TEAM, now=later)
    assert {row.wanted for row in promised(ready, "workshop_ask")} == {3}


def test_home_names_the_next_workshop_to_those_whose_unit_it_is_in(ready: Database) -> None:
    planned(ready)
    with ready.transaction(readonly=True) as session:
        shown_to = {user: dict(home(session, TEAM, {"user": user}, NOW).rhythm) for user in (ANA, BO, ZOE)}
    assert [shown_to[user].get("Next workshop") for user in (ANA, BO, ZOE)] == [STARTS, STARTS, None]


def test_what_shows_drafts_is_drawn_anew_when_somebody_writes_one(ready: Database) -> None:
    number = planned(ready)
    advance(ready, ASKS)
    before = {row.key: row.wanted for row in promised(ready, "workshop_ask")}
    with ready.transaction() as session:
        refresh_drafts(session, TEAM, now=ASKS)
    assert {row.key: row.wanted for row in promised(ready, "workshop_ask")} == {key: n + 1 for key, n in before.items()}
    service.cancel(ready, TEAM, ANA, number, now=ASKS)
    with ready.transaction(readonly=True) as session:
        assert store.drafts_shown(session, TEAM) == []


def test_a_private_line_is_neither_on_the_agenda_nor_asked_in_a_public_workshop(sqlite_db: Database) -> None:
    set_up(sqlite_db, PORTFOLIO.replace("parent: suite, leads: [kim]", "parent: suite, leads: [kim], private: true"))
    number = planned(sqlite_db)
    advance(sqlite_db, ASKS)
    assert workshop(sqlite_db, number).turns == ["crm", "payments"]
    assert KIM not in [row.to for row in promised(sqlite_db, "workshop_ask")]


def test_who_is_away_is_not_asked_and_their_delegate_is(ready: Database) -> None:
    with ready.transaction() as session:
        bo, mia = by_slack(session, TEAM, BO), by_slack(session, TEAM, MIA)
        assert bo is not None
        assert mia is not None
        for person, delegate in ((bo, mia.id), (mia, None)):
            person.away_from, person.away_until = ASKS.date(), ASKS.date()
            person.delegate_id = delegate
            session.add(person)
    planned(ready)
    advance(ready, ASKS)
    assert [row.to for row in promised(ready, "workshop_ask")] == [KIM]
    assert sorted(row.dropped for row in nudged(ready)) == ["", "away", "away"]


def test_a_line_that_was_closed_does_not_present(ready: Database) -> None:
    with ready.transaction() as session:
        unit = next(one for one in units(session, TEAM) if one.key == "search")
        unit.closed_on = NOW.date()
        session.add(unit)
    assert workshop(ready, planned(ready)).turns == ["crm", "payments"]


def test_it_begins_with_the_lines_that_there_are_then(ready: Database) -> None:
    number = planned(ready)
    advance(ready, ASKS)
    with ready.transaction() as session:
        unit = next(one for one in units(session, TEAM) if one.key == "crm")
        unit.closed_on = STARTS.date()
        session.add(unit)
    told = service.begin(ready, TEAM, ANA, number, now=STARTS, figures=covered)
    assert told == "Payments has the floor until 10:10 (Europe/Berlin); then Search."
    assert workshop(ready, number).turns == ["payments", "search"]


def test_a_workshop_is_moved_to_another_time_and_not_to_another_unit_or_cycle(ready: Database) -> None:
    typed = {"unit": "suite", "cycle": "2027-Q1", "channel": "C01ALL", "day": "2027-01-05", "hour": "10:00"}
    moving = choosing.redrawn(ready, TEAM, ANA, typed, moving=True, now=NOW)
    assert ([one.key for one in moving.units], [one.key for one in moving.cycles]) == (["suite"], ["2027-Q1"])
    anew = choosing.redrawn(ready, TEAM, ANA, typed, moving=False, now=NOW)
    assert [one.key for one in anew.cycles] == ["2026-Q4", "2027-Q1"]


def test_the_workshop_of_a_private_portfolio_is_held_in_its_own_channel_only(sqlite_db: Database) -> None:
    set_up(sqlite_db, PORTFOLIO.replace("leads: [ana], channel", "leads: [ana], private: true, channel"))
    with pytest.raises(FormRefusal) as no:
        planned(sqlite_db, channel="C02HALL")
    assert no.value.errors == {
        "channel": "Product suite is private, so its workshop is held in a channel of its own.",
    }
    assert workshop(sqlite_db, planned(sqlite_db)).channel == "C01ALL"
