"""The first step when a round was missed: its lead is told alone what can still be done, and who is told next and when.

Who is told next is decided here too, because the lead reads it first. That it is done is `escalating`'s business.
"""

from collections.abc import Iterable, Mapping, Set
from datetime import datetime, time
from typing import Any

from rituals import nudging
from rituals.calendar import add_working_days, resolve
from rituals.checkins.reminding import instead_of, left_for, recipient, updated_since
from rituals.checkins.shown import unit_name
from rituals.checkins.standing_in import is_away
from rituals.notices import CheckinMissed
from rituals.okrs.load import Member, PortfolioState, load_portfolio
from storage import checkins as queries
from storage import nudges as ledger
from storage import outbox
from storage.database import Database, Session
from storage.outbox import Promise
from storage.tables import CheckinAsk, CheckinRound, Nudge

MORNING = time(9)
AT_ONCE = 50  # leads of one transaction


def above(state: PortfolioState, unit: str, within: Set[str], person: str) -> tuple[Member, ...]:
    """To whom a person's silence in a unit's round goes up: the leads next above what they lead `within` it, which is
    the unit and all below.

    Of somebody who leads nothing in it, as a reporter may, those of the round's unit. Never the person themselves.
    """
    led = [key for key in state.led_by(person) if key in within]
    paths = [[key for key in state.lineage(mine) if key != mine] for mine in led] or [list(state.lineage(unit))]
    found = [key for path in paths for key in _first_led(state, path, person)]
    return tuple(state.people[key] for key in dict.fromkeys(found))


def _first_led(state: PortfolioState, path: Iterable[str], person: str) -> tuple[str, ...]:
    others = (tuple(lead for lead in state.units[key].leads if lead != person) for key in path)
    return next((leads for leads in others if leads), ())


def goes_up_at(state: PortfolioState, row: CheckinRound, to: Member, closed_at: datetime) -> datetime:
    """Nine o'clock of the working day after the round closed, where this lead is, and not in their quiet hours."""
    zone = to.zone or state.zone
    day = add_working_days(closed_at.astimezone(zone).date(), 1, state.holidays_of(state.unit_keys[row.unit_id]))
    return to.quiet.over(resolve(day, MORNING, zone), zone)


def receivers(state: PortfolioState, row: CheckinRound, ask: CheckinAsk) -> tuple[Member, ...]:
    """As `above`, for an ask."""
    unit = state.unit_keys[row.unit_id]
    return above(state, unit, frozenset(state.below(unit)), state.people_by_id[ask.person_id].key)


def tell(db: Database, team_id: str, *, now: datetime) -> int:
    """Tell each lead who was asked and has not answered a round that closed within the week, some to a transaction.

    Returns how many there were; run again it finds none, and takes no writer's lock.
    """
    told = 0
    while some := _tell_some(db, team_id, now):
        told += some
    return told


def _tell_some(db: Database, team_id: str, now: datetime) -> int:
    since = now - nudging.WEEK
    with db.transaction(readonly=True) as session:
        if not ledger.untold(session, team_id, since=since):
            return 0
    with db.transaction() as session:
        state = load_portfolio(session, team_id)
        some = ledger.untold(session, team_id, since=since)[:AT_ONCE]
        for ask, row in some:
            _tell(session, state, row, ask, now)
        return len(some)


def _tell(session: Session, state: PortfolioState, row: CheckinRound, ask: CheckinAsk, now: datetime) -> None:
    to = recipient(state, ask, now)
    why = _silent(session, state, ask, to, now)
    if why in {"away", "updated"} or not receivers(state, row, ask):
        ask.escalated_at = now
        session.add(ask)
    at = to.quiet.over(now, to.zone or state.zone)
    if enter(session, state, to, f"missed:{ask.id}", at, why, ask) and not why:
        promise = Promise(
            key=f"missed:{ask.id}",
            kind=CheckinMissed.KIND,
            to=to.slack or "",
            data={"ask": ask.id},
            mode="live",
            due_at=at,
        )
        outbox.promise(session, state.team_id, promise, now=now)


def _silent(session: Session, state: PortfolioState, ask: CheckinAsk, to: Member, now: datetime) -> str:
    """Why they are not told; "" where they are."""
    if is_away(state, to, now):
        return "away"
    if updated_since(session, state, ask, now):
        return "updated"
    if to.slack is None:
        return "unknown"
    return "" if left_for(session, state, to, now) else "limit"


def missed_now(session: Session, team_id: str, data: Mapping[str, Any], now: datetime) -> CheckinMissed | None:
    """What the lead of the ask `data["ask"]` is told; None where they have answered meanwhile."""
    ask = queries.get_ask(session, team_id, data["ask"])
    row = queries.get_round(session, team_id, ask.round_id) if ask else None
    if ask is None or row is None or ask.state != "missed":
        return None
    state = load_portfolio(session, team_id)
    told = receivers(state, row, ask)
    return CheckinMissed(
        ask=ask.id or 0,
        number=row.number,
        unit=unit_name(state, row),
        told=tuple(member.name for member in told),
        told_at=min((goes_up_at(state, row, member, row.closed_at or now) for member in told), default=None),
        instead_of=instead_of(state, ask, recipient(state, ask, now)),
    )


def enter(
    session: Session,
    state: PortfolioState,
    to: Member,
    key: str,
    at: datetime,
    why: str,
    ask: CheckinAsk | None = None,
) -> bool:
    """Write an escalation down once; False where it was before."""
    row = Nudge(
        team_id=state.team_id,
        person_id=to.id,
        kind="escalation",
        key=key,
        at=at,
        dropped=why,
        ask_id=ask.id if ask else None,
    )
    return ledger.enter(session, row)
