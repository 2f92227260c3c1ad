"""The coverage that a workshop keeps says the same as `/okr align` does."""

from rituals.alignment.covered import covered
from rituals.alignment.scope import Scope
from rituals.okrs.roles import public
from storage.database import Database
from tests.rituals.workshop_workspace import STARTS, portfolio, set_up


def test_it_is_what_the_figures_say_of_that_cycle(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    state = portfolio(sqlite_db)
    kept, scope = covered(state, "suite", "2027-Q1", STARTS), Scope(state, "suite", STARTS, only="2027-Q1")
    assert kept["connection"] == scope.row()["connection_rate"] == 0.5
    assert (kept["linked"], kept["objectives"]) == (1, 2)
    found = scope.alignment.coverage
    assert (kept["tops"], kept["thin"], kept["unlinked"]) == (len(found.cells), len(found.thin), len(found.unlinked))
    assert kept["lines"] == 3
    assert 'O-2 "Customers stay": no line works on it' in kept["gaps"]


def test_a_cycle_without_drafts_has_no_rate_and_every_line_is_a_gap(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    kept = covered(public(portfolio(sqlite_db)), "suite", "2026-Q4", STARTS)
    assert (kept["connection"], kept["objectives"], kept["unlinked"]) == (None, 0, 3)
