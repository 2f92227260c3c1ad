"""Looks at the flags of all shared key results: with every new local day, ten minutes after something was said or
changed, and when a thread waits to be opened. Writes down what they did; what comes of it is `threads`' business.

Cheap while nothing is due: three rows are read, and no writer's lock is taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from rituals.calendar import resolve
from rituals.flags.opening import open_due
from rituals.flags.settling import settle_open
from rituals.okrs.flags.events import FlagEvent, replayed
from rituals.okrs.flags.log import enter, told
from rituals.okrs.load import load_portfolio
from rituals.okrs.model import KeyResult
from rituals.okrs.state import PortfolioState
from rituals.okrs.updates import UNDO_FOR
from storage import flags as store
from storage.database import Database, Session

LOOK_BACK = 14
"""How many local days are made up for at most: after a pause, or before the first look."""


@dataclass(frozen=True)
class _Due:
    """What the newest entries are at a look, and when the one before was."""

    looked_at: datetime | None
    update_id: int
    change_id: int


def look_due(db: Database, team_id: str, *, now: datetime) -> int:
    """Look where a look is due; returns how many events, threads and endings it brought. Safe to run twice."""
    with db.transaction(readonly=True) as session:
        due = _due(session, team_id, now)
        if due is None:
            return 0
        state = load_portfolio(session, team_id)
        shared = [kr for kr in state.current_key_results(now) if kr.shared]
        known = told(session, team_id, shared)
    instants = _instants(state, due.looked_at, now)
    found = {kr.key: _replayed(state, kr, known[kr.key], instants) for kr in shared}
    with db.transaction() as session:
        done = sum(enter(session, state, state.key_results[key], events) for key, events in found.items() if events)
        done += settle_open(session, state, now)
        opened, waits_until = open_due(session, state, told(session, team_id, shared), now)
        store.keep_look(
            session,
            team_id,
            looked_at=now,
            next_at=min([_midnight(state, state.today(now) + timedelta(days=1)), *waits_until]),
            update_id=due.update_id,
            change_id=due.change_id,
        )
    return done + opened


def _due(session: Session, team_id: str, now: datetime) -> _Due | None:
    last, (update_id, change_id) = store.last_look(session, team_id), store.newest(session, team_id)
    if last is None:
        return _Due(None, update_id, change_id)
    fresh = (update_id, change_id) != (last.update_id, last.change_id) and now - last.looked_at >= UNDO_FOR
    return _Due(last.looked_at, update_id, change_id) if fresh or now >= last.next_at else None


def _instants(state: PortfolioState, looked_at: datetime | None, now: datetime) -> list[datetime]:
    """The beginnings of the local days since the last look, oldest first, and now."""
    today = state.today(now)
    days = [today - timedelta(days=back) for back in range(LOOK_BACK)]
    begun = [at for at in (_midnight(state, day) for day in days) if (looked_at is None or at > looked_at) and at < now]
    return [*reversed(begun), now]


def _midnight(state: PortfolioState, day: date) -> datetime:
    return resolve(day, time(0), state.zone)


def _replayed(
    state: PortfolioState, kr: KeyResult, known: Sequence[FlagEvent], instants: Sequence[datetime]
) -> tuple[FlagEvent, ...]:
    """Of the days of its span after what is written down of it already."""
    last = known[-1].at if known else None
    later = [at for at in instants if (last is None or at > last) and state.today(at) >= kr.starts]
    return replayed(kr, known, later, zone=state.zone, interval=state.interval(kr), bands=state.bands)
