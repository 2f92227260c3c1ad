"""A portfolio goes into the database and comes out the same: all or nothing, again and again."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from rituals.errors import Refusal
from rituals.okrs.load import load_portfolio
from rituals.okrs.portfolio.diff import Diff
from rituals.okrs.portfolio.file import PortfolioErrors, read_portfolio
from rituals.okrs.portfolio.service import export_portfolio, import_portfolio
from rituals.okrs.portfolio.write import write_json, write_yaml
from storage.database import Database
from storage.okrs import add_update, portfolio_rows, retract

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
SAMPLE = Path(__file__).resolve().parents[2] / "sandbox" / "portfolio.yaml"

SMALL = """
schema: plumbline/1
timezone: Europe/Berlin
people:
  - {key: ana, name: Ana Ruiz, email: ana@example.com, slack: U01ANA}
  - {key: bo, name: Bo, slack: U02BO}
units:
  - {key: crm, name: CRM, level: product_line, parent: suite, leads: [bo], stage: mature, channel: C01CRM}
  - {key: suite, name: Product suite, level: portfolio, leads: [ana, bo], channel: C01PORTFOLIO,
     cadence: {every: 2 weeks, on: monday, at: "09:00", starts: 2026-10-05},
     digest: {every: 1 week, on: friday, at: "15:00"}}
cycles:
  - {key: 2026-Q4, starts: 2026-10-01, ends: 2026-12-31}
  - {key: 2026-H2, starts: 2026-07-01, ends: 2026-12-31}
objectives:
  - key: O-2
    unit: crm
    cycle: 2026-Q4
    title: Ship less, land more
    contributes_to: [{objective: O-1, how: "Fewer steps, faster value"}]
    key_results:
      - {key: KR-3, title: Contract renewals, kind: milestone, owners: [crm],
         milestones: [{title: Scope, weight: 2, due: 2026-10-20, done: 2026-10-19},
                      {title: Talks, weight: 1, due: 2026-12-01}]}
  - key: O-1
    unit: suite
    cycle: 2026-H2
    title: Reduce time-to-value
    key_results:
      - {key: KR-1, title: Onboarding time, kind: decrease, start: 45, target: 20.50, measured_in: days,
         owners: [suite, crm], reporter: bo, weight: 2,
         plan: [{day: 2026-10-01, share: 0.25}, {day: 2026-12-31, share: 1}],
         updates: [{at: 2026-10-19, value: 41, confidence: 6, by: bo, note: Pilot started},
                   {at: 2026-11-02T09:30:00+01:00, value: 39.5, by: bo, unit: crm, role: view, blocked: true}]}
"""


def put(db: Database, team: str, text: str, *, dry_run: bool = False) -> Diff:
    return import_portfolio(db, team, text, now=NOW, dry_run=dry_run)


def exported(db: Database, team: str, cycle: str | None = None) -> str:
    return write_yaml(export_portfolio(db, team, cycle=cycle))


def counted(db: Database) -> list[str]:
    """The statements that this database runs from now on, as they come."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    return statements


def test_what_was_imported_is_exported(db: Database, team: str) -> None:
    put(db, team, SMALL)
    assert export_portfolio(db, team) == read_portfolio(SMALL)


def test_export_import_export_is_identical_in_the_same_and_in_a_fresh_workspace(db: Database, team: str) -> None:
    put(db, team, SMALL)
    first = exported(db, team)
    assert put(db, team, first).empty
    assert exported(db, team) == first
    put(db, "T02OTHER", first)
    assert exported(db, "T02OTHER") == first


def test_json_is_imported_too(sqlite_db: Database, team: str) -> None:
    put(sqlite_db, team, write_json(read_portfolio(SMALL)))
    assert exported(sqlite_db, team) == write_yaml(read_portfolio(SMALL))


@pytest.mark.parametrize("source", ["sample", "ipfs"])
def test_a_real_portfolio_survives_the_round_trip(
    sqlite_db: Database, team: str, source: str, request: pytest.FixtureRequest
) -> None:
    path = SAMPLE
    if source == "ipfs":
        path = request.getfixturevalue("shared_file") / "data" / "ipfs-2019-q3.yaml"
    text = path.read_text(encoding="utf-8")
    put(sqlite_db, team, text)
    first = exported(sqlite_db, team)
    assert read_portfolio(first) == read_portfolio(text)
    assert put(sqlite_db, team, text).lines[0] == "nothing changes"
    put(sqlite_db, "T02OTHER", first)
    assert exported(sqlite_db, "T02OTHER") == first


