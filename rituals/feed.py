"""The calendar of the rituals: check-ins, digests, ratings and workshops of the running and the next cycle. Above the
rituals; reads only, and asks each ritual's own rules for its instants.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from rituals.cadence import nearest
from rituals.calendar import Cadence, interval_of, number_of, occurrences, opening
from rituals.checkins.rules import participants
from rituals.checkins.turns import turns
from rituals.digests.audiences import Plan, places_of, plans
from rituals.errors import Refusal
from rituals.ics import Event, calendar
from rituals.okrs.load import CycleSpan, PortfolioState
from rituals.okrs.seen import load_for
from rituals.ratings import rules as ratings
from rituals.workshops import planning
from storage import workshops
from storage.database import Database
from storage.tables import Workshop

NAME = "Plumbline"
NOTHING = "there is nothing for a calendar: no unit has a cadence or digest in the running or the next cycle"
CHECKIN, DIGEST, RATING = timedelta(minutes=30), timedelta(minutes=15), timedelta(minutes=15)
_DAY = timedelta(days=1)


def feed(db: Database, team_id: str, *, now: datetime, cycle: str | None = None, user: str | None = None) -> str:
    """The rituals as an `.ics` file, of the running and the next cycle or of one (key).

    Made for a Slack `user` it has what that person may see; for None, the operator, it has everything.

    Raises Refusal for an unknown cycle, and where there is nothing to show.
    """
    with db.transaction(readonly=True) as session:
        state = load_for(session, team_id, user)
        rows = workshops.every(session, team_id)
    cycles = _cycles(state, now, cycle)
    found = {event.uid: event for event in (*_events(state, cycles), *_workshops(state, rows, cycles))}
    if not found:
        raise Refusal(NOTHING)
    return calendar(NAME, sorted(found.values(), key=lambda event: (event.starts, event.uid)), stamp=now)


def _cycles(state: PortfolioState, now: datetime, cycle: str | None) -> list[CycleSpan]:
    if cycle is not None:
        if cycle not in state.cycles:
            raise Refusal(f'there is no cycle "{cycle}"{nearest(cycle, state.cycles)}', "cycle")
        return [state.cycles[cycle]]
    today = state.today(now)
    running = [c for c in state.cycles.values() if c.starts <= today <= c.ends and not c.closed]
    first = min((c.starts for c in state.cycles.values() if c.starts > today), default=None)
    return running + [c for c in state.cycles.values() if c.starts == first]


def _events(state: PortfolioState, cycles: Sequence[CycleSpan]) -> Iterator[Event]:
    """What two cycles share, as the check-ins of a quarter and its half-year, has one id and comes once."""
    digests = [p for p in plans(places_of(state), state.zone.key) if p.to and not state.units[p.unit].hidden]
    for cycle in reversed(cycles):
        for unit in state.named_units:
            cadence = state.own_cadence(unit)
            if cadence is not None:
                yield from _checkins(state, unit, cadence, cycle)
            if state.units[unit].level == "portfolio":
                yield from _ratings(state, unit, cycle)
        for plan in digests:
            yield from _digests(state, plan, cycle)


def _checkins(state: PortfolioState, unit: str, c: Cadence, cycle: CycleSpan) -> Iterator[Event]:
    off = state.holidays_of(unit)
    name, of = state.units[unit].name, number_of(c, cycle.ends, cycle.starts, off)
    for day in _days(c, cycle.starts, cycle.ends, off):
        members = participants(state, unit, day)
        zones = [(member.zone or state.zone).key for member in members]
        at = opening(c, day, default_zone=state.zone.key, zones=zones)
        closes = max((turn.due_at for turn in turns(state, unit, c, day, members)), default=None)
        asked = "" if c.timezone else f" Each lead is asked at {c.at:%H:%M} where they are."
        until = f" Answers count until {_words(state, closes)}." if closes else ""
        title = f"Check-in {number_of(c, day, cycle.starts, off)} of {of}: {name}"
        yield Event(_uid(state, "checkin", unit, day), at, at + CHECKIN, title, f"Answer in Slack.{asked}{until}")


def _digests(state: PortfolioState, plan: Plan, cycle: CycleSpan) -> Iterator[Event]:
    """Those of the cycle, and the last one after its end."""
    of = " for its product lines" if plan.audience == "portfolio" else ""
    kind = f"digest-{plan.audience}" if of else "digest"
    for day in _days(plan.cadence, cycle.starts, cycle.ends + interval_of(plan.cadence), state.holidays_of(plan.unit)):
        at = opening(plan.cadence, day, default_zone=plan.zone)
        title = f"Digest: {state.units[plan.unit].name}{of}"
        yield Event(_uid(state, kind, plan.unit, day), at, at + DIGEST, title)


def _ratings(state: PortfolioState, unit: str, cycle: CycleSpan) -> Iterator[Event]:
    off = state.holidays_of(unit)
    opens, closes = ratings.opens_at(cycle.ends, state.zone, off), ratings.closes_at(cycle.ends, state.zone, off)
    name = f"{state.units[unit].name}, {cycle.key}"
    until = f"How well did the product lines work together? Votes count until {_words(state, closes)}."
    opened, closed = (_uid(state, f"rating-{end}", unit, cycle.key) for end in ("opens", "closes"))
    yield Event(opened, opens, opens + RATING, f"The rating opens: {name}", until)
    yield Event(closed, closes - RATING, closes, f"The rating closes: {name}")


def _workshops(state: PortfolioState, rows: Iterable[Workshop], cycles: Sequence[CycleSpan]) -> Iterator[Event]:
    """As long as its lines take; one that was called off is marked so."""
    keys = {cycle.id: cycle.key for cycle in cycles}
    for row in rows:
        unit = state.unit_keys[row.unit_id]
        if row.cycle_id in keys and not state.units[unit].hidden:
            cycle = keys[row.cycle_id]
            yield Event(
                _uid(state, "workshop", unit, cycle),
                row.starts_at,
                row.starts_at + timedelta(minutes=planning.minutes(row.turns or ())),
                f"Alignment workshop: {state.units[unit].name}, {cycle}",
                "In the workshop's channel in Slack: ten minutes for each line, then the adjustment round.",
                sequence=row.step,
                cancelled=row.state == "cancelled",
            )


def _days(c: Cadence, first: date, last: date, off: Container[date]) -> Iterable[date]:
    for day in occurrences(c, after=first - _DAY, holidays=off):
        if day > last:
            return
        yield day


def _uid(state: PortfolioState, what: str, unit: str, which: date | str) -> str:
    """By unit and local day as the ledger is, so that a change of the hour moves the event and makes no second one."""
    return f"{what}-{unit}-{which}@{state.team_id}.plumbline"


def _words(state: PortfolioState, at: datetime) -> str:
    local = at.astimezone(state.zone)
    return f"{local:%A}, {local.day} {local:%B}, {local:%H:%M} ({state.zone.key})"
