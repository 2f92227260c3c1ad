"""When a co-owners' thread may be opened, and where. Pure.

In the hours of the workspace, on a working day, once nobody who is asked sleeps any more; from 16:00 on with whoever is
awake. At most three a day in one place: a heap of threads helps nobody.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from rituals.calendar import NamedDays, resolve
from rituals.okrs.model import KeyResult
from rituals.okrs.roles import may_see_unit
from rituals.okrs.state import Member, PortfolioState

FROM, LATEST = time(9), time(16)
MOST_A_DAY = 3
APART = timedelta(days=14)
_FRIDAY = 4


def first_hour(at: datetime, people: Iterable[Member], zone: ZoneInfo, off: NamedDays) -> datetime:
    """The first instant from `at` on at which a thread for these people may be opened."""
    asked, day = tuple(people), at.astimezone(zone).date()
    while True:
        begin, latest = max(at, resolve(day, FROM, zone)), resolve(day, LATEST, zone)
        if begin <= latest and day.weekday() <= _FRIDAY and day not in off:
            return min(_all_awake(begin, asked, zone, latest), latest)
        day += timedelta(days=1)


def _all_awake(at: datetime, people: tuple[Member, ...], zone: ZoneInfo, latest: datetime) -> datetime:
    """The first instant at which nobody is in their quiet hours; beyond `latest` it is of no use."""
    while at <= latest:
        later = max((member.quiet.over(at, member.zone or zone) for member in people), default=at)
        if later == at:
            break
        at = later
    return at


def midnight(at: datetime, zone: ZoneInfo) -> datetime:
    """The beginning of the local day."""
    return resolve(at.astimezone(zone).date(), time(0), zone)


def tomorrow(at: datetime, zone: ZoneInfo) -> datetime:
    """The beginning of the next local day."""
    return resolve(at.astimezone(zone).date() + timedelta(days=1), time(0), zone)


def unit_above(state: PortfolioState, kr: KeyResult) -> str:
    """The unit in whose channel a key result is talked about: the portfolio that its objective belongs to, else the
    objective's own unit.
    """
    lineage = list(state.lineage(state.objectives_by_key[kr.objective].unit))
    return next((key for key in lineage if state.units[key].level == "portfolio"), lineage[0])


def channel_of(state: PortfolioState, kr: KeyResult) -> str:
    """The channel in which its co-owners talk; "" where there is none, or where a unit of theirs is private."""
    unit = unit_above(state, kr)
    public = all(may_see_unit(state, None, key) for key in (unit, *kr.owners))
    return state.rhythms[unit].channel or "" if public else ""