def test_the_real_ipfs_file_has_its_23_key_results_eight_of_them_shared(
    sqlite_db: Database, team: str, shared_file: Path
) -> None:
    put(sqlite_db, team, (shared_file / "data" / "ipfs-2019-q3.yaml").read_text(encoding="utf-8"))
    with sqlite_db.transaction(readonly=True) as session:
        krs = load_portfolio(session, team).key_results.values()
    assert (len(krs), sum(kr.shared for kr in krs)) == (23, 8)


def test_the_first_import_tells_everything_that_is_new(sqlite_db: Database, team: str) -> None:
    assert put(sqlite_db, team, SMALL).lines == (
        "+ person ana Ana Ruiz",
        "+ person bo Bo",
        "+ unit crm CRM",
        "+ unit suite Product suite",
        "+ cycle 2026-Q4 2026-10-01 to 2026-12-31",
        "+ cycle 2026-H2 2026-07-01 to 2026-12-31",
        "+ O-2 Ship less, land more",
        "+ O-1 Reduce time-to-value",
        "+ KR-3 Contract renewals",
        "+ KR-1 Onboarding time",
        "+ 2 updates on KR-1",
        "~ timezone UTC → Europe/Berlin",
    )


def test_a_second_import_changes_nothing(db: Database, team: str) -> None:
    put(db, team, SMALL)
    assert put(db, team, SMALL).lines == ("nothing changes",)


def test_a_dry_run_writes_nothing(sqlite_db: Database, team: str) -> None:
    wet = put(sqlite_db, team, SMALL, dry_run=True)
    assert not export_portfolio(sqlite_db, team).people
    assert put(sqlite_db, team, SMALL).lines == wet.lines


def test_a_change_is_told_by_its_fields_and_written(db: Database, team: str) -> None:
    put(db, team, SMALL)
    changed = (
        SMALL.replace("target: 20.50", "target: 18")
        .replace("owners: [suite, crm]", "owners: [crm]")
        .replace("Fewer steps, faster value", "Fewer steps")
        .replace('at: "15:00"', 'at: "16:00"')
        .replace("parent: suite, leads: [bo]", "parent: suite, leads: [ana, bo]")
        .replace("due: 2026-12-01}", "due: 2026-12-01, done: true}")
        .replace("stage: mature, ", "")
    )
    assert put(db, team, changed).lines == (
        "~ unit crm leads bo → ana, bo",
        "~ unit crm stage mature → –",
        "~ unit suite digest every 1 week on friday at 15:00 → every 1 week on friday at 16:00",
        '~ O-2 contributes_to O-1 "Fewer steps, faster value" → O-1 "Fewer steps"',
        "~ KR-3 milestones 2 milestones, 1 done → 2 milestones, 2 done",
        "~ KR-1 target 20.50 → 18",
        "~ KR-1 owners suite, crm → crm",
    )
    assert export_portfolio(db, team) == read_portfolio(changed)


def test_a_key_result_may_move_to_another_objective(sqlite_db: Database, team: str) -> None:
    put(sqlite_db, team, SMALL)
    before, _, kr = SMALL.rpartition("      - {key: KR-1")
    moved = before.replace("  - key: O-1\n", f"      - {{key: KR-1{kr}  - key: O-1\n", 1)
    moved = moved.removesuffix("    key_results:\n")
    assert put(sqlite_db, team, moved).lines == ("~ KR-1 objective O-1 → O-2",)
    assert [kr.key for kr in export_portfolio(sqlite_db, team).objectives[0].key_results] == ["KR-3", "KR-1"]


def test_what_is_not_in_the_file_is_kept(sqlite_db: Database, team: str) -> None:
    put(sqlite_db, team, SMALL)
    head, _, _ = SMALL.partition("objectives:")
    assert put(sqlite_db, team, head).lines == (
        "nothing changes",
        "= not in the file, kept: O-2, O-1, KR-3, KR-1",
    )
    assert len(export_portfolio(sqlite_db, team).objectives) == 2


def test_history_grows_and_is_never_changed(sqlite_db: Database, team: str) -> None:
    put(sqlite_db, team, SMALL)
    more = SMALL.replace(
        "note: Pilot started}", "note: The pilot started}, {at: 2026-10-26, value: 40, by: bo, note: Still waiting}"
    )
    assert put(sqlite_db, team, more).lines == ("+ 2 updates on KR-1", "= 1 update not in the file, kept")
    notes = [u.note for u in export_portfolio(sqlite_db, team).objectives[1].key_results[0].updates]
    assert notes == ["Pilot started", "The pilot started", "Still waiting", ""]


