"""When each lead of a round is asked, reminded and out of time. Pure: a portfolio and a day in, instants out.

A round moves as a whole by its unit's holidays; a lead is not asked in their quiet hours and not on a holiday of the
unit that they lead, and their two working days are counted from when they are asked.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from rituals import nudging
from rituals.cadence import WEEKDAYS
from rituals.calendar import Cadence, NamedDays, add_working_days, occurrences, resolve, window_end
from rituals.okrs.load import Member, PortfolioState
from rituals.quiet import Quiet

_LONGEST_WAIT = timedelta(days=14)  # from a round's day until the last of its leads is asked


@dataclass(frozen=True)
class Turn:
    """When one lead is asked, reminded, called for the last time (None where there is no time), and out of time."""

    member: Member
    slot: datetime
    due_at: datetime
    remind_at: datetime
    last_call_at: datetime | None


def turns(state: PortfolioState, unit: str, c: Cadence, day: date, members: Iterable[Member]) -> tuple[Turn, ...]:
    """When each lead is asked in a unit's round of a day. With a zone of the cadence all at one instant, else at that
    wall time where they are; later where that is in their night or on their holiday."""
    within = frozenset(state.below(unit))
    return tuple(_turn(state, c, day, member, _days_off(state, member, unit, within)) for member in members)


def _turn(state: PortfolioState, c: Cadence, day: date, member: Member, off: NamedDays) -> Turn:
    own = member.zone or state.zone
    at = resolve(day, c.at, ZoneInfo(c.timezone) if c.timezone else own)
    slot = _awake(c, at, member.quiet, own, off)
    due_at = window_end(slot.astimezone(own).date(), own, off)
    reminders = nudging.times(slot, due_at, member.quiet, own)
    return Turn(member, slot, due_at, reminders.remind_at or due_at, reminders.last_call_at)


def _days_off(state: PortfolioState, member: Member, unit: str, within: Set[str]) -> NamedDays:
    """The holidays of the unit that a lead leads in this round; of the round's own for who leads none."""
    led = state.led_by(member.key)
    own = next((key for key in led if key in within), next(iter(led), unit))
    return state.holidays_of(own)


def _awake(c: Cadence, at: datetime, quiet: Quiet, zone: ZoneInfo, off: NamedDays) -> datetime:
    """The first instant from `at` on that is neither quiet nor on a day off. A holiday is over at that hour of the next
    working day; a weekend day that the cadence names is wanted."""
    while True:
        local = at.astimezone(zone)
        if local.date() in off:
            at = resolve(add_working_days(local.date(), 1, off), local.time(), zone)
            continue
        wanted = any(name.endswith(WEEKDAYS[local.weekday()]) for name in c.on)
        hours = replace(quiet, weekends=quiet.weekends and not (wanted and local.weekday() >= 5))
        over = hours.over(at, zone)
        if over.astimezone(zone).date() not in off:
            return over
        at = over


def next_turn(state: PortfolioState, unit: str, member: Member, now: datetime) -> datetime | None:
    """When a lead is asked next in a unit's own rounds; None without a cadence, or where no cycle has another round."""
    c = state.own_cadence(unit)
    if c is None:
        return None
    last = max((cycle.ends for cycle in state.cycles.values()), default=date.min)
    for day in occurrences(c, after=state.day_of(member, now) - _LONGEST_WAIT, holidays=state.holidays_of(unit)):
        if day > last:
            return None
        [turn] = turns(state, unit, c, day, [member])
        if turn.slot > now and any(cycle.starts <= day <= cycle.ends for cycle in state.cycles.values()):
            return turn.slot
    return None
