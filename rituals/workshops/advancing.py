"""What time does to a workshop: some days before it asks the lines for their drafts, at its hour it posts the agenda,
and while a line has the floor it says when its ten minutes are over. It moves nothing on: people do.
"""

from datetime import datetime, timedelta

from rituals.okrs.live import refresh_homes
from rituals.okrs.load import Member, PortfolioState, load_portfolio
from rituals.okrs.sparing import why_not
from rituals.workshops import rules, seats, telling
from storage import nudges as ledger
from storage import workshops as store
from storage.database import Database, Session
from storage.tables import Nudge, Workshop

LATEST = timedelta(days=1)  # an agenda that the bot was down for is posted until then, and not for the past


def advance(db: Database, team_id: str, *, now: datetime) -> int:
    """Do what is due of every workshop, each once; returns how much was done. No writer's lock while nothing is."""
    with db.transaction(readonly=True) as session:
        if not store.due(session, team_id, now=now):
            return 0
    with db.transaction() as session:
        state = load_portfolio(session, team_id)
        return sum(_advance(session, state, row, now) for row in store.due(session, team_id, now=now))


def _advance(session: Session, state: PortfolioState, row: Workshop, now: datetime) -> int:
    if row.state == "presenting":
        return _tick(session, row, now)
    if row.state == "planned":
        _ask(session, state, row, now)
    if row.starts_at <= now and row.agenda_at is None:
        store.put(session, row, agenda_at=now)
        if now - row.starts_at < LATEST:
            telling.board(session, row, now=now)
    return 1


def _tick(session: Session, row: Workshop, now: datetime) -> int:
    """The drafts show the minutes over; under them the line is told, once, by a message that counts on."""
    line = seats.standing(row).line
    if line is None or row.turn_ends_at is None:
        store.put(session, row, tick_at=None)
        return 0
    store.put(session, row, tick_at=rules.next_tick(row.turn_ends_at, now))
    telling.turn(session, row, line, now=now)
    telling.time(session, row, line, now=now)
    return 1


def _ask(session: Session, state: PortfolioState, row: Workshop, now: datetime) -> None:
    """Ask each line's leads, unless it has begun by now; the lines are those that there are today."""
    lines = seats.lines(state, seats.unit_of(state, row))
    store.put(session, row, state="drafting", turns=list(lines))
    if row.starts_at <= now:
        return
    for line in lines:
        for lead in state.units[line].leads:
            _ask_one(session, state, row, line, state.people[lead], now)
    refresh_homes(session, state, units=lines, now=now)


def _ask_one(session: Session, state: PortfolioState, row: Workshop, line: str, lead: Member, now: datetime) -> None:
    """Counted with everything else that they are sent; what is left out says why."""
    who = _in_place_of(state, lead, now)
    at = who.quiet.over(now, who.zone or state.zone)
    occasion = telling.ask_key(row, line, lead)
    why = _why_not(session, state, who, at, row, now)
    nudge = Nudge(team_id=row.team_id, person_id=who.id, kind="workshop", key=occasion, at=at, dropped=why)
    if ledger.enter(session, nudge) and not why:
        telling.ask(session, row, line, who, at=at, now=now)


def _in_place_of(state: PortfolioState, lead: Member, now: datetime) -> Member:
    """Who is asked: the lead, or while they are away their delegate."""
    if lead.away is None or not lead.away.covers(state.day_of(lead, now)):
        return lead
    return state.people.get(lead.away.delegate or "", lead)


def _why_not(session: Session, state: PortfolioState, who: Member, at: datetime, row: Workshop, now: datetime) -> str:
    return "quiet" if at >= row.starts_at else why_not(session, state, who, now)
