"""Which cycles are current on a day: those that run, and between cycles what ended last or comes first."""

from dataclasses import replace
from datetime import UTC, date, datetime

from rituals.okrs.load import CycleSpan, PortfolioState
from storage.database import Database
from tests.rituals.checkin_workspace import set_up, state

QUARTER = CycleSpan(1, "2026-Q4", date(2026, 10, 1), date(2026, 12, 31), closed=False)
HALF = CycleSpan(2, "2026-H2", date(2026, 7, 1), date(2026, 12, 31), closed=False)
EARLIER = CycleSpan(3, "2026-Q3", date(2026, 7, 1), date(2026, 9, 30), closed=False)
NEXT = CycleSpan(4, "2027-Q1", date(2027, 2, 1), date(2027, 3, 31), closed=False)
YEAR = CycleSpan(5, "2027", date(2027, 2, 1), date(2027, 12, 31), closed=False)


def current(db: Database, day: str, *cycles: CycleSpan) -> set[str]:
    set_up(db)
    known: PortfolioState = replace(state(db), cycles={c.key: c for c in cycles})
    return {c.key for c in known.current_cycles(datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=UTC))}


def test_every_cycle_that_runs_is_current(sqlite_db: Database) -> None:
    assert current(sqlite_db, "2026-12-31", QUARTER, HALF, EARLIER, NEXT) == {"2026-Q4", "2026-H2"}


def test_between_cycles_all_that_ended_on_the_last_day_are_current(sqlite_db: Database) -> None:
    assert current(sqlite_db, "2027-01-01", HALF, QUARTER, EARLIER, NEXT) == {"2026-Q4", "2026-H2"}


def test_before_the_first_all_that_begin_on_the_first_day_are_current(sqlite_db: Database) -> None:
    assert current(sqlite_db, "2027-01-20", NEXT, YEAR) == {"2027-Q1", "2027"}


def test_a_cycle_closed_before_its_last_day_is_what_ended_last(sqlite_db: Database) -> None:
    assert current(sqlite_db, "2026-12-30", replace(QUARTER, closed=True), EARLIER, NEXT) == {"2026-Q4"}
