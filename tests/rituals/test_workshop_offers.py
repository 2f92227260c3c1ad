"""The bot proposes the workshop of a coming cycle by itself: when, to whom, once; and what is said to it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rituals.errors import Refusal
from rituals.holidays import Holidays
from rituals.home import home
from rituals.next_event import next_event
from rituals.notices.workshops import WorkshopOffered
from rituals.okrs.portfolio.service import import_portfolio
from rituals.workshops import choosing, looking, offered, offering, rules, service
from rituals.workshops.offered import Pressed
from storage import workshop_offers
from storage import workshops as store
from storage.database import Database
from storage.people import by_slack, units
from storage.tables import Nudge, Workshop, WorkshopOffer, Workspace
from tests.rituals.stored import promised
from tests.rituals.workshop_workspace import (
    ANA,
    ASKS,
    BO,
    NOW,
    PORTFOLIO,
    STARTS,
    TEAM,
    nudged,
    planned,
    portfolio,
    set_up,
    workshop,
)

BERLIN = ZoneInfo("Europe/Berlin")
DAY = datetime(2026, 12, 17, 8, tzinfo=UTC)
"""Thu 17 Dec, 09:00 in Berlin: the tenth working day before 1 January, Christmas Day being the one that is off."""
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ready(sqlite_db: Database) -> Database:
    set_up(sqlite_db)
    return sqlite_db


def propose(db: Database, at: datetime = DAY) -> int:
    return offering.propose_due(db, TEAM, now=at)


def letter(db: Database, at: datetime = DAY) -> WorkshopOffered:
    """The first proposal as it reads at an instant."""
    row = promised(db, "workshop_offer")[0]
    with db.transaction(readonly=True) as session:
        found = offered.offer_now(session, TEAM, row.data or {}, at)
    assert found is not None
    return found


def pressed(db: Database, user: str = ANA) -> Pressed:
    """What a press on the proposal as it stands says."""
    seen = letter(db)
    return Pressed(user, *seen.about, int(seen.starts_at.timestamp()))


def all_workshops(db: Database) -> list[Workshop]:
    with db.transaction(readonly=True) as session:
        return store.every(session, TEAM)


def offers(db: Database) -> list[WorkshopOffer]:
    with db.transaction(readonly=True) as session:
        found = store.newest(session, TEAM)
        assert found is not None
        taken = workshop_offers.taken(session, TEAM)
        rows = (workshop_offers.of_cycle(session, TEAM, unit, cycle) for unit, cycle in taken)
        return [row for row in rows if row is not None]


@pytest.mark.parametrize(
    ("starts", "off", "at"),
    [
        (date(2027, 1, 1), Holidays("DE"), DAY),
        (date(2027, 1, 1), frozenset[date](), datetime(2026, 12, 18, 8, tzinfo=UTC)),
        (date(2026, 4, 1), Holidays("DE"), datetime(2026, 3, 18, 8, tzinfo=UTC)),
        (date(2026, 3, 30), frozenset[date](), datetime(2026, 3, 16, 8, tzinfo=UTC)),
    ],
)
def test_a_workshop_is_proposed_ten_working_days_before_its_cycle(
    starts: date, off: Holidays | frozenset[date], at: datetime
) -> None:
    assert rules.offers_at(starts, BERLIN, off) == at


def test_it_is_proposed_no_more_ten_days_after_the_cycle_began() -> None:
    assert rules.offers_until(date(2027, 1, 1), BERLIN) == datetime(2027, 1, 10, 23, tzinfo=UTC)


def test_on_that_day_the_lead_is_told_when_and_where_it_could_be_and_not_before(ready: Database) -> None:
    assert propose(ready, DAY - MINUTE) == 0
    assert propose(ready) == 1
    [row] = promised(ready, "workshop_offer")
    assert (row.to, row.due_at, row.mode) == (ANA, DAY, "live")
    seen = letter(ready)
    assert (seen.state, seen.unit, seen.cycle, seen.channel) == ("open", "Product suite", "2027-Q1", "C01ALL")
    assert (seen.starts_at, seen.asks_at, seen.minutes) == (STARTS, ASKS, 45)
    assert seen.lines == ("CRM", "Payments", "Search")


def test_it_is_proposed_once_and_counted_as_a_nudge(db: Database) -> None:
    set_up(db)
    with ThreadPoolExecutor(2) as two:
        assert sorted(two.map(lambda at: propose(db, at), (DAY, DAY))) == [0, 1]
    assert propose(db, DAY + timedelta(days=1)) == 0
    assert [row.to for row in promised(db, "workshop_offer")] == [ANA]
    assert [(row.kind, row.dropped) for row in nudged(db)] == [("workshop", "")]


def test_a_cycle_that_began_less_than_ten_days_ago_is_in_time_and_one_that_runs_longer_is_not(ready: Database) -> None:
    assert propose(ready, datetime(2027, 1, 11, 9, tzinfo=UTC)) == 0
    late = datetime(2027, 1, 8, 9, tzinfo=UTC)
    assert propose(ready, late) == 1
    assert letter(ready, late).starts_at == datetime(2027, 1, 14, 9, tzinfo=UTC)


def test_what_is_planned_or_called_off_is_not_proposed(ready: Database) -> None:
    number = planned(ready)
    assert propose(ready) == 0
    service.cancel(ready, TEAM, ANA, number, now=NOW)
    assert propose(ready) == 0


@pytest.mark.parametrize(
    ("was", "without"),
    [(", channel: C01ALL", ""), ("name: Ana Ruiz, slack: U01ANA", "name: Ana Ruiz"), ("leads: [ana]", "leads: []")],
)
def test_without_a_channel_or_a_lead_in_slack_nothing_is_proposed_until_there_is(
    sqlite_db: Database, was: str, without: str
) -> None:
    set_up(sqlite_db, PORTFOLIO.replace(was, without))
    assert propose(sqlite_db) == 0
    assert promised(sqlite_db, "workshop_offer") == []
    import_portfolio(sqlite_db, TEAM, PORTFOLIO, now=DAY)
    assert propose(sqlite_db, DAY + MINUTE) == 1


def test_of_cycles_that_begin_together_the_shortest_has_the_workshop(sqlite_db: Database) -> None:
    half = "cycles:\n  - {key: 2027-H1, starts: 2027-01-01, ends: 2027-06-30}"
    set_up(sqlite_db, PORTFOLIO.replace("cycles:", half))
    assert propose(sqlite_db) == 1
    assert propose(sqlite_db, DAY + MINUTE) == 0
    assert letter(sqlite_db).cycle == "2027-Q1"
    assert choosing.open_form(sqlite_db, TEAM, ANA, now=NOW).typed["cycle"] == "2027-Q1"


def test_in_quiet_hours_it_waits_for_the_morning_and_beyond_the_weeks_budget_for_the_next_free_day(
    ready: Database,
) -> None:
    with ready.transaction() as session:
        ana = by_slack(session, TEAM, ANA)
        workspace = session.get(Workspace, TEAM)
        assert ana is not None
        assert ana.id is not None
        assert workspace is not None
        workspace.nudges_a_week = 1
        session.add(workspace)
        at = DAY - timedelta(days=2) + timedelta(hours=13)
        session.add(Nudge(team_id=TEAM, person_id=ana.id, kind="rating", key="k", at=at))
    propose(ready)
    [row] = promised(ready, "workshop_offer")
    assert row.due_at == datetime(2026, 12, 23, 6, tzinfo=UTC)  # free on Tue 22 at 22:00, and then it is night


def test_a_lead_who_is_away_is_told_by_their_delegate_or_when_they_are_back(ready: Database) -> None:
    with ready.transaction() as session:
        ana = by_slack(session, TEAM, ANA)
        assert ana is not None
        ana.away_from, ana.away_until = DAY.date(), date(2026, 12, 20)
        session.add(ana)
    propose(ready)
    [row] = promised(ready, "workshop_offer")
    assert (row.to, row.due_at) == (ANA, datetime(2026, 12, 21, 8, tzinfo=UTC))


def test_plan_it_plans_what_was_shown_at_once_and_says_who_did(ready: Database) -> None:
    propose(ready)
    assert offered.accept(ready, TEAM, pressed(ready), now=DAY)
    [row] = all_workshops(ready)
    assert (row.starts_at, row.channel, row.ask_at, row.facilitator) == (STARTS, "C01ALL", ASKS, ANA)
    seen = letter(ready)
    assert (seen.state, seen.by, seen.starts_at) == ("planned", "Ana Ruiz", STARTS)


def test_two_who_press_at_once_plan_one_workshop_and_the_second_is_told(db: Database) -> None:
    set_up(db, PORTFOLIO.replace("leads: [ana]", "leads: [ana, bo]"))
    propose(db)
    presses = [pressed(db, ANA), pressed(db, BO)]

    def press(one: Pressed) -> str:
        try:
            return str(offered.accept(db, TEAM, one, now=DAY))
        except Refusal as no:
            return no.text

    with ThreadPoolExecutor(2) as two:
        said = sorted(two.map(press, presses))
    assert len(all_workshops(db)) == 1
    assert "True" in said
    assert all(one == "True" or "planned it already. It begins Mon 4 Jan 10:00" in one for one in said)
    assert {row.to for row in promised(db, "workshop_offer")} == {ANA, BO}


def test_not_this_cycle_is_remembered_and_it_can_be_planned_after_all(ready: Database) -> None:
    propose(ready)
    offered.leave_out(ready, TEAM, pressed(ready), now=DAY)
    assert (letter(ready).state, letter(ready).by) == ("declined", "Ana Ruiz")
    assert propose(ready, DAY + timedelta(days=3)) == 0
    assert [row.declined_at for row in offers(ready)] == [DAY]
    assert offered.accept(ready, TEAM, pressed(ready), now=DAY + MINUTE)
    assert letter(ready).state == "planned"


def test_the_proposal_follows_a_plan_made_by_the_form_and_its_end(ready: Database) -> None:
    propose(ready)
    number = planned(ready)
    assert letter(ready).state == "planned"
    with pytest.raises(Refusal, match="Ana Ruiz planned it already"):
        offered.leave_out(ready, TEAM, pressed(ready), now=DAY)
    service.cancel(ready, TEAM, ANA, number, now=DAY)
    assert letter(ready).state == "cancelled"
    planned(ready, starts_at=STARTS + timedelta(days=1))
    assert (letter(ready).state, letter(ready).starts_at) == ("planned", STARTS + timedelta(days=1))
    assert letter(ready, STARTS).state == "planned"
    assert workshop(ready, number).run == 2


def test_one_that_was_not_sent_yet_is_not_sent_once_it_is_planned_and_counts_no_more(ready: Database) -> None:
    night = DAY + timedelta(hours=13)
    propose(ready, night)
    planned(ready)
    assert [row.state for row in promised(ready, "workshop_offer")] == ["dead"]
    assert [row.dropped for row in nudged(ready)] == ["overtaken"]


def test_a_time_that_is_over_is_not_planned_another_one_is_proposed(ready: Database) -> None:
    propose(ready)
    stale, later = pressed(ready), STARTS + timedelta(days=1)
    assert not offered.accept(ready, TEAM, stale, now=later)
    assert all_workshops(ready) == []
    assert letter(ready, later).starts_at == datetime(2027, 1, 11, 9, tzinfo=UTC)
    assert not offered.accept(ready, TEAM, stale, now=later)
    assert offered.accept(ready, TEAM, pressed(ready), now=later)


def test_who_does_not_lead_the_portfolio_says_nothing_to_it(ready: Database) -> None:
    propose(ready)
    for say in (offered.accept, offered.leave_out):
        with pytest.raises(Refusal, match="Ana Ruiz"):
            say(ready, TEAM, pressed(ready, BO), now=DAY)
    assert letter(ready).state == "open"


def test_a_portfolio_whose_lines_are_closed_is_not_asked(ready: Database) -> None:
    with ready.transaction() as session:
        for unit in units(session, TEAM):
            if unit.level == "product_line":
                unit.closed_on = NOW.date()
                session.add(unit)
    assert propose(ready) == 0


def test_another_time_opens_the_form_for_that_cycle_and_moves_what_is_planned(ready: Database) -> None:
    propose(ready)
    unit, cycle = letter(ready).about
    about = choosing.About(unit=unit, cycle=cycle)
    form = choosing.open_form(ready, TEAM, ANA, about=about, now=DAY)
    assert (form.moving, form.typed["day"], form.typed["cycle"]) == (False, "2027-01-04", "2027-Q1")
    planned(ready, starts_at=STARTS + timedelta(days=2))
    form = choosing.open_form(ready, TEAM, ANA, about=about, now=DAY)
    assert (form.moving, form.typed["day"]) == (True, "2027-01-06")


def test_time_brings_it_and_once_it_is_said_no_more(ready: Database) -> None:
    with ready.transaction(readonly=True) as session:
        event = next_event(session, TEAM, now=NOW)
    assert event is not None
    assert (event.at, event.what) == (DAY, "the workshop of Product suite is proposed")
    propose(ready)
    with ready.transaction(readonly=True) as session:
        assert list(offering.ahead(session, portfolio(ready), DAY - MINUTE)) == []


@pytest.mark.parametrize(
    ("was", "without", "what"),
    [
        (", channel: C01ALL", "", "no channel"),
        ("leads: [ana]", "leads: [nia]", "no lead in Slack"),
        ("leads: [ana], channel: C01ALL", "leads: [nia]", "no channel and no lead in Slack"),
    ],
)
def test_home_and_status_say_what_is_missing_where_none_can_be_proposed(
    sqlite_db: Database, was: str, without: str, what: str
) -> None:
    nia = "people:\n  - {key: nia, name: Nia}"
    top = "units:\n  - {key: co, name: Company, level: company, leads: [ana]}"
    text = PORTFOLIO.replace(was, without).replace("people:", nia).replace("units:", top)
    set_up(sqlite_db, text.replace("level: portfolio, leads", "level: portfolio, parent: co, leads"))
    line = f"Product suite has {what}, so its alignment workshop is not proposed."
    assert looking.missing(sqlite_db, TEAM, ANA, now=DAY) == (line,)
    assert looking.missing(sqlite_db, TEAM, BO, now=DAY) == ()
    assert looking.missing(sqlite_db, TEAM, ANA, now=DAY - timedelta(days=30)) == ()
    with sqlite_db.transaction(readonly=True) as session:
        assert home(session, TEAM, {"user": ANA}, DAY).missing == (line,)