def test_an_update_that_was_taken_back_stays_so(sqlite_db: Database, team: str) -> None:
    put(sqlite_db, team, SMALL)
    with sqlite_db.transaction() as session:
        row = portfolio_rows(session, team).updates[0]
        assert row.id is not None
        retract(session, team, [row.id], now=NOW)
    assert put(sqlite_db, team, SMALL).lines == ("nothing changes",)
    assert len(export_portfolio(sqlite_db, team).objectives[1].key_results[0].updates) == 1


def test_another_timezone_of_the_file_does_not_double_its_history(sqlite_db: Database, team: str) -> None:
    put(sqlite_db, team, SMALL)
    tokyo = SMALL.replace("Europe/Berlin", "Asia/Tokyo")
    assert put(sqlite_db, team, tokyo).lines == ("~ timezone Europe/Berlin → Asia/Tokyo",)
    first = exported(sqlite_db, team)
    assert "at: 2026-10-19T07:00:00+09:00" in first
    assert put(sqlite_db, team, first).empty
    assert put(sqlite_db, team, tokyo).lines[0] == "+ 1 update on KR-1"


def test_a_reply_in_the_repeated_hour_survives_the_round_trip(sqlite_db: Database, team: str) -> None:
    put(sqlite_db, team, SMALL)
    for minute, instant in enumerate(("2026-10-25T00:30:00", "2026-10-25T01:30:00")):
        _say(sqlite_db, team, datetime.fromisoformat(instant).replace(tzinfo=UTC), Decimal(minute))
    first = exported(sqlite_db, team)
    assert "2026-10-25T02:30:00+02:00" in first
    assert "2026-10-25T02:30:00+01:00" in first
    assert read_portfolio(first) == export_portfolio(sqlite_db, team)
    assert put(sqlite_db, team, first).empty
    put(sqlite_db, "T02OTHER", first)
    assert exported(sqlite_db, "T02OTHER") == first


def test_an_update_outside_its_cycle_is_exported_with_its_time(sqlite_db: Database, team: str) -> None:
    put(sqlite_db, team, SMALL)
    _say(sqlite_db, team, datetime(2027, 1, 9, 23, tzinfo=UTC), Decimal(22))
    first = exported(sqlite_db, team)
    assert "at: 2027-01-10T00:00:00+01:00" in first
    assert put(sqlite_db, team, first).empty


def test_two_updates_that_say_the_same_are_two(sqlite_db: Database, team: str) -> None:
    twice = SMALL.replace("updates: [", "updates: [{at: 2026-10-20, value: 1}, {at: 2026-10-20, value: 1}, ")
    assert "+ 4 updates on KR-1" in put(sqlite_db, team, twice).lines
    assert put(sqlite_db, team, twice).lines == ("nothing changes",)


def test_what_slack_told_since_is_not_forgotten(sqlite_db: Database, team: str) -> None:
    put(sqlite_db, team, SMALL)
    assert put(sqlite_db, team, SMALL.replace(", slack: U02BO", "")).empty
    assert export_portfolio(sqlite_db, team).people[1].slack == "U02BO"


def test_two_people_may_change_places_in_slack_and_get_new_conversations(db: Database, team: str) -> None:
    put(db, team, SMALL)
    with db.transaction() as session:
        for person in portfolio_rows(session, team).people:
            person.dm = f"D-{person.key}"
            session.add(person)
    swapped = SMALL.replace("U01ANA", "U-").replace("U02BO", "U01ANA").replace("U-", "U02BO")
    assert put(db, team, swapped).lines == (
        "~ person ana slack U01ANA → U02BO",
        "~ person bo slack U02BO → U01ANA",
    )
    with db.transaction(readonly=True) as session:
        people = portfolio_rows(session, team).people
    assert {p.key: (p.slack, p.dm) for p in people} == {"ana": ("U02BO", None), "bo": ("U01ANA", None)}


def test_a_person_who_keeps_their_member_keeps_the_conversation(sqlite_db: Database, team: str) -> None:
    put(sqlite_db, team, SMALL)
    with sqlite_db.transaction() as session:
        portfolio_rows(session, team).people[0].dm = "D01"
    put(sqlite_db, team, SMALL.replace("Ana Ruiz", "Ana R."))
    with sqlite_db.transaction(readonly=True) as session:
        assert portfolio_rows(session, team).people[0].dm == "D01"


