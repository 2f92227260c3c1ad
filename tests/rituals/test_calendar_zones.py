"""Slots in every time zone there is: once a period, strictly later, never in a gap; and what odd clocks do to them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise, takewhile
from zoneinfo import ZoneInfo, available_timezones

import pytest

from rituals.cadence import Cadence, Steps
from rituals.calendar import due_slot, next_slot, occurrences, opening

DAY = timedelta(days=1)
EVERY_ZONE = sorted(available_timezones() - {"localtime", "posixrules", "Factory"})
ODD_ZONES = (
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Nuuk",
    "America/Santiago",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Gaza",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "Pacific/Apia",
    "Pacific/Kwajalein",
)


def cadence(unit: Steps, every: int, *on: str, at: time, starts: date) -> Cadence:
    return Cadence(every=every, unit=unit, on=on, at=at, starts=starts)


def cadences(starts: date) -> tuple[Cadence, ...]:
    """Midnights, the hours in which clocks change, working hours; by weeks and by months, on one day and on two."""
    return (
        cadence("weeks", 1, "friday", at=time(0), starts=starts),
        cadence("weeks", 1, "sunday", at=time(2, 30), starts=starts),
        cadence("weeks", 2, "monday", "thursday", at=time(9), starts=starts),
        cadence("weeks", 1, "saturday", at=time(23, 30), starts=starts),
        cadence("months", 1, "last sunday", at=time(1, 30), starts=starts),
    )


@cache
def days_of(c: Cadence, years: int) -> tuple[date, ...]:
    """The days of a cadence in its first years, which are the same in every zone."""
    end = c.starts.replace(year=c.starts.year + years)
    return tuple(takewhile(lambda day: day < end, occurrences(c, after=c.starts - DAY)))


@dataclass(frozen=True)
class Run:
    """A cadence's slots in one zone over some years: the days and the instants they were resolved to."""

    cadence: Cadence
    zone: ZoneInfo
    days: tuple[date, ...]

    @property
    def instants(self) -> list[datetime]:
        """When each opens."""
        return [opening(self.cadence, day, default_zone=self.zone.key) for day in self.days]

    @property
    def periods(self) -> list[tuple[int, ...]]:
        """What must come once: the week or month, and with two days in it the day of the week."""
        if self.cadence.unit == "months":
            return [(day.year, day.month) for day in self.days]
        return [(*day.isocalendar()[:2], day.weekday()) for day in self.days]

    def misplaced(self) -> list[date]:
        """The days that do not open at their wall time, or within a day after one that the clocks never showed."""
        return [day for day, instant in zip(self.days, self.instants, strict=True) if not self._in_place(day, instant)]

    def _in_place(self, day: date, instant: datetime) -> bool:
        wanted = datetime.combine(day, self.cadence.at)
        late = instant.astimezone(self.zone).replace(tzinfo=None) - wanted
        return timedelta(0) <= late <= DAY and (not late or _missing(wanted, self.zone))


def runs(zone: str, starts: date, years: int) -> list[Run]:
    """Every cadence in a zone."""
    return [Run(c, ZoneInfo(zone), days_of(c, years)) for c in cadences(starts)]


def _missing(wall: datetime, zone: ZoneInfo) -> bool:
    """Whether the clocks there never showed this wall time."""
    return wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall


THREE_YEARS = [(zone, date(2026, 1, 1)) for zone in EVERY_ZONE]
ODD_YEARS = [(zone, date(2010, 12, 27)) for zone in ODD_ZONES]


@pytest.mark.parametrize(("zone", "starts"), THREE_YEARS + ODD_YEARS)
def test_slots_of_three_years_come_once_a_period_strictly_later_and_never_in_a_gap(zone: str, starts: date) -> None:
    for run in runs(zone, starts, 3):
        assert len(set(run.periods)) == len(run.days) > 12 * 3 - 2
        assert all(later > earlier for earlier, later in pairwise(run.instants))
        assert run.misplaced() == []


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


DST_CASES = [
    # the hour is skipped in spring, and asked an hour later
    ("Europe/Berlin", "sunday", "02:30", "2026-03-22", ["03-22 01:30", "03-29 01:30", "04-05 00:30"]),
    ("America/New_York", "sunday", "02:30", "2026-03-01", ["03-01 07:30", "03-08 07:30", "03-15 06:30"]),
    # midnight itself is skipped
    ("Africa/Cairo", "friday", "00:00", "2026-04-17", ["04-16 22:00", "04-23 22:00", "04-30 21:00"]),
    ("America/Santiago", "sunday", "00:00", "2026-08-30", ["08-30 04:00", "09-06 04:00", "09-13 03:00"]),
    # half an hour is skipped
    ("Australia/Lord_Howe", "sunday", "02:15", "2026-09-27", ["09-26 15:45", "10-03 15:45", "10-10 15:15"]),
    # the hour comes twice in autumn, and is asked the first time
    ("Europe/Berlin", "sunday", "02:30", "2026-10-18", ["10-18 00:30", "10-25 00:30", "11-01 01:30"]),
    ("America/New_York", "sunday", "01:30", "2026-10-25", ["10-25 05:30", "11-01 05:30", "11-08 06:30"]),
    ("Africa/Cairo", "thursday", "23:30", "2026-10-22", ["10-22 20:30", "10-29 20:30", "11-05 21:30"]),
    ("America/Santiago", "saturday", "23:30", "2026-03-28", ["03-29 02:30", "04-05 02:30", "04-12 03:30"]),
    ("Australia/Lord_Howe", "sunday", "01:45", "2026-03-29", ["03-28 14:45", "04-04 14:45", "04-11 15:15"]),
    ("Pacific/Apia", "sunday", "03:30", "2021-03-28", ["03-27 13:30", "04-03 13:30", "04-10 14:30"]),
    # the day is skipped, and asked on the next there was
    ("Pacific/Apia", "friday", "09:00", "2011-12-16", ["12-16 19:00", "12-23 19:00", "12-30 19:00"]),
]


@pytest.mark.parametrize(("zone", "on", "at", "starts", "expected"), DST_CASES)
def test_a_change_of_the_clocks_moves_doubles_and_drops_no_slot(
    zone: str, on: str, at: str, starts: str, expected: list[str]
) -> None:
    c = cadence("weeks", 1, on, at=time.fromisoformat(at), starts=date.fromisoformat(starts))
    slots = [utc(f"{starts[:4]}-{slot}") for slot in expected]
    now, found = slots[0] - timedelta(minutes=1), []
    for slot in slots:
        day, instant = next_slot(c, now=now, default_zone=zone)
        assert due_slot(c, now=slot, default_zone=zone) == (day, instant)
        found.append(instant)
        now = instant
    assert found == slots


@pytest.mark.parametrize("zone", ODD_ZONES)
def test_minute_by_minute_around_a_change_a_slot_falls_due_once(zone: str) -> None:
    """The days of a week in which clocks change there: what is due only ever goes on."""
    c = cadence("weeks", 1, "thursday", "friday", "saturday", "sunday", at=time(0, 30), starts=date(2026, 1, 1))
    for start in (utc("2026-04-02 00:00"), utc("2026-10-22 00:00")):
        seen = [due_slot(c, now=start + step * timedelta(minutes=45), default_zone=zone) for step in range(340)]
        days = [slot[0] for slot in seen if slot]
        assert days == sorted(days)
        assert len({slot for slot in seen if slot}) == len(set(days))
