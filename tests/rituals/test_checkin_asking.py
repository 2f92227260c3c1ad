"""What a lead is asked in a round: the key results of the round's day and of the round's units."""

from datetime import UTC, date, datetime, timedelta

from rituals.alignment.rules import connection_rate
from rituals.checkins import advancing, form_opening, rules
from rituals.checkins.asking import asked_in
from rituals.digests.service import preview
from rituals.okrs.load import load_portfolio
from rituals.okrs.pages import list_page
from storage.database import Database
from storage.tables import CheckinRound
from tests.rituals.checkin_workspace import (
    ARI,
    BO,
    KIM,
    PORTFOLIO,
    TEAM,
    ZOE,
    ask_everybody,
    ask_of,
    board,
    receipt,
    say,
    set_up,
    state,
)
from tests.rituals.halden import TEAM as HALDEN
from tests.rituals.stored import promised, rows

NEW_YEAR = datetime(2027, 1, 1, 9, tzinfo=UTC)
LAST_ROUND = datetime(2026, 12, 30, 18, tzinfo=UTC)

NEXT_QUARTER = """
  - {key: O-8, unit: crm, cycle: 2027-Q1, title: Next, key_results: [
      {key: KR-80, title: Deals of the new year, start: 0, target: 10, owners: [crm]}]}
"""
OVER_THE_YEAR = (
    PORTFOLIO.replace("on: monday", "on: wednesday").replace("starts: 2026-10-05", "starts: 2026-10-07") + NEXT_QUARTER
).replace("objectives:", "  - {key: 2027-Q1, starts: 2027-01-01, ends: 2027-03-31}\nobjectives:", 1)

TWO_RHYTHMS = PORTFOLIO.replace(
    "{key: search, name: Search, level: product_line, parent: suite, leads: [zoe]}",
    "{key: search, name: Search, level: product_line, parent: suite, leads: [zoe],\n"
    '     cadence: {every: 1 week, on: tuesday, at: "09:00"}}',
)


def asked(db: Database, user: str, now: datetime) -> list[str]:
    """The keys asked in a person's newest ask."""
    known = state(db)
    with db.transaction(readonly=True) as session:
        return [a.kr.key for a in asked_in(session, known, ask_of(db, user), now)]


def _newest(db: Database) -> int:
    return rows(db, CheckinRound)[-1].id or 0


def test_a_round_that_outlives_its_cycle_asks_for_the_key_results_of_its_own_day(sqlite_db: Database) -> None:
    set_up(sqlite_db, OVER_THE_YEAR)
    ask_everybody(sqlite_db, now=LAST_ROUND)
    assert asked(sqlite_db, BO, LAST_ROUND) == asked(sqlite_db, BO, NEW_YEAR) == ["KR-1", "KR-3"]
    form = form_opening.open_form(sqlite_db, TEAM, BO, ask_id=None, now=NEW_YEAR)
    assert [field.key for field in form.fields] == ["KR-1", "KR-3"]
    assert board(sqlite_db, round_id=_newest(sqlite_db), now=NEW_YEAR).statuses == {"stale": 3}


def test_an_answer_after_the_cycle_still_moves_its_key_result_and_can_name_one_of_the_next(sqlite_db: Database) -> None:
    set_up(sqlite_db, OVER_THE_YEAR)
    ask_everybody(sqlite_db, now=LAST_ROUND)
    say(sqlite_db, BO, "1. KR-1 30 days, KR-80: 2\n2. none\n3. none", now=NEW_YEAR)
    found = receipt(sqlite_db, now=NEW_YEAR)
    assert [(line.key, line.after) for line in found.saved] == [("KR-1", "30 days"), ("KR-80", "2")]
    assert (found.problems, found.waiting) == ((), ("KR-3",))


def test_the_reminder_after_the_cycle_names_what_is_behind_of_the_round(sqlite_db: Database) -> None:
    set_up(sqlite_db, OVER_THE_YEAR)
    ask_everybody(sqlite_db, now=LAST_ROUND)
    advancing.advance(sqlite_db, TEAM, now=NEW_YEAR)
    reminders = {row.to: row.data or {} for row in promised(sqlite_db, "checkin_reminder")}
    assert set(reminders[BO]["behind"]) == {"KR-1", "KR-3"}


def test_a_lead_of_two_rhythms_is_asked_in_each_round_for_what_belongs_to_it(sqlite_db: Database) -> None:
    set_up(sqlite_db, TWO_RHYTHMS)
    monday = datetime(2026, 11, 16, 18, tzinfo=UTC)
    ask_everybody(sqlite_db, now=monday)
    assert asked(sqlite_db, ZOE, monday) == ["KR-2"]
    ask_everybody(sqlite_db, now=monday + timedelta(days=1))
    assert asked(sqlite_db, ZOE, monday + timedelta(days=1)) == ["KR-3"]


