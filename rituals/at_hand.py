"""Computes beforehand what every question about a portfolio needs, so that whoever asks first does not wait for it:
after a start, at midnight, when a cycle was closed.

It writes nothing, tells nobody and holds nothing itself: what is kept, and how long it holds, is the portfolio's
business.
"""

from dataclasses import dataclass
from datetime import datetime

from rituals.alignment.scope import Scope
from rituals.okrs.load import load_portfolio
from rituals.okrs.quality.sets import alike_titles
from rituals.okrs.state import PortfolioState
from storage.database import Database


@dataclass(frozen=True)
class AtHand:
    """The portfolio of which everything is computed, and the instant from which on something of it is not any more."""

    state: PortfolioState
    until: datetime


def have_at_hand(db: Database, team_id: str, *, now: datetime, before: AtHand | None = None) -> AtHand:
    """The portfolio; figures and courses of its current key results, and which of them are alike.

    What holds since the last time is not computed again; where all of what was at hand `before` does, one statement
    tells so.
    """
    with db.transaction(readonly=True) as session:
        state = load_portfolio(session, team_id)
    if before is not None and before.state is state and now < before.until:
        return before
    for kr in state.current_key_results(now):
        state.figures(kr, now)
    for unit in _asked_about(state):
        scope = Scope(state, unit, now)
        _ = scope.alignment, alike_titles(scope.key_results)
    return AtHand(state, state.known.until(now, state.zone))


def _asked_about(state: PortfolioState) -> list[str]:
    """The units whose alignment people ask for (`scope_of`): the portfolios, and what stands at the top without one. A
    course is held by one rhythm only: that of another unit would have to be computed again by whoever asks.
    """
    portfolios = [unit.key for unit in state.open_units.values() if unit.level == "portfolio"]
    above = {key for portfolio in portfolios for key in state.lineage(portfolio)}
    tops = [unit.key for unit in state.open_units.values() if unit.parent is None and unit.key not in above]
    return [*portfolios, *tops]
