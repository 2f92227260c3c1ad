"""How a portfolio stands in a line or two, for App Home and the digest: connection rate, gaps, lag index, rating.

It stands above the rituals and puts together what they say. Lag index, the share that moves and net confidence are
those of the newest day on which figures were kept, and say which; whatever is dear to compute is not computed here,
because a Home is drawn often.
"""

from collections.abc import Sequence
from datetime import datetime

from rituals.alignment.coverage import linkless
from rituals.alignment.rules import connection_rate
from rituals.alignment.scope import Scope
from rituals.notices import HomeAlignment, RatedCycle
from rituals.okrs.load import Member, PortfolioState
from rituals.okrs.seen import figures_seen
from rituals.ratings.tallies import earlier, tallies
from storage import alignment as store
from storage import ratings as polls
from storage.database import Session
from storage.tables import AlignmentRecord


def standing(session: Session, state: PortfolioState, member: Member, now: datetime) -> HomeAlignment | None:
    """The portfolio that a person leads or leads a part of; None for who leads nothing below one."""
    above = [key for unit in state.led_by(member.key) for key in state.lineage(unit)]
    portfolios = (key for key in above if state.units[key].level == "portfolio" and not state.units[key].hidden)
    unit = next(portfolios, None)
    if unit is None:
        return None
    scope = Scope(state, unit, now)
    kept, today = _kept(session, scope), state.today(now)
    before = [one for one in kept if one.local_date < today]
    rate = connection_rate(scope.objectives, scope.named, above=scope.above)
    thin, unlinked = linkless(scope.objectives, scope.units)
    return HomeAlignment(
        unit=state.units[unit].name,
        unit_key=unit,
        connection=None if rate is None else float(rate),
        connection_before=_figure(scope, before[-1:], "connection_rate"),
        before_on=before[-1].local_date if before else None,
        thin=len(thin),
        unlinked=len(unlinked),
        lag=_figure(scope, kept[-1:], "shared_lag_index"),
        net=_figure(scope, kept[-1:], "net_confidence"),
        moving=_figure(scope, kept[-1:], "connected_and_moving"),
        kept_on=kept[-1].local_date if kept else None,
        rating=newest_rating(session, state, unit),
    )


def _kept(session: Session, scope: Scope) -> list[AlignmentRecord]:
    """What was kept of the unit in the running cycle, oldest first."""
    today, cycle = scope.state.today(scope.now), scope.cycle
    records = store.records(session, scope.state.team_id, scope.state.unit_ids[scope.unit])
    return [one for one in records if cycle and one.cycle_id == cycle.id and one.local_date <= today]


def _figure(scope: Scope, records: Sequence[AlignmentRecord], name: str) -> float | None:
    return figures_seen(scope.state, scope.unit, records[0].figures).get(name) if records else None


def newest_rating(session: Session, state: PortfolioState, unit: str) -> RatedCycle | None:
    """The unit's newest closed rating, with the mean of the one before; None before there is one."""
    closed = [p for p in polls.polls(session, state.team_id) if p.row.state == "closed" and p.unit.key == unit]
    if not closed:
        return None
    newest = max(closed, key=lambda p: p.cycle.ends)
    found = tallies(session, state.team_id, [newest])[newest.id]
    before = earlier(session, state.team_id, newest)
    return RatedCycle(
        cycle=newest.cycle.key,
        mean=found.result.mean,
        before=before[-1][1] if before else None,
        votes=found.result.votes,
        asked=found.asked,
        withheld=found.withheld and found.result.votes > 0,
    )
