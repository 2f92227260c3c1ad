"""When rituals happen: steps on local dates, one instant each."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rituals.calendar import (
    Cadence,
    Slot,
    add_working_days,
    due_slot,
    interval_of,
    latest_on_or_before,
    next_slot,
    nominal_day,
    number_of,
    occurrences,
    opening,
    preview,
    resolve,
    window_end,
)

BERLIN = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)


def weekly(on: str | tuple[str, ...] = "monday", *, every: int = 1, **rest: Any) -> Cadence:
    days = (on,) if isinstance(on, str) else on
    return Cadence(every=every, unit="weeks", on=days, at=rest.pop("at", time(9)), **rest)


def monthly(on: str | tuple[str, ...], *, every: int = 1, **rest: Any) -> Cadence:
    days = (on,) if isinstance(on, str) else on
    return Cadence(every=every, unit="months", on=days, at=rest.pop("at", time(9)), **rest)


def first(n: int, days: Iterator[date]) -> list[str]:
    return [day.isoformat() for day in islice(days, n)]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# Stepping


def test_a_two_week_cadence_steps_from_the_week_it_starts_in() -> None:
    c = weekly(every=2, starts=date(2026, 10, 5))
    assert first(3, occurrences(c, after=date(2026, 10, 4))) == ["2026-10-05", "2026-10-19", "2026-11-02"]


def test_a_cadence_that_starts_after_its_weekday_waits_for_the_next_counted_week() -> None:
    c = weekly(every=2, starts=date(2026, 10, 7))
    assert first(2, occurrences(c, after=date(2026, 1, 1))) == ["2026-10-19", "2026-11-02"]


def test_occurrences_are_later_than_the_day_asked_from() -> None:
    c = weekly(starts=date(2026, 10, 5))
    assert first(1, occurrences(c, after=date(2026, 10, 5))) == ["2026-10-12"]


def test_two_weekdays_both_occur_in_each_counted_week() -> None:
    c = weekly(("monday", "thursday"), every=2, starts=date(2026, 10, 5))
    assert first(4, occurrences(c, after=date(2026, 10, 1))) == [
        "2026-10-05",
        "2026-10-08",
        "2026-10-19",
        "2026-10-22",
    ]


def test_a_two_week_interval_never_drifts_in_twenty_years() -> None:
    c = weekly(every=2, starts=date(2026, 10, 5), timezone="Europe/Berlin")
    days = list(islice(occurrences(c, after=date(2026, 10, 1)), 520))
    assert {later - earlier for earlier, later in pairwise(days)} == {14 * DAY}
    instants = [opening(c, day, default_zone="UTC") for day in days]
    assert {i.astimezone(BERLIN).time() for i in instants} == {time(9)}


@pytest.mark.parametrize(
    ("on", "days"),
    [
        ("first monday", ["2026-10-05", "2026-11-02", "2026-12-07"]),
        ("third wednesday", ["2026-10-21", "2026-11-18", "2026-12-16"]),
        ("last friday", ["2026-10-30", "2026-11-27", "2026-12-25"]),
        ("last monday", ["2026-10-26", "2026-11-30", "2026-12-28"]),
        ("15", ["2026-10-15", "2026-11-16", "2026-12-15"]),
    ],
)
def test_months_step_by_place_or_by_day_number(on: str, days: list[str]) -> None:
    assert first(3, occurrences(monthly(on, starts=date(2026, 10, 1)), after=date(2026, 9, 30))) == days


def test_a_day_number_beyond_the_month_is_its_last_day() -> None:
    c = monthly("31", starts=date(2027, 3, 1))
    assert first(3, occurrences(c, after=date(2027, 3, 1))) == ["2027-03-31", "2027-04-30", "2027-05-31"]


def test_every_third_month_is_counted_from_the_month_it_starts_in() -> None:
    c = monthly("first monday", every=3, starts=date(2026, 10, 20))
    assert first(2, occurrences(c, after=date(2026, 10, 20))) == ["2027-01-04", "2027-04-05"]


def test_an_occurrence_on_a_holiday_moves_to_the_next_working_day() -> None:
    easter = frozenset({date(2026, 4, 3), date(2026, 4, 6)})
    assert first(2, occurrences(weekly("friday"), after=date(2026, 3, 28), holidays=easter)) == [
        "2026-04-07",
        "2026-04-10",
    ]


def test_a_moved_occurrence_is_found_from_the_holiday_itself() -> None:
    easter = frozenset({date(2026, 4, 3), date(2026, 4, 6)})
    assert first(1, occurrences(weekly("friday"), after=date(2026, 4, 6), holidays=easter)) == ["2026-04-07"]
    assert latest_on_or_before(weekly("friday"), date(2026, 4, 6), easter) == date(2026, 3, 27)
    assert latest_on_or_before(weekly("friday"), date(2026, 4, 7), easter) == date(2026, 4, 7)


def test_two_occurrences_that_fall_on_one_working_day_are_one() -> None:
    off = frozenset({date(2026, 12, 24), date(2026, 12, 25)})
    c = weekly(("thursday", "friday", "monday"), starts=date(2026, 12, 21))
    assert first(3, occurrences(c, after=date(2026, 12, 21), holidays=off)) == [
        "2026-12-28",
        "2026-12-31",
        "2027-01-01",
    ]


def test_an_occurrence_knows_the_day_it_moved_from() -> None:
    easter = frozenset({date(2026, 4, 3), date(2026, 4, 6)})
    assert nominal_day(weekly("friday"), date(2026, 4, 7), easter) == date(2026, 4, 3)
    assert nominal_day(weekly("friday"), date(2026, 4, 10), easter) == date(2026, 4, 10)
    assert nominal_day(weekly(("friday", "tuesday")), date(2026, 4, 7), easter) == date(2026, 4, 7)


def test_a_named_weekend_day_is_kept() -> None:
    assert first(1, occurrences(weekly("saturday"), after=date(2026, 11, 20))) == ["2026-11-21"]


def test_the_latest_before_the_start_is_none() -> None:
    c = weekly(starts=date(2026, 10, 5))
    assert latest_on_or_before(c, date(2026, 10, 4)) is None
    assert latest_on_or_before(c, date(2026, 10, 5)) == date(2026, 10, 5)
    assert latest_on_or_before(c, date(2026, 10, 11)) == date(2026, 10, 5)


def test_rounds_are_numbered_within_the_cycle() -> None:
    c = weekly(every=2, starts=date(2026, 7, 13))
    starts, ends = date(2026, 10, 1), date(2026, 12, 31)
    assert number_of(c, date(2026, 10, 5), starts) == 1
    assert number_of(c, date(2026, 11, 16), starts) == 4
    assert number_of(c, ends, starts) == 7


def test_a_round_moved_by_a_holiday_keeps_its_number() -> None:
    off = frozenset({date(2026, 10, 5)})
    assert number_of(weekly(starts=date(2026, 10, 1)), date(2026, 10, 6), date(2026, 10, 1), off) == 1


@given(
    every=st.integers(1, 6),
    on=st.sets(st.sampled_from(["monday", "wednesday", "friday", "sunday"]), min_size=1),
    starts=st.dates(date(2020, 1, 1), date(2027, 1, 1)),
    off=st.frozensets(st.dates(date(2020, 1, 1), date(2027, 12, 31)), max_size=60),
    asked=st.integers(-30, 500),
)
def test_stepping_forward_and_looking_back_agree(
    every: int, on: set[str], starts: date, off: frozenset[date], asked: int
) -> None:
    c = weekly(tuple(sorted(on)), every=every, starts=starts)
    after = starts + asked * DAY
    days = list(islice(occurrences(c, after=after, holidays=off), 12))
    assert all(later > earlier for earlier, later in pairwise([after, *days]))
    assert all(day >= starts and day not in off for day in days)
    for earlier, later in pairwise(days):
        assert latest_on_or_before(c, later - DAY, off) == earlier
        assert latest_on_or_before(c, later, off) == later


# Instants


@pytest.mark.parametrize(
    ("zone", "wall", "instant"),
    [
        ("Europe/Berlin", "2026-03-28 09:00", "2026-03-28 08:00"),
        ("Europe/Berlin", "2026-03-30 09:00", "2026-03-30 07:00"),
        ("Europe/Berlin", "2026-03-29 02:30", "2026-03-29 01:30"),  # gap: 03:30 summer time
        ("Europe/Berlin", "2026-10-25 02:30", "2026-10-25 00:30"),  # repeated: the first
        ("America/New_York", "2026-03-08 02:30", "2026-03-08 07:30"),  # gap: 03:30
        ("America/New_York", "2026-11-01 01:30", "2026-11-01 05:30"),  # repeated: the first
        ("Africa/Cairo", "2026-04-24 00:00", "2026-04-23 22:00"),  # no midnight: 01:00
        ("America/Santiago", "2026-09-06 00:00", "2026-09-06 04:00"),  # no midnight: 01:00
        ("Pacific/Apia", "2011-12-29 09:00", "2011-12-29 19:00"),
        ("Pacific/Apia", "2011-12-30 09:00", "2011-12-30 19:00"),  # no such day: 09:00 on the 31st
        ("Pacific/Apia", "2012-01-02 09:00", "2012-01-01 19:00"),
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:45"),  # gap of half an hour: 02:45
        ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04 14:45"),  # repeated: the first
    ],
)
def test_a_wall_time_is_resolved_once(zone: str, wall: str, instant: str) -> None:
    at = datetime.fromisoformat(wall)
    assert resolve(at.date(), at.time(), ZoneInfo(zone)) == utc(instant)


def test_the_repeated_autumn_hour_brings_one_slot() -> None:
    c = weekly("sunday", starts=date(2026, 10, 4), at=time(2, 30), timezone="Europe/Berlin")
    slots = {
        due_slot(c, now=utc("2026-10-25 00:30") + i * timedelta(minutes=10), default_zone="UTC") for i in range(18)
    }
    assert slots == {(date(2026, 10, 25), utc("2026-10-25 00:30"))}
    assert next_slot(c, now=utc("2026-10-25 00:30"), default_zone="UTC")[0] == date(2026, 11, 1)


def test_a_skipped_day_is_asked_when_the_calendar_goes_on() -> None:
    c = weekly("friday", starts=date(2011, 12, 1), timezone="Pacific/Apia")
    day, instant = next_slot(c, now=utc("2011-12-29 00:00"), default_zone="UTC")
    assert day == date(2011, 12, 30)
    assert instant.astimezone(ZoneInfo("Pacific/Apia")).isoformat() == "2011-12-31T09:00:00+14:00"


def test_a_slot_is_due_at_its_very_instant_and_not_before() -> None:
    c = weekly(starts=date(2026, 10, 5), timezone="Europe/Berlin")
    slot = (date(2026, 10, 5), utc("2026-10-05 07:00"))
    assert due_slot(c, now=slot[1] - timedelta(microseconds=1), default_zone="UTC") is None
    assert due_slot(c, now=slot[1], default_zone="UTC") == slot
    assert next_slot(c, now=slot[1] - timedelta(microseconds=1), default_zone="UTC") == slot
    assert next_slot(c, now=slot[1], default_zone="UTC") == (date(2026, 10, 12), utc("2026-10-12 07:00"))


def test_without_a_zone_of_its_own_the_round_opens_with_the_first_lead() -> None:
    c = weekly(starts=date(2026, 10, 5))
    zones = ("Europe/Berlin", "Asia/Tokyo", "America/New_York")
    assert opening(c, date(2026, 10, 5), default_zone="Europe/Berlin", zones=zones) == utc("2026-10-05 00:00")
    assert opening(c, date(2026, 10, 5), default_zone="Europe/Berlin") == utc("2026-10-05 07:00")
    assert due_slot(c, now=utc("2026-10-05 01:00"), default_zone="UTC", zones=zones) is not None
    assert due_slot(c, now=utc("2026-10-05 01:00"), default_zone="UTC") is None


def test_the_preview_says_where_a_slot_moved_from_and_why() -> None:
    c = weekly(every=2, starts=date(2026, 10, 5), timezone="Europe/Berlin")
    slots = preview(c, now=utc("2026-12-07 08:00"), default_zone="UTC", holidays={date(2027, 1, 11): "Makeup Day"})
    assert slots[:3] == (
        Slot(date(2026, 12, 14), utc("2026-12-14 08:00")),
        Slot(date(2026, 12, 28), utc("2026-12-28 08:00")),
        Slot(date(2027, 1, 12), utc("2027-01-12 08:00"), date(2027, 1, 11), "Makeup Day"),
    )
    assert len(slots) == 6


def test_the_preview_of_a_day_number_says_that_a_weekend_moved_it() -> None:
    c = monthly("15", starts=date(2026, 10, 1), timezone="Europe/Berlin")
    [slot] = preview(c, now=utc("2026-11-01 00:00"), default_zone="UTC", count=1)
    assert slot == Slot(date(2026, 11, 16), utc("2026-11-16 08:00"), date(2026, 11, 15), "")


def test_the_preview_begins_with_the_next_slot() -> None:
    c, zones = weekly("friday", starts=date(2026, 10, 1)), ("Asia/Tokyo", "Europe/Berlin")
    off = {date(2026, 11, 27): "Day off"}
    for hour in range(0, 24 * 9, 5):
        now = utc("2026-11-20 00:00") + hour * timedelta(hours=1)
        [slot] = preview(c, now=now, default_zone="UTC", holidays=off, zones=zones, count=1)
        expected = next_slot(c, now=now, default_zone="UTC", holidays=frozenset(off), zones=zones)
        assert (slot.day, slot.at) == expected


def test_a_lead_far_ahead_is_asked_on_their_own_day() -> None:
    c = weekly(starts=date(2026, 10, 5), at=time(1))
    slot = due_slot(c, now=utc("2026-10-04 11:30"), default_zone="Pacific/Kiritimati")
    assert slot == (date(2026, 10, 5), utc("2026-10-04 11:00"))


def test_the_window_ends_on_the_second_working_day_at_six() -> None:
    assert window_end(date(2026, 11, 2), BERLIN) == utc("2026-11-04 17:00")
    assert window_end(date(2026, 10, 23), BERLIN) == utc("2026-10-27 17:00")
    assert window_end(date(2026, 11, 2), BERLIN, frozenset({date(2026, 11, 3)})) == utc("2026-11-05 17:00")


def test_working_days_pass_over_weekends_and_holidays() -> None:
    assert add_working_days(date(2026, 11, 20), 1) == date(2026, 11, 23)
    assert add_working_days(date(2026, 11, 20), 1, frozenset({date(2026, 11, 23)})) == date(2026, 11, 24)
    assert add_working_days(date(2026, 11, 20), 0) == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("cadence", "days"),
    [
        (weekly(every=2), 14),
        (weekly(("monday", "thursday")), 3.5),
        (monthly("15"), 30),
        (monthly(("first monday", "third monday"), every=2), 30),
    ],
)
def test_the_nominal_interval(cadence: Cadence, days: float) -> None:
    assert interval_of(cadence) == timedelta(days=days)