def test_the_first_round_of_a_cycle_opens_where_its_day_comes_first(sqlite_db: Database) -> None:
    fridays = OVER_THE_YEAR.replace("every: 2 weeks, on: wednesday", "every: 1 week, on: friday")
    set_up(sqlite_db, fridays)
    morning_in_auckland = datetime(2026, 12, 31, 20, tzinfo=UTC)
    ask_everybody(sqlite_db, now=morning_in_auckland)
    newest = rows(sqlite_db, CheckinRound)[-1]
    assert (newest.local_date, newest.slot, newest.number) == (date(2027, 1, 1), morning_in_auckland, 1)
    assert ask_of(sqlite_db, ARI).asked_at == morning_in_auckland


def test_a_round_missed_over_the_end_of_its_cycle_is_written_down_as_skipped(sqlite_db: Database) -> None:
    set_up(sqlite_db, OVER_THE_YEAR)
    ask_everybody(sqlite_db, now=datetime(2027, 1, 5, 9, tzinfo=UTC))
    [missed] = rows(sqlite_db, CheckinRound)
    assert (missed.local_date, missed.state) == (date(2026, 12, 30), "skipped")


def test_what_is_asked_stands_in_the_order_of_every_other_list_the_worst_first(sqlite_db: Database) -> None:
    silent = "{key: KR-5, title: Providers, start: 0, target: 10, owners: [payments]}"
    slow = silent[:-1] + ", updates: [{at: 2026-11-02, value: 3, by: kim}]}"
    set_up(sqlite_db, PORTFOLIO.replace(silent, f"{slow}\n      - {silent.replace('KR-5', 'KR-6')}"))
    now = datetime(2026, 11, 16, 18, tzinfo=UTC)
    ask_everybody(sqlite_db, now=now)
    listed = [line.key for line in list_page(sqlite_db, TEAM, KIM, "Payments", now=now).lines]
    assert asked(sqlite_db, KIM, now) == listed == ["KR-1", "KR-4", "KR-6", "KR-5"]


def test_the_board_counts_the_shared_key_results_of_its_own_round(sqlite_db: Database) -> None:
    labs = "\n".join(
        f"  - {{key: {key}, name: {key.title()}, level: {level}, parent: {above}, leads: [ana]}}"
        for key, level, above in (("labs", "portfolio", "company"), ("a", "team", "labs"), ("b", "team", "labs"))
    )
    theirs = """
  - {key: O-9, unit: labs, cycle: 2026-Q4, title: Elsewhere, key_results: [
      {key: KR-9, title: Experiments, start: 0, target: 10, owners: [a, b]}]}
"""
    company = f"  - {{key: company, name: Company, level: company}}\n{labs}\ncycles:"
    set_up(sqlite_db, PORTFOLIO.replace("cycles:", company, 1) + theirs)
    ask_everybody(sqlite_db)
    assert board(sqlite_db, round_id=_newest(sqlite_db)).statuses == {"on_track": 2, "off_track": 1}


def test_of_two_cycles_at_once_the_shorter_one_counts_the_rounds_and_dates_the_digest(sqlite_db: Database) -> None:
    half = PORTFOLIO.replace("cycles:", "cycles:\n  - {key: 2026-H2, starts: 2026-07-01, ends: 2026-12-31}", 1)
    objective = "  - {key: O-7, unit: crm, cycle: 2026-H2, title: Half a year}\n"
    set_up(sqlite_db, half.replace("starts: 2026-10-05", "starts: 2026-06-01") + objective)
    ask_everybody(sqlite_db)
    [newest] = [row for row in rows(sqlite_db, CheckinRound) if row.state == "open"]
    assert (newest.number, newest.of) == (4, 7)
    digest = preview(sqlite_db, TEAM, None, now=newest.slot, connection=connection_rate)
    assert digest.cycle == "2026-Q4"


def test_of_all_key_results_each_is_asked_for_those_that_have_a_role_for_them(halden: Database) -> None:
    with halden.transaction(readonly=True) as session:
        known = load_portfolio(session, HALDEN)
    now = datetime(2026, 11, 16, 18, tzinfo=UTC)
    found = {person: {a.kr.key for a in rules.asked_of(known, person, now)} for person in known.people}
    everything = known.key_results_on(known.today(now))
    assert found == {p: {kr.key for kr in everything if rules.role_for(known, kr, p)} for p in known.people}
    assert sum(map(len, found.values())) > len(everything)


def test_the_units_of_a_round_are_those_below_without_rounds_of_their_own(sqlite_db: Database) -> None:
    set_up(sqlite_db, TWO_RHYTHMS)
    known = state(sqlite_db)
    assert rules.units_of_round(known, "search") == {"search"}
    assert rules.units_of_round(known, "suite") == set(known.units) - {"search"}
    assert rules.units_of_round(known, "crm") == frozenset()
