"""Keeps the alignment figures of the days that count: a cycle's first, every Monday, its last. Posts nothing."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from rituals.alignment.trend import day_to_keep
from rituals.okrs.load import PortfolioState, load_portfolio
from storage import alignment as store
from storage.database import Database, Session


@dataclass(frozen=True)
class _Wanted:
    unit: str
    cycle: str
    day: date


def keep_due(db: Database, team_id: str, *, now: datetime) -> int:
    """Keep what is due of every portfolio and running cycle, each day once; returns how much was kept.

    Looks at units and cycles only, and takes no writer's lock, while there is nothing to keep.
    """
    with db.transaction(readonly=True) as session:
        wanted = _wanted(session, team_id, now)
        state = load_portfolio(session, team_id) if wanted else None
    if state is None:
        return 0
    figures = [(one, _figures(state, one, now)) for one in wanted]
    with db.transaction() as session:
        return sum(
            store.keep(
                session,
                team_id,
                unit_id=state.unit_ids[one.unit],
                cycle_id=state.cycles[one.cycle].id,
                day=one.day,
                figures=row,
                at=now,
            )
            for one, row in figures
        )


def _figures(state: PortfolioState, one: _Wanted, now: datetime) -> dict[str, Any] | None:
    """What is kept of a portfolio; None where it has no objective in the cycle."""
    # a day a week there is something to keep: the start does without
    from rituals.alignment.scope import Scope, row_to_keep

    if not Scope(state, one.unit, now, only=one.cycle).objectives:
        return None
    return row_to_keep(state, one.unit, now, one.cycle)


def _wanted(session: Session, team_id: str, now: datetime) -> list[_Wanted]:
    """One for each portfolio and cycle that is not closed and whose newest day to keep is not kept yet."""
    ground = store.ground(session, team_id)
    today = now.astimezone(ZoneInfo(ground.timezone)).date()
    found = []
    for unit in ground.portfolios:
        for cycle in ground.cycles:
            day = day_to_keep(cycle.starts, cycle.ends, today)
            if day is not None and (unit.id, cycle.id, day) not in ground.kept:
                found.append(_Wanted(unit.key, cycle.key, day))
    return found
