"""Proposes the workshop of a coming cycle that nobody planned, once, to who leads its portfolio, through the same
week's budget and quiet hours as every nudge. What is said to it is in `offered`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from rituals import nudging
from rituals.calendar import NO_NAMED_DAYS, NamedDays, resolve
from rituals.okrs.load import CycleSpan, Member, PortfolioState, load_portfolio
from rituals.okrs.roles import answers_for
from rituals.workshops import rules, seats
from storage import nudges as ledger
from storage import outbox
from storage import workshop_offers as store
from storage.database import Database, Session
from storage.outbox import Promise
from storage.tables import Nudge, WorkshopOffer
from storage.workshop_offers import Wanting

AHEAD = timedelta(days=24)
"""More days than ten working days ever take, Christmas and New Year among them."""


def propose_due(db: Database, team_id: str, *, now: datetime) -> int:
    """Propose every workshop that is wanting, once; returns how many. A small query, and no writer's lock, where none
    is.
    """
    with db.transaction(readonly=True) as session:
        if not _due(session, team_id, now):
            return 0
    with db.transaction() as session:
        state = load_portfolio(session, team_id)
        return sum(_propose(session, state, found, now) for found in _due(session, team_id, now))


def ahead(session: Session, state: PortfolioState, now: datetime) -> Iterator[tuple[str, datetime]]:
    """The units (keys) whose workshop will be proposed, and when, as things stand."""
    today = state.today(now)
    for found in store.wanting(session, state.team_id, since=today, until=date.max):
        unit = state.unit_keys[found.unit]
        at = rules.offers_at(found.starts, state.zone, state.holidays_of(unit))
        if at > now and seats.lines(state, unit):
            yield unit, at


def missing(session: Session, state: PortfolioState, member: Member, now: datetime) -> tuple[str, ...]:
    """Why portfolios that a person answers for are not asked about the workshop of a cycle that is near, in words."""
    today, taken = state.today(now), store.taken(session, state.team_id)
    near = [c for c in state.cycles.values() if not c.closed and today - rules.OFFERED_FOR < c.starts <= today + AHEAD]
    found: list[str] = []
    for key, unit in state.open_units.items():
        asked = any((state.unit_ids[key], cycle.id) not in taken for cycle in near)
        if asked and unit.level == "portfolio" and answers_for(state, member.key, key) and seats.lines(state, key):
            found += _missing(state, key)
    return tuple(found)


def _missing(state: PortfolioState, unit: str) -> Iterator[str]:
    reached = any(state.people[lead].slack for lead in state.units[unit].leads)
    what = "" if state.rhythms[unit].channel else "no channel"
    what = what if reached else " and ".join(part for part in (what, "no lead in Slack") if part)
    if what:
        yield f"{state.units[unit].name} has {what}, so its alignment workshop is not proposed."


def _due(session: Session, team_id: str, now: datetime) -> list[Wanting]:
    """Those whose day has come; a day more on either side, because the zone is not known before."""
    around = store.wanting(
        session, team_id, since=(now - rules.OFFERED_FOR).date() - timedelta(1), until=(now + AHEAD).date()
    )
    off = _holidays(session, team_id, around) if around else {}
    return [found for found in around if _is_time(found, off[found.unit], now)]


def _is_time(found: Wanting, off: NamedDays, now: datetime) -> bool:
    zone = ZoneInfo(found.zone)
    return rules.offers_at(found.starts, zone, off) <= now < rules.offers_until(found.starts, zone)


def _holidays(session: Session, team_id: str, around: list[Wanting]) -> dict[int, NamedDays]:
    from rituals.holidays import Holidays

    places = store.holidays(session, team_id, {found.unit for found in around})
    return {unit: Holidays(p["country"], p.get("region")) if p else NO_NAMED_DAYS for unit, p in places.items()}


@dataclass(frozen=True)
class _Turn:
    """When one person is told, or why they are not."""

    who: Member
    at: datetime
    why: str


def _propose(session: Session, state: PortfolioState, found: Wanting, now: datetime) -> int:
    """It counts as proposed also where nobody could be told, or no line would present: it does not come up again."""
    unit = state.unit_keys[found.unit]
    cycle = next(one for one in state.cycles.values() if one.id == found.cycle)
    leads = (state.people[lead] for lead in state.units[unit].leads)
    told = {who.id: who for who in (_in_place_of(state, lead, now) for lead in leads)}
    turns = [_turn(session, state, who, cycle, now) for who in told.values()] if seats.lines(state, unit) else []
    first = min((turn.at for turn in turns if not turn.why), default=now)
    starts = rules.suggested(cycle.starts, state.today(first), state.zone, state.holidays_of(unit))
    offer = WorkshopOffer(
        team_id=state.team_id, unit_id=found.unit, cycle_id=found.cycle, starts_at=starts, offered_at=now
    )
    if not store.enter(session, offer):
        return 0
    for turn in turns:
        _tell(session, state, found, turn, now)
    return 1


def _in_place_of(state: PortfolioState, lead: Member, now: datetime) -> Member:
    """Who is told: the lead, or while they are away their delegate."""
    if lead.away is None or not lead.away.covers(state.day_of(lead, now)):
        return lead
    return state.people.get(lead.away.delegate or "", lead)


def _turn(session: Session, state: PortfolioState, who: Member, cycle: CycleSpan, now: datetime) -> _Turn:
    """As soon as they are back, may be sent something, and it is not night; never where the cycle runs by then."""
    zone, at, why = who.zone or state.zone, now, "quiet"
    if who.slack is None:
        return _Turn(who, now, "unknown")
    if who.away is not None and who.away.covers(state.day_of(who, now)):
        at, why = resolve(who.away.until + timedelta(1), rules.ASKS, zone), "away"
    sent = [one.at for one in ledger.sent_to(session, state.team_id, who.id, since=now - nudging.WEEK)]
    free = nudging.free_at(sent, state.nudges_a_week, at)
    if free is None or free > at:
        at, why = free or now, "limit"
    at = who.quiet.over(at, zone)
    late = free is None or at >= rules.offers_until(cycle.starts, state.zone)
    return _Turn(who, now if late else at, why if late else "")


def _tell(session: Session, state: PortfolioState, found: Wanting, turn: _Turn, now: datetime) -> None:
    key = store.message_key(found.unit, found.cycle, turn.who.id)
    row = Nudge(team_id=state.team_id, person_id=turn.who.id, kind="workshop", key=key, at=turn.at, dropped=turn.why)
    if not ledger.enter(session, row) or turn.why:
        return
    data = {"unit": found.unit, "cycle": found.cycle}
    promise = Promise(key=key, kind=store.KIND, to=turn.who.slack or "", data=data, mode="live", due_at=turn.at)
    outbox.promise(session, state.team_id, promise, now=now)
