"""`plumbline status`: the JSON value on a real database, and its text for a terminal."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import select

from rituals.okrs.portfolio.service import import_portfolio
from rituals.ratings.closing import close_due
from rituals.ratings.opening import open_due
from rituals.ratings.voting import Given, vote
from rituals.status import status, status_text
from storage import ratings, tables
from storage.database import Database
from storage.people import everyone, units

TEAM = "T01TEST"
NOW = datetime(2026, 11, 15, 12, tzinfo=UTC)
"""15 November: 45 of the 91 days of the cycle."""
ASKED = datetime(2026, 11, 2, 8, tzinfo=UTC)

PORTFOLIO = """
schema: plumbline/1
timezone: Europe/Berlin
people:
  - {key: bo, name: Bo Lind, slack: U02BO}
  - {key: mia, name: Mia Kern, slack: U03MIA}
units:
  - {key: suite, name: Product suite, level: portfolio, channel: C01ALL,
     cadence: {every: 2 weeks, on: monday, at: "09:00", starts: 2026-10-05}}
  - {key: crm, name: CRM, level: product_line, parent: suite, leads: [bo]}
  - {key: analytics, name: Analytics, level: product_line, parent: suite, leads: [mia]}
cycles:
  - {key: 2026-Q3, starts: 2026-07-01, ends: 2026-09-30}
  - {key: 2026-Q4, starts: 2026-10-01, ends: 2026-12-31}
objectives:
  - key: O-1
    unit: suite
    cycle: 2026-Q4
    title: Reduce time-to-value
    key_results:
      - {key: KR-1, title: Average onboarding time, kind: decrease, start: 45, target: 20, measured_in: days,
         owners: [crm, analytics], reporter: bo, updates: [{at: 2026-11-09, value: 41, by: bo}]}
  - key: O-2
    unit: crm
    cycle: 2026-Q4
    title: Less typing
    contributes_to: [{objective: O-1, how: less typing is a faster start}]
    key_results:
      - {key: KR-2, title: Fields filled by hand, kind: decrease, start: 45, target: 20, owners: [crm],
         updates: [{at: 2026-11-09, value: 30, by: bo}]}
      - {key: KR-3, title: Nobody looked yet, start: 0, target: 10, owners: [crm]}
  - {key: O-3, unit: analytics, cycle: 2026-Q4, title: Alone}
  - key: O-0
    unit: crm
    cycle: 2026-Q3
    title: Last quarter's
    key_results:
      - {key: KR-0, title: Old, start: 0, target: 10, owners: [crm]}
