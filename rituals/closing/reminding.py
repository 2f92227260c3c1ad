"""Asks once that a cycle be closed which ended some working days ago: the leads of its portfolio, through the same
week's budget and quiet hours as every nudge. Decided when it comes up: sent, or left out with the reason.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from rituals import nudging
from rituals.calendar import NO_NAMED_DAYS, NamedDays
from rituals.closing import rights, rules
from rituals.closing.figures import portfolios
from rituals.closing.shown import load_pass
from rituals.holidays import Holidays
from rituals.notices.closing import ClosingReminder
from rituals.okrs.load import Member, PortfolioState, load_portfolio
from rituals.okrs.roles import leads_above
from rituals.okrs.state import CycleSpan
from storage import closing as store
from storage import nudges as ledger
from storage import outbox
from storage.database import Database, Session
from storage.outbox import Promise
from storage.tables import Cycle, Nudge


def remind_due(db: Database, team_id: str, *, now: datetime) -> int:
    """Ask for the closing of every cycle that is due for it, once; returns how many. A small query, and no writer's
    lock, where there is none.
    """
    with db.transaction(readonly=True) as session:
        if not _due(session, team_id, now):
            return 0
    with db.transaction() as session:
        state, found = load_portfolio(session, team_id), _due(session, team_id, now)
        for row in found:
            close = store.begin(session, team_id, row.id or 0, by="", now=now)
            close.reminded_at = now
            _ask(session, state, state.cycles[row.key], now)
        return len(found)


def days_ahead(session: Session, state: PortfolioState, now: datetime) -> list[tuple[str, date]]:
    """The cycles (keys) that ended and wait to be closed, and the day on which that is asked for."""
    at_work = {o.cycle for o in state.objectives if o.key_results}
    today = now.date()
    over = store.overdue(session, state.team_id, since=today - rules.REMIND_UNTIL, before=today)
    off = _off(session, state.team_id)
    return [(cycle.key, rules.remind_on(cycle.ends, off)) for cycle in over if cycle.key in at_work]


def _due(session: Session, team_id: str, now: datetime) -> list[Cycle]:
    today = now.date()
    soonest = today - timedelta(rules.REMIND_AFTER)
    over = store.overdue(session, team_id, since=today - rules.REMIND_UNTIL, before=soonest)
    if not over:
        return []
    off = _off(session, team_id)
    return [cycle for cycle in over if rules.remind_on(cycle.ends, off) <= today]


def _off(session: Session, team_id: str) -> NamedDays:
    """The holidays that count: those of the topmost unit that states some."""
    place = store.holidays_at_the_top(session, team_id)
    return Holidays(place["country"], place.get("region")) if place else NO_NAMED_DAYS


def _ask(session: Session, state: PortfolioState, cycle: CycleSpan, now: datetime) -> None:
    left = load_pass(session, state, cycle, now)
    if not left.key_results:
        return
    for member in _asked(state, cycle):
        why = _why_not(session, state, member, now)
        key = f"{ClosingReminder.KIND}:{cycle.id}:{member.id}"
        at = member.quiet.over(now, member.zone or state.zone)
        row = Nudge(team_id=state.team_id, person_id=member.id, kind="closing", key=key, at=at, dropped=why)
        if ledger.enter(session, row) and not why:
            mine = [kr for kr in left.undecided(left.key_results) if rights.may_grade(state, member.key, kr)]
            days = (state.today(now) - cycle.ends).days
            notice = ClosingReminder(cycle=cycle.key, ends=cycle.ends, days=days, left=len(mine))
            data = notice.model_dump(mode="json")
            promise = Promise(key=key, kind=notice.KIND, to=member.slack or "", data=data, due_at=at)
            outbox.promise(session, state.team_id, promise, now=now)


def _asked(state: PortfolioState, cycle: CycleSpan) -> Iterable[Member]:
    """The leads of its portfolios; of one that nobody leads, those above it."""
    units = portfolios(state, cycle.key)
    leads = dict.fromkeys(lead for unit in units for lead in state.units[unit].leads or leads_above(state, unit))
    return [state.people[lead] for lead in leads]


def _why_not(session: Session, state: PortfolioState, member: Member, now: datetime) -> str:
    """Why this is not the time to send it; "" where it is."""
    if member.slack is None:
        return "unknown"
    if member.away is not None and member.away.covers(state.day_of(member, now)):
        return "away"
    sent = [one.at for one in ledger.sent_to(session, state.team_id, member.id, since=now - nudging.WEEK)]
    return "" if nudging.left(sent, state.nudges_a_week, now) else "limit"
