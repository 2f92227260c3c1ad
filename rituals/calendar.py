"""When rituals happen: cadences stepped on local dates, each resolved once to an instant.

A step never passes through UTC, so no change of the clocks moves, doubles or drops an occurrence. Nothing here
reads the clock: `now` is always an argument (aware, any zone). Holidays are whatever says `day in holidays`.
"""

from calendar import monthrange
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, islice
from types import MappingProxyType
from typing import Protocol
from zoneinfo import ZoneInfo

from rituals.cadence import EPOCH, ORDINALS, WEEKDAYS, Cadence, dump_cadence, parse_cadence, zone_of

__all__ = [
    "EPOCH",
    "NO_DAYS",
    "NO_NAMED_DAYS",
    "Cadence",
    "NamedDays",
    "Slot",
    "add_working_days",
    "due_slot",
    "dump_cadence",
    "interval_of",
    "latest_on_or_before",
    "next_slot",
    "nominal_day",
    "number_of",
    "occurrences",
    "opening",
    "parse_cadence",
    "preview",
    "resolve",
    "window_end",
    "zone_of",
]

_DAY = timedelta(days=1)
_CLOSES = time(18)
NO_DAYS: frozenset[date] = frozenset()


class NamedDays(Protocol):
    """Holidays with their names; a plain dict is one."""

    def __contains__(self, day: object, /) -> bool: ...

    def get(self, day: date, default: str, /) -> str:
        """The name of a day."""
        ...


NO_NAMED_DAYS: NamedDays = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Slot:
    """An occurrence: its local day and instant. Where it had to move: from which day, and the name of the holiday
    there (empty where it was a weekend)."""

    day: date
    at: datetime
    moved_from: date | None = None
    holiday: str = ""


def occurrences(c: Cadence, *, after: date, holidays: Container[date] = NO_DAYS) -> Iterator[date]:
    """The days of a cadence later than `after`, strictly increasing, without end (until the year 9999).

    None is before `starts`; one on a holiday, or by day number on a weekend, moves to the next working day; two
    that would fall on one day are one.
    """
    # A day before `after` can move past it only through an unbroken run of days off that reaches `after`.
    first = after
    while first > c.starts and _off(c, first, holidays):
        first -= _DAY
    last = after
    try:
        for period in count(max(0, _period_of(c, first))):
            for day in _days_of(c, period):
                moved = _moved(c, day, holidays)
                if moved > last:
                    last = moved
                    yield moved
    except (OverflowError, ValueError):
        return


def latest_on_or_before(c: Cadence, day: date, holidays: Container[date] = NO_DAYS) -> date | None:
    """The newest occurrence that is not later than `day`, or None where the cadence had none yet."""
    found = _latest(c, day, holidays)
    return found[0] if found else None


def nominal_day(c: Cadence, day: date, holidays: Container[date] = NO_DAYS) -> date:
    """The day on which the occurrence of `day` would be were no day off: another one where it moved."""
    found = _latest(c, day, holidays)
    return found[1] if found else day


def _latest(c: Cadence, day: date, holidays: Container[date]) -> tuple[date, date] | None:
    """The newest occurrence not later than `day`, and the day it stood on before it moved."""
    for period in range(_period_of(c, day), -1, -1):
        for nominal in reversed(_days_of(c, period)):
            moved = _moved(c, nominal, holidays)
            if moved <= day:
                return moved, nominal
    return None


def number_of(c: Cadence, day: date, since: date, holidays: Container[date] = NO_DAYS) -> int:
    """Which occurrence counted from `since` (included) the one on `day` is: the 4 of "4 of 6".

    With `day` the last day of a cycle, it is the 6.
    """
    number = 0
    for occurrence in occurrences(c, after=since - _DAY, holidays=holidays):
        if occurrence > day:
            break
        number += 1
    return number