"""


def add(db: Database, *rows: Any) -> list[int]:
    """Write rows; their ids."""
    with db.transaction() as session:
        session.add_all(rows)
        session.flush()
        return [row.id for row in rows]


def ids(db: Database) -> tuple[dict[str, int], dict[str, int]]:
    """Row ids of people and of units, by key."""
    with db.transaction(readonly=True) as session:
        people = {p.key: p.id or 0 for p in everyone(session, TEAM)}
        return people, {u.key: u.id or 0 for u in units(session, TEAM)}


@pytest.fixture
def suite(sqlite_db: Database) -> Database:
    """The portfolio alone."""
    return furnished(sqlite_db)


def furnished(db: Database) -> Database:
    """The database with the portfolio in it."""
    import_portfolio(db, TEAM, PORTFOLIO, now=datetime(2026, 10, 1, tzinfo=UTC))
    return db


def begun_round(db: Database, day: date, state: str = "closed", **more: Any) -> int:
    """A round of the suite in 2026-Q4."""
    with db.transaction(readonly=True) as session:
        cycle = session.exec(select(tables.Cycle.id).where(tables.Cycle.key == "2026-Q4")).one()
    slot = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
    unit = ids(db)[1]["suite"]
    row = tables.CheckinRound(
        team_id=TEAM,
        unit_id=unit,
        cycle_id=cycle,
        local_date=day,
        number=1,
        slot=slot,
        due_at=slot,
        state=state,
        **more,
    )
    return add(db, row)[0]


def ask(db: Database, round_id: int, person: str, state: str) -> int:
    """One lead of a round."""
    row = tables.CheckinAsk(
        team_id=TEAM,
        round_id=round_id,
        person_id=ids(db)[0][person],
        slot=ASKED,
        due_at=ASKED,
        remind_at=ASKED,
        state=state,
    )
    return add(db, row)[0]


def answer(db: Database, ask_id: int, key: str, **more: Any) -> None:
    """What a lead said."""
    add(
        db,
        tables.Answer(team_id=TEAM, ask_id=ask_id, slack_user="U02BO", source="dm", source_key=key, at=ASKED, **more),
    )


def test_methods_example_is_in_the_rows_off_track_at_41_days_and_on_track_at_30(suite: Database) -> None:
    rows = {row["key"]: row for row in status(suite, TEAM, now=NOW)["key_results"]}
    assert {k: v for k, v in rows["KR-1"].items() if k != "flags"} == {
        "key": "KR-1",
        "title": "Average onboarding time",
        "unit": "suite",
        "owners": ["crm", "analytics"],
        "shared": True,
        "value": 41,
        "progress": 0.16,
        "expected": 0.4945,
        "gap": 33.5,
        "status": "off_track",
        "forecast": None,
    }
    assert [flag["reason"] for flag in rows["KR-1"]["flags"]] == ["pace"]
    assert (rows["KR-2"]["progress"], rows["KR-2"]["gap"], rows["KR-2"]["status"]) == (0.6, -10.5, "on_track")
    assert (rows["KR-3"]["value"], rows["KR-3"]["gap"], rows["KR-3"]["status"]) == (None, None, "no_data")


def test_only_the_current_cycle_is_told_and_at_an_earlier_instant_what_was_known_then(suite: Database) -> None:
    assert [row["key"] for row in status(suite, TEAM, now=NOW)["key_results"]] == ["KR-1", "KR-2", "KR-3"]
    earlier = status(suite, TEAM, now=datetime(2026, 9, 1, tzinfo=UTC))["key_results"]
    assert [(row["key"], row["status"]) for row in earlier] == [("KR-0", "no_data")]
    before = status(suite, TEAM, now=datetime(2026, 11, 8, tzinfo=UTC))["key_results"]
    assert [row["value"] for row in before] == [None, None, None]


def test_alignment_has_every_figure_and_null_where_there_is_not_enough_data(suite: Database) -> None:
    found = status(suite, TEAM, now=NOW)["alignment"]
    assert (found["connection_rate"], found["net_confidence"]) == (0.5, 0.0)
    assert (found["shared_velocity"], found["unit_velocity"], found["shared_lag_index"]) == (None, None, None)
    assert found["coverage"]["cells"] == {"O-1": {"crm": "moving", "analytics": "moving"}}


def test_net_confidence_counts_the_statuses_of_the_rows_each_by_its_own_rhythm(sqlite_db: Database) -> None:
    monthly = PORTFOLIO.replace(
        "leads: [bo]}", 'leads: [bo], cadence: {every: 1 month, on: first monday, at: "09:00", starts: 2026-10-05}}'
    ).replace("{at: 2026-11-09, value: 30, by: bo}", "{at: 2026-10-20, value: 30, by: bo}")
    import_portfolio(sqlite_db, TEAM, monthly, now=datetime(2026, 10, 1, tzinfo=UTC))
    value = status(sqlite_db, TEAM, now=NOW)
    statuses = [row["status"] for row in value["key_results"]]
    assert statuses == ["off_track", "on_track", "no_data"]
    assert value["alignment"]["net_confidence"] == 0.0


def test_each_lead_of_each_round_is_a_row_with_what_they_said(suite: Database) -> None:
    round_id = begun_round(suite, date(2026, 11, 2))
    mine, other = ask(suite, round_id, "bo", "answered"), ask(suite, round_id, "mia", "missed")
    assert other
    reading = {"texts": [[1, "KR-1 41"], [2, "waiting for Payments"], [0, "see you"]]}
    answer(suite, mine, "m1", text="1. KR-1 41 2. waiting for Payments", reading=reading, permalink="https://a/p1")
    answer(suite, mine, "m2", text="and thanks", late=True)
    answer(suite, mine, "m3", text="gone", superseded=True)
    common = {"at": "2026-11-02T08:00:00+00:00", "late": False, "permalink": "https://a/p1"}
    assert status(suite, TEAM, now=NOW)["checkins"] == [
        {
            "slot": "2026-11-02T08:00:00+00:00",
            "lead": "bo",
            "state": "answered",
            "answers": [
                {"question": 1, "text": "KR-1 41", **common},
                {"question": 2, "text": "waiting for Payments", **common},
                {"question": None, "text": "see you", **common},
                {"question": None, "text": "and thanks", **common, "late": True, "permalink": None},
            ],
        },
        {"slot": "2026-11-02T08:00:00+00:00", "lead": "mia", "state": "missed", "answers": []},
    ]


def test_a_skipped_round_is_a_row_with_its_reason(suite: Database) -> None:
    begun_round(suite, date(2026, 10, 19), "skipped", reason="the bot was not running while it was open")
    assert status(suite, TEAM, now=NOW)["checkins"] == [
        {
            "slot": "2026-10-19T08:00:00+00:00",
            "lead": None,
            "state": "skipped",
            "answers": [],
            "reason": "the bot was not running while it was open",
        }
    ]


def test_the_blockers_are_those_open_at_the_instant_asked_for(suite: Database) -> None:
    people, unit_ids = ids(suite)
    opened = NOW - timedelta(days=5, hours=3)
    common: dict[str, Any] = {"team_id": TEAM, "unit_id": unit_ids["crm"], "opened_at": opened}
    row = tables.Blocker(
        number=1,
        text="Waits for the API",
        waits_for_unit_id=unit_ids["analytics"],
        person_id=people["bo"],
        until=date(2026, 12, 12),
        **common,
    )
    resolved = tables.Blocker(number=2, text="Was", state="resolved", resolved_at=NOW - timedelta(days=1), **common)
    add(suite, row, resolved, tables.Blocker(number=3, text="Never", state="withdrawn", **common))
    assert status(suite, TEAM, now=NOW)["blockers"] == [
        {
            "number": 1,
            "text": "Waits for the API",
            "unit": "crm",
            "waits_for": "analytics",
            "person": "bo",
            "key_result": None,
            "opened_at": "2026-11-10T09:00:00+00:00",
            "until": "2026-12-12",
            "days": 5,
        }
    ]
    two_days_ago = status(suite, TEAM, now=NOW - timedelta(days=2))["blockers"]
    assert [b["number"] for b in two_days_ago] == [1, 2]
    assert status(suite, TEAM, now=opened - timedelta(seconds=1))["blockers"] == []


def test_ratings_show_figures_when_they_are_closed_and_how_many_voted_before(suite: Database) -> None:
    opens, closes = datetime(2026, 12, 29, 8, tzinfo=UTC), datetime(2027, 1, 5, 17, tzinfo=UTC)
    open_due(suite, TEAM, now=opens)
    with suite.transaction(readonly=True) as session:
        running = next(p.id for p in ratings.polls(session, TEAM) if p.row.state == "open")
    vote(suite, TEAM, "U02BO", running, Given(4), now=opens)
    skipped = {
        "cycle": "2026-Q3",
        "unit": "suite",
        "state": "skipped",
        "anonymous": False,
        "mean": None,
        "spread": None,
        "n": 0,
    }
    known = {"cycle": "2026-Q4", "unit": "suite", "anonymous": False, "n": 1, "response_rate": 0.5}
    before = {**known, "state": "open", "mean": None, "spread": None}
    assert status(suite, TEAM, now=opens)["ratings"] == [before, {**skipped, "response_rate": None}]
    close_due(suite, TEAM, now=closes)
    after = {**known, "state": "closed", "mean": 4.0, "spread": 0.0}
    assert status(suite, TEAM, now=closes)["ratings"][0] == after


def statements(db: Database) -> int:
    """How many SQL statements one status takes, of a portfolio that nobody has read yet."""
    db.kept.clear()
    seen: list[str] = []

    def count(*args: Any) -> None:
        seen.append(args[2])

    event.listen(db.engine, "before_cursor_execute", count)
    status(db, TEAM, now=NOW)
    event.remove(db.engine, "before_cursor_execute", count)
    return len([s for s in seen if s.lstrip().upper().startswith("SELECT")])


def test_ten_times_the_rows_take_no_more_statements(db: Database) -> None:
    suite = furnished(db)
    few = statements(suite)
    more = "".join(
        f"\n      - {{key: KR-{n}, title: More {n}, start: 0, target: 10, owners: [crm], "
        f"updates: [{{at: 2026-11-09, value: {n % 7}, by: bo}}]}}"
        for n in range(10, 40)
    )
    anchor = "owners: [crm]}\n  - {key: O-3"
    import_portfolio(suite, TEAM, PORTFOLIO.replace(anchor, anchor.replace("\n", more + "\n", 1)), now=NOW)
    for day in range(2, 12):
        round_id = begun_round(suite, date(2026, 11, day))
        answer(suite, ask(suite, round_id, "bo", "answered"), f"m{day}", text="fine")
    assert len(status(suite, TEAM, now=NOW)["key_results"]) == 33
    assert statements(suite) == few <= 21


def test_the_value_is_plain_json(suite: Database) -> None:
    value = status(suite, TEAM, now=NOW)
    assert json.loads(json.dumps(value)) == value
    assert list(value) == ["now", "key_results", "alignment", "checkins", "blockers", "ratings"]


def test_an_empty_workspace_has_a_status_too(db: Database) -> None:
    value = status(db, TEAM, now=NOW)
    assert (value["key_results"], value["checkins"], value["blockers"], value["ratings"]) == ([], [], [], [])
    assert "Key results: none in the current cycle" in status_text(value)


def test_the_real_portfolio_has_the_files_figures(sqlite_db: Database, shared_file: Path) -> None:
    text = (shared_file / "data" / "ipfs-2019-q3.yaml").read_text()
    import_portfolio(sqlite_db, TEAM, text, now=datetime(2019, 7, 1, tzinfo=UTC))
    value = status(sqlite_db, TEAM, now=datetime(2019, 8, 15, 12, tzinfo=UTC))
    rows = {row["key"]: row for row in value["key_results"]}
    assert len(rows) == 23
    assert sum(row["shared"] for row in rows.values()) == 8
    # 45 of the 91 days of the quarter; its lead reports 0.7
    assert (rows["KR-9"]["progress"], rows["KR-9"]["expected"], rows["KR-9"]["gap"]) == (0.7, 0.4945, -20.5)
    assert (rows["KR-9"]["status"], rows["KR-10"]["status"]) == ("on_track", "off_track")
    assert "off track    KR-10  Blog content plan" in status_text(value)
