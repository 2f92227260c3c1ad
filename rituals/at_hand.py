"""Computes beforehand what every question about a portfolio needs, so that whoever asks first does not wait for it:
after a start, at midnight, when a cycle was closed.

It writes nothing, tells nobody and holds nothing itself: what is kept, and how long it holds, is the portfolio's
business.
"""

from datetime import datetime

from rituals.alignment.scope import Scope
from rituals.okrs.load import load_portfolio
from rituals.okrs.quality_sets import alike_titles
from storage.database import Database


def have_at_hand(db: Database, team_id: str, *, now: datetime) -> None:
    """The portfolio; figures and courses of its current key results, and which of them are alike.

    What holds since the last time is not computed again.
    """
    with db.transaction(readonly=True) as session:
        state = load_portfolio(session, team_id)
    for unit in state.units.values():
        if unit.parent is None:
            scope = Scope(state, unit.key, now)
            _ = scope.alignment, alike_titles(scope.key_results)
