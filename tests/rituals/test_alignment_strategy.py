"""The strategic view: longer cycles over shorter ones, and links across cycles in files, forms and figures."""

from datetime import UTC, datetime

import pytest

from rituals.alignment.rules import connection_rate
from rituals.alignment.scope import Scope
from rituals.alignment.strategy import StrategyLine, show_strategy
from rituals.okrs.authoring import service as authoring
from rituals.okrs.load import load_portfolio
from rituals.okrs.portfolio.service import export_portfolio, import_portfolio
from rituals.okrs.portfolio.write import write_yaml
from storage.database import Database
from tests.rituals.test_authoring import field, filled, saved

TEAM, BO = "T01TEST", "U03BO"
NOW = datetime(2026, 11, 15, 9, tzinfo=UTC)  # day 319 of 365 of the year, 45 of 91 of the quarter
FILE = """
schema: plumbline/1
people:
  - {key: ana, name: Ana, slack: U01ANA}
  - {key: bo, name: Bo, slack: U03BO}
units:
  - {key: acme, name: Acme, level: company}
  - {key: suite, name: Suite, level: portfolio, parent: acme, leads: [ana]}
  - {key: crm, name: CRM, level: product_line, parent: suite, leads: [bo]}
cycles:
  - {key: 2026, starts: 2026-01-01, ends: 2026-12-31}
  - {key: 2026-Q3, starts: 2026-07-01, ends: 2026-09-30}
  - {key: 2026-Q4, starts: 2026-10-01, ends: 2026-12-31}
objectives:
  - key: O-1
    unit: suite
    cycle: "2026"
    title: Customers get value at once
    key_results:
      - {key: KR-1, title: Customers live within a week, start: 0, target: 100, measured_in: "%", owners: [suite],
         updates: [{at: 2026-11-10, value: 60, by: ana}]}
  - {key: O-2, unit: suite, cycle: "2026", title: Nobody waits for an invoice}
  - {key: O-3, unit: crm, cycle: 2026-Q3, title: Quotes in a day, contributes_to: [{objective: O-1, how: Earlier}]}
  - key: O-4
    unit: crm
    cycle: 2026-Q4
    title: Deals close by themselves
    contributes_to: [{objective: O-1, how: Each deal starts a week earlier}]
    key_results:
      - {key: KR-4, title: Deals closed alone, start: 0, target: 100, measured_in: "%", owners: [crm],
         updates: [{at: 2026-11-10, value: 45, by: bo}]}
  - {key: O-5, unit: crm, cycle: 2026-Q4, title: Fewer fields}
"""


@pytest.fixture
def two_cycles(sqlite_db: Database) -> Database:
    import_portfolio(sqlite_db, TEAM, FILE.replace("key: 2026,", 'key: "2026",'), now=NOW)
    return sqlite_db


def lines(db: Database) -> dict[str, StrategyLine]:
    return {line.key: line for line in show_strategy(db, TEAM, "U01ANA", "", now=NOW).lines}


def test_longer_cycles_stand_over_the_shorter_ones_that_move_them(two_cycles: Database) -> None:
    page = show_strategy(two_cycles, TEAM, "U01ANA", "", now=NOW)
    assert page.cycles == ("2026", "2026-Q4")
    assert [(line.key, line.depth, line.how) for line in page.lines] == [
        ("O-1", 0, ""),
        ("O-4", 1, "Each deal starts a week earlier"),
        ("O-2", 0, ""),
    ]


def test_each_is_expected_by_its_own_dates(two_cycles: Database) -> None:
    found = lines(two_cycles)
    assert (found["O-1"].progress, found["O-1"].expected) == (0.6, round(318 / 364, 4))
    assert (found["O-4"].progress, found["O-4"].expected) == (0.45, round(45 / 91, 4))
    assert (found["O-1"].status, found["O-4"].status) == ("off_track", "on_track")
    assert (found["O-2"].progress, found["O-2"].expected) == (None, None)


def test_what_nothing_moves_and_what_moves_nothing_is_named(two_cycles: Database) -> None:
    page = show_strategy(two_cycles, TEAM, "U01ANA", "", now=NOW)
    assert page.unmoved == ("O-2 Nobody waits for an invoice",)
    assert (page.loose, page.shorter) == (1, 2)


def test_what_cycles_before_did_for_it_is_counted(two_cycles: Database) -> None:
    assert lines(two_cycles)["O-1"].before == 1


def test_with_one_length_of_cycle_there_is_no_tree(halden: Database) -> None:
    page = show_strategy(halden, TEAM, "U01ANA", "", now=datetime(2026, 11, 16, 9, tzinfo=UTC))
    assert (page.lines, page.cycles) == ((), ("2026-Q4",))


def test_a_link_to_a_longer_cycle_counts_as_connected_also_in_what_is_kept_by_cycle(two_cycles: Database) -> None:
    with two_cycles.transaction(readonly=True) as session:
        state = load_portfolio(session, TEAM)
    assert Scope(state, "suite", NOW).row()["connection_rate"] == 0.5
    kept = Scope(state, "suite", NOW, only="2026-Q4")
    assert kept.row()["connection_rate"] == 0.5
    assert kept.row()["connected_and_moving"] is not None
    assert [bool(one.to) for one in kept.connected] == [False, True]
    assert connection_rate(kept.objectives, kept.units) == 0


def test_links_across_cycles_are_written_as_they_are_read(two_cycles: Database) -> None:
    written = write_yaml(export_portfolio(two_cycles, TEAM))
    assert import_portfolio(two_cycles, TEAM, written, now=NOW).empty
    quarter = export_portfolio(two_cycles, TEAM, cycle="2026-Q4")
    assert [o.key for o in quarter.objectives] == ["O-1", "O-4", "O-5"]


def test_the_form_of_an_objective_shows_what_is_above_and_asks_how_it_moves_it(two_cycles: Database) -> None:
    form = authoring.add_form(two_cycles, TEAM, BO, "objective", "Fewer calls", now=NOW)
    picks = [pick.label for pick in field(form, "above").picks]
    assert picks[0] == "O-1 Customers get value at once · Suite, 2026"
    assert field(form, "how").label == "How does it move that objective?"
    typed = filled(form, told=True, cycle="2026-Q4", above="O-1", how="Every call that is saved is a day")
    key = saved(two_cycles, BO, typed).key
    assert lines(two_cycles)[key].how == "Every call that is saved is a day"


def test_a_link_without_its_sentence_is_advised_on(two_cycles: Database) -> None:
    form = authoring.add_form(two_cycles, TEAM, BO, "objective", "Fewer calls", now=NOW)
    done = authoring.submit(
        two_cycles, TEAM, BO, filled(form, told=False, cycle="2026-Q4", above="O-1"), now=NOW, key="v1"
    )
    assert any("how" in one.casefold() and "O-1" in one for one in done.advice)
