"""Asks once that a cycle be closed which ended some working days ago: the leads of its portfolio, through the same
week's budget and quiet hours as every nudge. Decided when it comes up: sent, or left out with the reason.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from rituals.calendar import NO_NAMED_DAYS, NamedDays, add_working_days
from rituals.okrs.load import load_portfolio
from rituals.okrs.roles import leads_above
from rituals.okrs.sparing import why_not
from rituals.okrs.state import CycleSpan, Member, PortfolioState
from storage import cycles, outbox
from storage import nudges as ledger
from storage.database import Database, Session
from storage.outbox import Promise
from storage.tables import Cycle, Nudge

if TYPE_CHECKING:
    from rituals.closing.shown import Pass

AFTER = 5
"""Working days after the last day of a cycle on which its closing is asked for."""
UNTIL = timedelta(days=30)
"""After its end; of what ended before the bot was there nobody is reminded."""


def remind_due(db: Database, team_id: str, *, now: datetime) -> int:
    """Ask for the closing of every cycle that is due for it, once; returns how many. A small query, and no writer's
    lock, where there is none.
    """
    with db.transaction(readonly=True) as session:
        if not _due(session, team_id, now):
            return 0
    from storage import closing as store  # four times a year: the start does without

    with db.transaction() as session:
        state, found = load_portfolio(session, team_id), _due(session, team_id, now)
        for row in found:
            close = store.begin(session, team_id, row.id or 0, by="", now=now)
            close.reminded_at = now
            _ask(session, state, state.cycles[row.key], now)
        return len(found)


def remind_on(ends: date, off: NamedDays = NO_NAMED_DAYS) -> date:
    """The day on which the closing of a cycle is asked for."""
    return add_working_days(ends, AFTER, off)


def days_ahead(session: Session, state: PortfolioState, now: datetime) -> list[tuple[str, date]]:
    """The cycles (keys) that ended and wait to be closed, and the day on which that is asked for."""
    at_work = {o.cycle for o in state.objectives if o.key_results}
    over = _waiting(session, state.team_id, now, before=now.date())
    off = _off(session, state.team_id) if over else NO_NAMED_DAYS
    return [(cycle.key, remind_on(cycle.ends, off)) for cycle in over if cycle.key in at_work]


def _due(session: Session, team_id: str, now: datetime) -> list[Cycle]:
    over = _waiting(session, team_id, now, before=now.date() - timedelta(AFTER))
    off = _off(session, team_id) if over else NO_NAMED_DAYS
    return [cycle for cycle in over if remind_on(cycle.ends, off) <= now.date()]


def _waiting(session: Session, team_id: str, now: datetime, *, before: date) -> list[Cycle]:
    """The cycles that ended of late, are not closed, and whose closing was not asked for yet."""
    over = cycles.ended_open(session, team_id, since=now.date() - UNTIL, before=before)
    if not over:
        return []
    from storage import closing as store

    asked = store.asked_for(session, team_id)
    return [cycle for cycle in over if cycle.id not in asked]


def _off(session: Session, team_id: str) -> NamedDays:
    """The holidays that count: those of the topmost unit that states some."""
    from rituals.holidays import Holidays
    from storage import closing as store

    place = store.holidays_at_the_top(session, team_id)
    return Holidays(place["country"], place.get("region")) if place else NO_NAMED_DAYS


def _ask(session: Session, state: PortfolioState, cycle: CycleSpan, now: datetime) -> None:
    from rituals.closing.shown import load_pass

    found = load_pass(session, state, cycle, now)
    for member in _asked(state, cycle) if found.key_results else ():
        _remind(session, found, member, now)


def _remind(session: Session, found: "Pass", member: Member, now: datetime) -> None:
    from rituals.notices.closing import ClosingReminder

    state, cycle = found.state, found.cycle
    why = why_not(session, state, member, now)
    key = f"{ClosingReminder.KIND}:{cycle.id}:{member.id}"
    at = member.quiet.over(now, member.zone or state.zone)
    row = Nudge(team_id=state.team_id, person_id=member.id, kind="closing", key=key, at=at, dropped=why)
    if not ledger.enter(session, row) or why:
        return
    days, left = (state.today(now) - cycle.ends).days, len(found.undecided(found.mine(member)))
    data = ClosingReminder(cycle=cycle.key, ends=cycle.ends, days=days, left=left).model_dump(mode="json")
    promise = Promise(key=key, kind=ClosingReminder.KIND, to=member.slack or "", data=data, due_at=at)
    outbox.promise(session, state.team_id, promise, now=now)


def _asked(state: PortfolioState, cycle: CycleSpan) -> Iterable[Member]:
    """The leads of its portfolios; of one that nobody leads, those above it."""
    from rituals.closing.figures import portfolios

    units = portfolios(state, cycle.key)
    leads = dict.fromkeys(lead for unit in units for lead in state.units[unit].leads or leads_above(state, unit))
    return [state.people[lead] for lead in leads]