def resolve(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant (UTC) of a wall time: one in a gap moves forward by the gap, a repeated one is its first."""
    return datetime.combine(day, at.replace(fold=0), tzinfo=zone).astimezone(UTC)


def opening(c: Cadence, day: date, *, default_zone: str, zones: Iterable[str] = ()) -> datetime:
    """The instant at which the occurrence on `day` opens.

    With a `timezone` of its own: that wall time there. Without: the first of the people's `zones`, or of
    `default_zone` where none is known.
    """
    names = {c.timezone} if c.timezone else set(zones) or {default_zone}
    return min(resolve(day, c.at, ZoneInfo(name)) for name in names)


def due_slot(
    c: Cadence,
    *,
    now: datetime,
    default_zone: str,
    holidays: Container[date] = NO_DAYS,
    zones: Iterable[str] = (),
) -> tuple[date, datetime] | None:
    """The newest occurrence (local day, instant) whose instant is not later than `now`, or None before the first."""
    names = tuple(zones)
    day = latest_on_or_before(c, _utc_day(now) + 2 * _DAY, holidays)
    while day is not None:
        instant = opening(c, day, default_zone=default_zone, zones=names)
        if instant <= now:
            return day, instant
        day = latest_on_or_before(c, day - _DAY, holidays)
    return None


def next_slot(
    c: Cadence,
    *,
    now: datetime,
    default_zone: str,
    holidays: Container[date] = NO_DAYS,
    zones: Iterable[str] = (),
) -> tuple[date, datetime]:
    """The first occurrence (local day, instant) whose instant is later than `now`."""
    names = tuple(zones)
    for day in occurrences(c, after=_utc_day(now) - 3 * _DAY, holidays=holidays):
        instant = opening(c, day, default_zone=default_zone, zones=names)
        if instant > now:
            return day, instant
    raise ValueError("the calendar ends in the year 9999")


def preview(
    c: Cadence,
    *,
    now: datetime,
    default_zone: str,
    holidays: NamedDays = NO_NAMED_DAYS,
    zones: Iterable[str] = (),
    count: int = 6,
) -> tuple[Slot, ...]:
    """The next `count` slots after `now`, each with where it moved from and why; as `next_slot` finds them."""
    names = tuple(zones)
    days = occurrences(c, after=_utc_day(now) - 3 * _DAY, holidays=holidays)
    slots = ((day, opening(c, day, default_zone=default_zone, zones=names)) for day in days)
    return tuple(islice((_slot(c, day, at, holidays) for day, at in slots if at > now), count))


def _slot(c: Cadence, day: date, at: datetime, holidays: NamedDays) -> Slot:
    nominal = nominal_day(c, day, holidays)
    return Slot(day, at) if nominal == day else Slot(day, at, nominal, holidays.get(nominal, ""))


def add_working_days(day: date, days: int, holidays: Container[date] = NO_DAYS) -> date:
    """The `days`-th working day (Monday to Friday, no holiday) after `day`."""
    while days > 0:
        day += _DAY
        if day.weekday() < 5 and day not in holidays:
            days -= 1
    return day


def window_end(day: date, zone: ZoneInfo, holidays: Container[date] = NO_DAYS, *, days: int = 2) -> datetime:
    """When the round of a slot's local day closes: 18:00 there on the second working day (or another) after it."""
    return resolve(add_working_days(day, days, holidays), _CLOSES, zone)


def interval_of(c: Cadence) -> timedelta:
    """The nominal time between two occurrences: 14 days for 2 weeks, 30 for a month, shared by the days of `on`."""
    return timedelta(days=(7 if c.unit == "weeks" else 30) * c.every) / len(c.on)


def _utc_day(now: datetime) -> date:
    return now.astimezone(UTC).date()


def _period_of(c: Cadence, day: date) -> int:
    """The number of the period that holds `day`, counted from the one that holds `starts` (negative before it)."""
    if c.unit == "weeks":
        return (_monday(day) - _monday(c.starts)).days // (7 * c.every)
    months = (day.year - c.starts.year) * 12 + day.month - c.starts.month
    return months // c.every


def _days_of(c: Cadence, period: int) -> list[date]:
    """The days that `on` names in a period, in order, without those before `starts`."""
    if c.unit == "weeks":
        monday = _monday(c.starts) + timedelta(days=7 * c.every * period)
        days = {monday + timedelta(days=WEEKDAYS.index(name)) for name in c.on}
    else:
        years, month = divmod(c.starts.month - 1 + c.every * period, 12)
        days = {_in_month(c.starts.year + years, month + 1, name) for name in c.on}
    return sorted(day for day in days if day >= c.starts)


def _in_month(year: int, month: int, name: str) -> date:
    """`15`, `first monday`, `last friday` of a month; a number beyond its end is its last day."""
    length = monthrange(year, month)[1]
    if name.isdecimal():
        return date(year, month, min(int(name), length))
    ordinal, _, weekday = name.partition(" ")
    first = date(year, month, 1)
    day = 1 + (WEEKDAYS.index(weekday) - first.weekday()) % 7 + 7 * ORDINALS.index(ordinal)
    # "last" stands fifth in ORDINALS: the fifth such weekday, or the fourth where the month has no fifth.
    return date(year, month, day if day <= length else day - 7)


def _off(c: Cadence, day: date, holidays: Container[date]) -> bool:
    """A day on which nothing is asked: a holiday, or a weekend day that `on` does not name."""
    if day in holidays:
        return True
    return day.weekday() >= 5 and not any(name.endswith(WEEKDAYS[day.weekday()]) for name in c.on)


def _moved(c: Cadence, day: date, holidays: Container[date]) -> date:
    while _off(c, day, holidays):
        day += _DAY
    return day


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
