"""What is computed before anybody asks: whoever asks then waits for none of it, and what changed meanwhile is new."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from rituals.alignment.scope import Scope
from rituals.at_hand import have_at_hand
from rituals.okrs import service
from rituals.okrs.held import Rules
from rituals.okrs.load import load_portfolio
from rituals.okrs.portfolio.service import import_portfolio
from rituals.okrs.quality.sets import alike_titles
from rituals.okrs.quality.words import alike_apart
from rituals.okrs.state import PortfolioState
from storage.database import Database
from tests.rituals.halden import BO, NOW, SAMPLE, TEAM


@pytest.fixture
def weekly(sqlite_db: Database) -> Database:
    """The sample with check-ins every week: another rhythm than that of a unit without any."""
    text = SAMPLE.read_text(encoding="utf-8")
    assert text.count("every: 2 weeks") == 1
    import_portfolio(sqlite_db, TEAM, text.replace("every: 2 weeks", "every: 1 week"), now=NOW)
    return sqlite_db


def loaded(db: Database) -> PortfolioState:
    with db.transaction(readonly=True) as session:
        return load_portfolio(session, TEAM)


def to_compute(db: Database) -> dict[str, set[str]]:
    """The key results of which something would have to be computed for `/okr align`, by what that is."""
    state = loaded(db)
    scope = Scope(state, "suite", NOW)
    found: dict[str, set[str]] = {"figures": set(), "course": set()}
    for kr in scope.key_results:
        for kind, interval in (("figures", state.interval(kr)), ("course", scope.interval)):
            rules = Rules(state.zone, interval, state.bands)
            known = state.known.get(kind, kr, NOW, rules, lambda: None)
            found[kind] |= {kr.key} if known is None else set()
    return found


def test_before_it_everything_has_to_be_computed(weekly: Database) -> None:
    assert [len(keys) for keys in to_compute(weekly).values()] == [45, 45]


def test_whoever_asks_first_waits_for_nothing(weekly: Database) -> None:
    have_at_hand(weekly, TEAM, now=NOW)
    state, compared = loaded(weekly), alike_apart.cache_info().misses
    assert to_compute(weekly) == {"figures": set(), "course": set()}
    alike_titles(Scope(state, "suite", NOW).key_results)
    assert alike_apart.cache_info().misses == compared
    assert loaded(weekly) is state


def statements(db: Database, work: Callable[[], object]) -> int:
    """How many statements some work takes."""
    said: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement)

    event.listen(db.engine, "before_cursor_execute", hear)
    work()
    event.remove(db.engine, "before_cursor_execute", hear)
    return len([one for one in said if one.startswith("SELECT")])


def test_where_all_of_it_holds_one_statement_tells_so(weekly: Database) -> None:
    before = have_at_hand(weekly, TEAM, now=NOW)
    soon = NOW + timedelta(seconds=5)
    assert statements(weekly, lambda: have_at_hand(weekly, TEAM, now=soon, before=before)) == 1
    assert have_at_hand(weekly, TEAM, now=soon, before=before) is before
    assert have_at_hand(weekly, TEAM, now=before.until, before=before) is not before
    service.update_line(weekly, TEAM, BO, "KR-1 30", now=NOW, key="typed")
    assert have_at_hand(weekly, TEAM, now=soon, before=before).state is not before.state


def test_it_holds_until_the_next_day_at_most(weekly: Database) -> None:
    midnight = datetime(2026, 11, 17, tzinfo=loaded(weekly).zone)
    assert NOW < have_at_hand(weekly, TEAM, now=NOW).until <= midnight
    later = NOW + timedelta(days=400)  # no cycle runs, so nothing is held
    assert have_at_hand(weekly, TEAM, now=later).until - later <= timedelta(days=1)


def test_what_was_said_since_is_what_has_to_be_computed(weekly: Database) -> None:
    have_at_hand(weekly, TEAM, now=NOW)
    service.update_line(weekly, TEAM, BO, "KR-1 30", now=NOW - timedelta(minutes=1), key="typed")
    assert to_compute(weekly) == {"figures": {"KR-1"}, "course": {"KR-1"}}


def test_a_workspace_without_a_portfolio_and_days_without_a_cycle_are_no_trouble(weekly: Database) -> None:
    have_at_hand(weekly, TEAM, now=NOW + timedelta(days=400))
    import_portfolio(weekly, "T02EMPTY", "schema: plumbline/1\n", now=NOW)
    have_at_hand(weekly, "T02EMPTY", now=NOW)
    assert set(weekly.kept) == {TEAM, "T02EMPTY"}


def test_several_portfolios_do_not_push_each_other_out(sqlite_db: Database) -> None:
    units = "".join(f"  - {{key: p{n}, name: Portfolio {n}, level: portfolio}}\n" for n in range(5))
    objectives = "".join(
        f"  - {{key: O-{n}, unit: p{n}, cycle: 2026-Q4, title: Customers stay, key_results: [\n"
        f"      {{key: KR-{n}, title: Accounts lost {n}, start: 9, target: 3, owners: [p{n}]}}]}}\n"
        for n in range(5)
    )
    cycles = "cycles: [{key: 2026-Q4, starts: 2026-10-01, ends: 2026-12-31}]\n"
    text = f"schema: plumbline/1\n{cycles}units:\n{units}objectives:\n{objectives}"
    import_portfolio(sqlite_db, TEAM, text, now=NOW)
    have_at_hand(sqlite_db, TEAM, now=NOW)
    compared = alike_apart.cache_info().misses
    have_at_hand(sqlite_db, TEAM, now=NOW + timedelta(seconds=5))
    assert alike_apart.cache_info().misses == compared
