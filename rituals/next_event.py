"""When something happens next: the earliest instant at which a ritual or a message falls due. Above the rituals; reads
only. For the sandbox's "next event" and the scripted play; the running bot needs it not, it looks every few seconds.
"""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from rituals.calendar import Cadence, interval_of, next_slot, resolve
from rituals.checkins import escalating
from rituals.checkins.service import zones_of
from rituals.checkins.standing_in import replacement_at
from rituals.digests.audiences import places_of, plans
from rituals.okrs.load import PortfolioState, load_portfolio
from rituals.okrs.ownership.waiting import REMIND_AFTER
from rituals.ratings import rules as ratings
from storage import checkins as asks
from storage import digest_ledger, flags, outbox, ownership, workshops
from storage import ratings as polls
from storage.database import Session

MOST_NAMED = 3
NO_TIME = timedelta()


@dataclass(frozen=True, order=True)
class Event:
    """The instant (aware, UTC) and what falls due then, in a few words."""

    at: datetime
    what: str


def next_event(session: Session, team_id: str, *, now: datetime) -> Event | None:
    """What falls due next after `now`, all that does at one instant; None when the calendar is empty, as after the
    last cycle."""
    state = load_portfolio(session, team_id)
    found = [
        *_rounds(state, now),
        *_asks(session, state, now),
        *_missed(session, state, now),
        *_digests(session, state, now),
        *_ratings(session, state),
        *_closings(session, state, now),
        *_workshops(session, state),
        *_offers(session, state, now),
        *_ownings(session, state.team_id),
        *_flags(session, state, now),
        *_messages(session, team_id),
    ]
    ahead = [event for event in found if event.at > now]
    first = min((event.at for event in ahead), default=None)
    return Event(first, _together([event.what for event in ahead if event.at == first])) if first else None


def _together(what: list[str]) -> str:
    shown = ", ".join(what[:MOST_NAMED])
    return f"{shown} and {len(what) - MOST_NAMED} more" if len(what) > MOST_NAMED else shown


def _rounds(state: PortfolioState, now: datetime) -> Iterator[Event]:
    for key in state.rhythms:
        cadence = state.own_cadence(key)
        if cadence is None:
            continue
        zones = zones_of(state, key, now)
        slot = _slot_in_a_cycle(cadence, state, now, zones=zones, off=state.holidays_of(key))
        if slot is not None:
            yield Event(slot, f"the check-in of {state.units[key].name} opens")


def _slot_in_a_cycle(
    cadence: Cadence,
    state: PortfolioState,
    now: datetime,
    *,
    off: Container[date],
    zones: Iterable[str] = (),
    grace: timedelta = NO_TIME,
) -> datetime | None:
    """The first slot after `now` whose day lies in a cycle or up to `grace` behind it; between cycles it is far off."""
    spans = [c for c in state.cycles.values() if not c.closed or grace]
    names, last = tuple(zones), max((c.ends for c in spans), default=None)
    day, slot = next_slot(cadence, now=now, default_zone=state.zone.key, holidays=off, zones=names)
    while last is not None and day <= last + grace:
        if any(c.starts <= day <= c.ends + grace for c in spans):
            return slot
        day, slot = next_slot(cadence, now=slot, default_zone=state.zone.key, holidays=off, zones=names)
    return None


def _asks(session: Session, state: PortfolioState, now: datetime) -> Iterator[Event]:
    rounds = asks.open_rounds(session, state.team_id)
    for row in rounds:
        yield Event(row.due_at, f"check-in {row.number} closes")
    for found in asks.asks_of(session, state.team_id, [row.id for row in rounds if row.id is not None]):
        name = found.person.name
        takes_over = replacement_at(state, found.ask, now)
        if takes_over is not None:
            yield Event(takes_over, f"somebody is asked in the place of {name}")
        if found.ask.snoozed_until is not None and found.ask.state == "asked":
            yield Event(found.ask.snoozed_until, f"the check-in of {name} is back")
        if found.ask.state == "upcoming":
            yield Event(found.ask.slot, f"{name} is asked")
        if found.ask.state == "asked" and found.ask.reminded_at is None:
            yield Event(found.ask.remind_at, f"{name} is reminded")
        if found.ask.state == "asked" and found.ask.last_called_at is None and found.ask.last_call_at is not None:
            yield Event(found.ask.last_call_at, f"the last call to {name}")


