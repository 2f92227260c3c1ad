"""CSV files go into the database and come out the same: all or nothing, again and again."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from rituals.okrs.portfolio.csv_file import CsvOptions
from rituals.okrs.portfolio.diff import Diff
from rituals.okrs.portfolio.file import PortfolioErrors
from rituals.okrs.portfolio.long_write import write_csv
from rituals.okrs.portfolio.service import export_portfolio, import_portfolio
from rituals.okrs.portfolio.write import write_yaml
from storage.database import Database
from storage.okrs import portfolio_rows, retract

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
LATER = datetime(2026, 11, 17, 9, tzinfo=UTC)
SAMPLE = Path(__file__).resolve().parents[2] / "sandbox" / "portfolio.yaml"
WIDE = "Objective,Key Result,Owner,Start,Target,Current Value,Tags\nGrow,Revenue,cy@example.com,10,20,12,x\n"
STATED = CsvOptions(cycle="2026-Q4", unit="crm")


def put(db: Database, team: str, text: str, csv: CsvOptions | None = None, *, now: datetime = NOW) -> Diff:
    return import_portfolio(db, team, text, now=now, csv=csv)


def exported(db: Database, team: str) -> str:
    return write_csv(export_portfolio(db, team))


@pytest.fixture
def filled(db: Database, team: str) -> Database:
    """A database with the sample portfolio."""
    put(db, team, SAMPLE.read_text(encoding="utf-8"))
    return db


def test_export_import_export_is_identical_in_the_same_and_in_a_fresh_workspace(filled: Database, team: str) -> None:
    first = exported(filled, team)
    assert put(filled, team, first, CsvOptions()).lines == ("nothing changes",)
    assert exported(filled, team) == first
    put(filled, "T02OTHER", first, CsvOptions())
    assert exported(filled, "T02OTHER") == first
    assert write_yaml(export_portfolio(filled, "T02OTHER")) == write_yaml(export_portfolio(filled, team))


def test_a_file_of_another_tool_is_told_written_and_changes_nothing_a_day_later(filled: Database, team: str) -> None:
    told = put(filled, team, WIDE, STATED)
    assert told.added == (
        "+ person cy cy",
        "+ O-19 Grow",
        "+ KR-46 Revenue",
        "+ 1 update on KR-46",
    )
    assert told.kept[-1] == '= columns not read: "Tags"'
    assert put(filled, team, WIDE, STATED, now=LATER).lines[0] == "nothing changes"
    [kr] = [kr for _, kr in export_portfolio(filled, team).key_results() if kr.key == "KR-46"]
    assert (kr.owners, kr.reporter, len(kr.updates)) == (("crm",), "cy", 1)


def test_a_value_that_was_taken_back_in_slack_stays_so(filled: Database, team: str) -> None:
    put(filled, team, WIDE, STATED)
    with filled.transaction() as session:
        newest = max(portfolio_rows(session, team).updates, key=lambda row: row.id or 0)
        retract(session, team, [newest.id or 0], now=NOW)
    assert put(filled, team, WIDE, STATED, now=LATER).lines[0] == "nothing changes"


def test_a_file_with_a_mistake_changes_nothing(filled: Database, team: str) -> None:
    before = exported(filled, team)
    with pytest.raises(PortfolioErrors, match='line 3: "Target": I read "banana"'):
        put(filled, team, WIDE + "Grow,Churn,,10,banana,12,\n", STATED)
    assert exported(filled, team) == before


def test_a_dry_run_writes_nothing(filled: Database, team: str) -> None:
    before = exported(filled, team)
    dry = import_portfolio(filled, team, WIDE, now=NOW, dry_run=True, csv=STATED)
    assert dry.added
    assert exported(filled, team) == before
    assert put(filled, team, WIDE, STATED).lines == dry.lines


def test_the_workspace_of_another_is_not_seen(filled: Database) -> None:
    with pytest.raises(PortfolioErrors, match='there is no cycle "2026-Q4"; there is no cycle yet, import one'):
        put(filled, "T02OTHER", WIDE, STATED)
