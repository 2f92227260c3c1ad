"""What is said to a proposed workshop: planned as it is proposed, or left out for this cycle; and how the proposal
reads from then on. The rest of planning is in `planning`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from rituals.errors import Refusal
from rituals.notices.workshops import WorkshopOffered
from rituals.okrs.load import PortfolioState, load_portfolio
from rituals.okrs.roles import answers_for, not_yours
from rituals.workshops import planning, rules, seats, words
from rituals.workshops.planning import Plan
from storage import outbox, workshops
from storage import workshop_offers as store
from storage.database import Database, Session
from storage.tables import Workshop, WorkshopOffer

ANOTHER = "The time that was proposed is over or was changed. The message proposes another one now."
GONE = "That unit or cycle is gone. /okr workshop shows what is planned."

State = Literal["open", "declined", "planned", "cancelled", "begun", "held", "over"]


@dataclass(frozen=True)
class Pressed:
    """Who pressed (a Slack id), on the proposal of which unit and cycle (row ids), for which instant (Unix time)."""

    user: str
    unit: int
    cycle: int
    at: int


@dataclass(frozen=True)
class _About:
    """The proposal with what it is about; keys of unit and cycle."""

    state: PortfolioState
    offer: WorkshopOffer
    unit: str
    cycle: str
    row: Workshop | None


def accept(db: Database, team_id: str, pressed: Pressed, *, now: datetime) -> bool:
    """Plan it as it is proposed. False where that time is over: another one is proposed instead, and nothing planned.

    Raises Refusal for who may not, where somebody planned it already, and where it has no channel any more.
    """
    with db.transaction() as session:
        found = _must_find(session, team_id, pressed)
        channel = found.state.rhythms[found.unit].channel
        if not channel:
            raise Refusal(f"{found.state.units[found.unit].name} has no channel any more. Another time asks for one.")
        if found.offer.starts_at <= now or int(found.offer.starts_at.timestamp()) != pressed.at:
            store.put(session, found.offer, starts_at=_starts(found, now))
            _again(session, found, now)
            return False
        store.put(session, found.offer, declined_by="", declined_at=None)
        wanted = Plan(found.unit, found.cycle, channel, found.offer.starts_at)
        planning.settle(session, found.state, pressed.user, wanted, now)
        return True


def leave_out(db: Database, team_id: str, pressed: Pressed, *, now: datetime) -> None:
    """Remember that there is none in this cycle; it can be planned all the same. The first to say so is named.

    Raises Refusal for who may not, and where somebody planned it already.
    """
    with db.transaction() as session:
        found = _must_find(session, team_id, pressed)
        if not found.offer.declined_by:
            store.put(session, found.offer, declined_by=pressed.user, declined_at=now)
            _again(session, found, now)


def offer_now(session: Session, team_id: str, data: Mapping[str, Any], now: datetime) -> WorkshopOffered | None:
    """The proposal with what became of it; None when the unit or the cycle is gone."""
    found = _find(session, team_id, data["unit"], data["cycle"])
    if found is None:
        return None
    state, row = found.state, found.row
    planned = row is not None and row.state != "cancelled"
    starts = row.starts_at if row is not None and planned else found.offer.starts_at
    channel = row.channel if row is not None and planned else state.rhythms[found.unit].channel or ""
    by = state.member(row.facilitator if row is not None and planned else found.offer.declined_by)
    lines = seats.lines(state, found.unit)
    return WorkshopOffered(
        state=_standing(found, now),
        unit=state.units[found.unit].name,
        cycle=found.cycle,
        about=(found.offer.unit_id, found.offer.cycle_id),
        channel=channel,
        starts_at=starts,
        asks_at=row.ask_at if row is not None and planned else _asks_at(found, now),
        lines=state.names(lines),
        minutes=planning.minutes(lines),
        by=by.name if by else "",
    )


def _standing(found: _About, now: datetime) -> State:
    stands = found.row.state if found.row is not None else ""
    if stands in rules.AHEAD:
        return "planned"
    if stands in rules.RUNNING or stands == "closed":
        return "held" if stands == "closed" else "begun"
    cycle = found.state.cycles[found.cycle]
    if cycle.closed or cycle.ends < found.state.today(now):
        return "over"
    if stands == "cancelled":
        return "cancelled"
    return "declined" if found.offer.declined_by else "open"


def _asks_at(found: _About, now: datetime) -> datetime:
    return planning.asks_at(found.state, Plan(found.unit, found.cycle, "", found.offer.starts_at), now)


def _starts(found: _About, now: datetime) -> datetime:
    """The proposal as it would be made today, where the one that stands is over."""
    if found.offer.starts_at > now:
        return found.offer.starts_at
    state = found.state
    starts, off = state.cycles[found.cycle].starts, state.holidays_of(found.unit)
    return rules.suggested(starts, state.today(now), state.zone, off).astimezone(UTC)


def _find(session: Session, team_id: str, unit: int, cycle: int) -> _About | None:
    offer, state = store.of_cycle(session, team_id, unit, cycle), load_portfolio(session, team_id)
    key = next((key for key, span in state.cycles.items() if span.id == cycle), None)
    if offer is None or unit not in state.unit_keys or key is None:
        return None
    row = workshops.of_cycle(session, team_id, unit, cycle)
    return _About(state, offer, state.unit_keys[unit], key, row)


def _must_find(session: Session, team_id: str, pressed: Pressed) -> _About:
    """The proposal, where this person may say something to it and it is open."""
    found = _find(session, team_id, pressed.unit, pressed.cycle)
    if found is None:
        raise Refusal(GONE)
    state, member = found.state, found.state.member(pressed.user)
    if member is None or not answers_for(state, member.key, found.unit):
        raise not_yours(state, f"The workshop of {state.units[found.unit].name}", [found.unit])
    if found.row is not None and found.row.state != "cancelled":
        planner = state.member(found.row.facilitator)
        raise Refusal(f"{planner.name if planner else 'Somebody'} planned it already. {words.where(state, found.row)}")
    return found


def _again(session: Session, found: _About, now: datetime) -> None:
    offer = found.offer
    keys = [row.key for row in store.messages(session, offer.team_id, offer.unit_id, offer.cycle_id)]
    outbox.again(session, offer.team_id, *keys, now=now)
