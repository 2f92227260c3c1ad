"""Planning a workshop: who may, what stands in the way, and saving it. The form is in `choosing`."""

from collections.abc import Sized
from dataclasses import dataclass
from datetime import datetime, timedelta

from rituals.errors import FormRefusal, Refusal
from rituals.okrs.live import refresh_homes
from rituals.okrs.load import Member, PortfolioState, load_portfolio
from rituals.okrs.roles import answers_for, may_see_unit, not_yours
from rituals.workshops import rules, seats, telling, words
from storage import workshops as store
from storage.database import Database, Session
from storage.tables import Workshop

AFTER = timedelta(minutes=15)  # beside the lines' ten minutes: the round and the confirmation


@dataclass(frozen=True)
class Plan:
    """What was chosen: keys of unit and cycle, a channel's id, the beginning (aware)."""

    unit: str
    cycle: str
    channel: str
    starts_at: datetime


def plan(db: Database, team_id: str, user: str, wanted: Plan, *, now: datetime) -> int:
    """Plan the workshop of a unit and cycle, or move one that has not begun to another time or channel; its row id.

    The same again changes nothing. Raises FormRefusal for a time that is over, Refusal for who may not, and where the
    workshop of that cycle has been held.
    """
    with db.transaction() as session:
        return settle(session, load_portfolio(session, team_id), user, wanted, now)


def settle(session: Session, state: PortfolioState, user: str, wanted: Plan, now: datetime) -> int:
    """The same, inside a transaction that does more."""
    _refuse(state, state.member(user), wanted, now)
    unit, cycle = state.unit_ids[wanted.unit], state.cycles[wanted.cycle].id
    row = store.of_cycle(session, state.team_id, unit, cycle)
    if row is None:
        store.enter(session, _row(state, user, wanted, now))
        row = store.of_cycle(session, state.team_id, unit, cycle)
        assert row is not None
        telling.offered(session, row, now=now)
    elif (row.starts_at, row.channel) != (wanted.starts_at, wanted.channel) or row.state == "cancelled":
        _again(session, state, row, user, wanted, now)
    refresh_homes(session, state, units=(wanted.unit, *(row.turns or ())), now=now)
    return telling.number_of(row)


def _row(state: PortfolioState, user: str, wanted: Plan, now: datetime) -> Workshop:
    return Workshop(
        team_id=state.team_id,
        unit_id=state.unit_ids[wanted.unit],
        cycle_id=state.cycles[wanted.cycle].id,
        channel=wanted.channel,
        starts_at=wanted.starts_at,
        ask_at=asks_at(state, wanted, now),
        facilitator=user,
        turns=list(seats.lines(state, wanted.unit)),
    )


def _again(session: Session, state: PortfolioState, row: Workshop, user: str, wanted: Plan, now: datetime) -> None:
    """Another time or channel; what was called off begins anew, with messages of its own."""
    if row.state not in rules.AHEAD | {"cancelled"}:
        raise Refusal(f"The workshop of {wanted.cycle} has begun. {words.where(state, row)}")
    off = row.state == "cancelled"
    values = {
        "channel": wanted.channel,
        "starts_at": wanted.starts_at,
        "ask_at": asks_at(state, wanted, now),
        "turns": list(seats.lines(state, wanted.unit)),
        "state": "planned" if off else row.state,
        "run": row.run + off,
        "agenda_at": None,
        "facilitator": user if off else row.facilitator,
        "moved_by": user,
        "moved_at": now,
    }
    if row.agenda_at is not None and not off:
        values["run"] = row.run + 1
    store.move(session, row, step=row.step, values=values)
    telling.again(session, row, (), now=now)


def asks_at(state: PortfolioState, wanted: Plan, now: datetime) -> datetime:
    """When the lines would be asked for their drafts; at once where that day is over."""
    return max(now, rules.asks_at(wanted.starts_at, state.zone, state.holidays_of(wanted.unit)))


def _refuse(state: PortfolioState, member: Member | None, wanted: Plan, now: datetime) -> None:
    if wanted.unit not in state.units or wanted.cycle not in state.cycles:
        raise Refusal("That unit or cycle is gone. Open the form again.")
    if member is None or not answers_for(state, member.key, wanted.unit):
        raise not_yours(state, f"The workshop of {state.units[wanted.unit].name}", [wanted.unit])
    errors = {}
    if not seats.lines(state, wanted.unit):
        errors["unit"] = f"{state.units[wanted.unit].name} has no product lines below it that could present."
    if wanted.channel not in _channels(state, wanted.unit, wanted.channel):
        errors["channel"] = (
            f"{state.units[wanted.unit].name} is private, so its workshop is held in a channel of its own."
        )
    cycle = state.cycles[wanted.cycle]
    if cycle.closed or cycle.ends < state.today(now):
        errors["cycle"] = f"{wanted.cycle} is over."
    if wanted.starts_at <= now:
        errors["day"] = f"{words.when(state, wanted.starts_at)} is over. Choose a later time."
    if errors:
        raise FormRefusal(errors)


def _channels(state: PortfolioState, unit: str, wanted: str) -> tuple[str, ...]:
    """Where it may be held: anywhere, but what is private only where its leads let people in, if there is a place."""
    rhythm = state.rhythms[unit]
    own = tuple(one for one in (rhythm.channel, rhythm.leadership_channel) if one)
    return own if own and not may_see_unit(state, None, unit) else (wanted,)


def minutes(lines: Sized) -> int:
    """How long it takes so many lines, with the round and the confirmation."""
    return int((len(lines) * rules.TURN + AFTER) / timedelta(minutes=1))