def _missed(session: Session, state: PortfolioState, now: datetime) -> Iterator[Event]:
    for step in escalating.steps(session, state, now):
        yield Event(step.at, f"{step.to.name} is told who missed check-in {step.row.number}")


def _digests(session: Session, state: PortfolioState, now: datetime) -> Iterator[Event]:
    for plan in plans(places_of(state), state.zone.key):
        c = replace(plan.cadence, timezone=plan.cadence.timezone or plan.zone)
        slot = _slot_in_a_cycle(c, state, now, off=state.holidays_of(plan.unit), grace=interval_of(c))
        of = "for the product lines of" if plan.audience == "portfolio" else "of"
        if slot is not None and (plan.to or plan.set_by == plan.unit):
            yield Event(slot, f"the digest {of} {state.units[plan.unit].name}")
    waits = digest_ledger.next_attended(session, state.team_id)
    if waits is not None:
        yield Event(waits, "a digest that waits for a person is looked at")


def _ratings(session: Session, state: PortfolioState) -> Iterator[Event]:
    entered = polls.entered(session, state.team_id)
    for key in (unit.key for unit in state.units.values() if unit.level == "portfolio"):
        for cycle in state.cycles.values():
            if (state.unit_ids[key], cycle.id) not in entered:
                opens = ratings.opens_at(cycle.ends, state.zone, state.holidays_of(key))
                yield Event(opens, f"the rating of {cycle.key} opens")
    for poll in polls.polls(session, state.team_id):
        if poll.row.state == "open":
            yield Event(poll.row.closes_at, "the rating closes")
    for invite in polls.unreminded(session, state.team_id):
        if invite.remind_at is not None:
            yield Event(invite.remind_at, f"{state.people_by_id[invite.person_id].name} is reminded of the rating")


def _workshops(session: Session, state: PortfolioState) -> Iterator[Event]:
    for row in workshops.unfinished(session, state.team_id):
        name = state.units[state.unit_keys[row.unit_id]].name
        if row.state == "planned":
            yield Event(row.ask_at, f"the lines of {name} are asked for their drafts")
        if row.state in {"planned", "drafting"} and row.agenda_at is None:
            yield Event(row.starts_at, f"the workshop of {name}")
        if row.state == "presenting" and row.tick_at is not None:
            yield Event(row.tick_at, f"the clock of the workshop of {name}")


def _offers(session: Session, state: PortfolioState, now: datetime) -> Iterator[Event]:
    """When a workshop is proposed that nobody planned."""
    from rituals.workshops import offering

    for key, at in offering.ahead(session, state, now):
        yield Event(at, f"the workshop of {state.units[key].name} is proposed")


def _closings(session: Session, state: PortfolioState, now: datetime) -> Iterator[Event]:
    """When a cycle that was not closed is asked for; before its end it is not known whether it will be."""
    from rituals.closing import reminding

    for key, day in reminding.days_ahead(session, state, now):
        yield Event(datetime.combine(day, time(), UTC), f"the closing of {key} is asked for")


def _ownings(session: Session, team_id: str) -> Iterator[Event]:
    for row in ownership.unreminded(session, team_id):
        yield Event((row.answered_at or row.asked_at) + REMIND_AFTER, "whoever is asked to own is reminded")


def _flags(session: Session, state: PortfolioState, now: datetime) -> Iterator[Event]:
    """When a thread of co-owners that waits can be opened; what is looked at with every new day is no event."""
    look = flags.last_look(session, state.team_id)
    if look is not None and look.next_at < resolve(state.today(now) + timedelta(days=1), time(0), state.zone):
        yield Event(look.next_at, "co-owners of what falls behind are asked")


def _messages(session: Session, team_id: str) -> Iterator[Event]:
    due = outbox.next_due(session, team_id)
    if due is not None:
        yield Event(due + timedelta(milliseconds=1), "a message is due")