def test_a_member_who_is_somebody_else_already_is_refused(sqlite_db: Database, team: str) -> None:
    put(sqlite_db, team, SMALL)
    with pytest.raises(PortfolioErrors, match='bob slack, with what is stored already: "U02BO" is bo\'s already'):
        put(sqlite_db, team, "schema: plumbline/1\npeople: [{key: bob, name: Bob, slack: U02BO}]\n")


def test_a_cycle_may_not_shrink_away_from_what_is_stored(sqlite_db: Database, team: str) -> None:
    put(sqlite_db, team, SMALL)
    shorter = "schema: plumbline/1\ncycles:\n  - {key: 2026-Q4, starts: 2026-10-01, ends: 2026-11-15}\n"
    with pytest.raises(PortfolioErrors, match="KR-3 due, with what is stored already: 2026-12-01 is outside 2026-Q4"):
        put(sqlite_db, team, shorter)
    assert export_portfolio(sqlite_db, team) == read_portfolio(SMALL)


def test_a_file_with_an_error_changes_nothing(sqlite_db: Database, team: str) -> None:
    with pytest.raises(PortfolioErrors, match='there is no unit "analytics"'):
        put(sqlite_db, team, SMALL.replace("owners: [suite, crm]", "owners: [crm, analytics]"))
    assert not export_portfolio(sqlite_db, team).people


def test_workspaces_do_not_see_each_other(db: Database, team: str) -> None:
    put(db, team, SMALL)
    put(db, "T02OTHER", SMALL.replace("Onboarding time", "Something else"))
    assert "Something else" not in exported(db, team)
    assert put(db, team, SMALL).empty


def test_an_unknown_workspace_is_empty(sqlite_db: Database) -> None:
    assert exported(sqlite_db, "T09NOBODY") == "schema: plumbline/1\ntimezone: UTC\n"
    assert not put(sqlite_db, "T09NOBODY", SMALL, dry_run=True).empty


def test_a_cycle_is_exported_with_what_it_contributes_to(sqlite_db: Database, team: str) -> None:
    put(sqlite_db, team, SMALL)
    assert [o.key for o in export_portfolio(sqlite_db, team, cycle="2026-Q4").objectives] == ["O-2", "O-1"]
    half = exported(sqlite_db, team, cycle="2026-H2")
    assert [o.key for o in read_portfolio(half).objectives] == ["O-1"]
    assert [c.key for c in read_portfolio(half).cycles] == ["2026-H2"]


def test_an_unknown_cycle_gets_the_nearest(sqlite_db: Database, team: str) -> None:
    put(sqlite_db, team, SMALL)
    with pytest.raises(Refusal, match='there is no cycle "2026-q4", did you mean "2026-Q4"'):
        export_portfolio(sqlite_db, team, cycle="2026-q4")


def test_the_rules_see_what_the_file_says(sqlite_db: Database, team: str) -> None:
    put(sqlite_db, team, SMALL)
    with sqlite_db.transaction(readonly=True) as session:
        state = load_portfolio(session, team)
    kr = state.key_results["KR-1"]
    assert (kr.target, kr.owners, kr.weight) == (Decimal("20.50"), ("suite", "crm"), Decimal(2))
    assert (kr.starts, kr.ends) == (date(2026, 7, 1), date(2026, 12, 31))
    assert kr.plan == ((date(2026, 10, 1), Decimal("0.25")), (date(2026, 12, 31), Decimal(1)))
    assert [u.at for u in kr.updates] == [
        datetime(2026, 10, 18, 22, tzinfo=UTC),
        datetime(2026, 11, 2, 8, 30, tzinfo=UTC),
    ]
    assert [m.done for m in state.key_results["KR-3"].milestones] == [date(2026, 10, 19), False]
    assert state.units["crm"].parent == "suite"


def test_a_larger_file_takes_no_more_statements(sqlite_db: Database, team: str) -> None:
    statements = counted(sqlite_db)
    put(sqlite_db, team, SMALL)
    small = len(statements)
    statements.clear()
    put(sqlite_db, "T02OTHER", SAMPLE.read_text(encoding="utf-8"))
    assert len(statements) <= small + 1
    statements.clear()
    export_portfolio(sqlite_db, team)
    few = len(statements)
    statements.clear()
    export_portfolio(sqlite_db, "T02OTHER")
    assert len(statements) == few


def _say(db: Database, team: str, at: datetime, value: Decimal) -> None:
    with db.transaction() as session:
        kr = portfolio_rows(session, team).key_results[-1]
        values = {"team_id": team, "key_result_id": kr.id, "at": at, "value": value}
        add_update(session, values | {"source": "checkin", "source_key": at.isoformat()})
