"""When somebody may be nudged and how often: at 80 % and before the end, never at night, at most so many in a week."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rituals import nudging
from rituals.nudging import APART, WEEK, Times, times
from rituals.quiet import NEVER, USUAL, Quiet

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 16, 9, tzinfo=BERLIN)
WEDNESDAY = datetime(2026, 11, 18, 18, tzinfo=BERLIN)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ZONES = st.sampled_from(["Europe/Berlin", "America/Los_Angeles", "Asia/Kathmandu", "Pacific/Auckland", "Africa/Cairo"])


def days_ago(*days: float) -> list[datetime]:
    return [NOW - timedelta(days=n) for n in days]


def test_without_quiet_hours_the_reminder_comes_at_80_percent_and_the_last_call_two_hours_before_the_end() -> None:
    found = times(MONDAY, WEDNESDAY, NEVER, BERLIN)
    assert found.remind_at == MONDAY + timedelta(hours=57 * 0.8)
    assert found.last_call_at == WEDNESDAY - timedelta(hours=2)


def test_80_percent_of_the_usual_window_lies_before_seven_and_waits_for_the_morning() -> None:
    found = times(MONDAY, WEDNESDAY, USUAL, BERLIN)
    assert found == Times(WEDNESDAY.replace(hour=7), WEDNESDAY.replace(hour=16))


def test_over_a_weekend_the_reminder_waits_for_monday() -> None:
    thursday = datetime(2026, 11, 12, 9, tzinfo=BERLIN)
    found = times(thursday, datetime(2026, 11, 16, 18, tzinfo=BERLIN), USUAL, BERLIN)
    assert found.remind_at == datetime(2026, 11, 16, 7, tzinfo=BERLIN)


def test_whoever_is_asked_late_is_not_reminded_right_after() -> None:
    assert times(WEDNESDAY - timedelta(hours=4), WEDNESDAY, USUAL, BERLIN) == Times(None, None)


def test_in_a_short_window_there_is_one_reminder_and_no_last_call() -> None:
    found = times(WEDNESDAY - timedelta(hours=8), WEDNESDAY, USUAL, BERLIN)
    assert found == Times(WEDNESDAY - timedelta(hours=1.6), None)


def test_what_quiet_hours_push_beyond_the_end_is_left_out() -> None:
    early = Quiet(time(15), time(6))
    assert times(MONDAY, WEDNESDAY, early, BERLIN) == Times(WEDNESDAY.replace(hour=6, minute=36), None)


@given(
    hours=st.floats(0, 400),
    start=st.integers(0, 23),
    end=st.integers(0, 23),
    weekends=st.booleans(),
    name=ZONES,
    day=st.integers(0, 700),
)
def test_whatever_the_window_a_nudge_is_within_it_not_quiet_and_not_close_to_another(
    hours: float, start: int, end: int, weekends: bool, name: str, day: int
) -> None:
    zone, quiet = ZoneInfo(name), Quiet(time(start), time(end), weekends)
    asked = datetime(2026, 1, 1, 9, tzinfo=UTC) + timedelta(days=day)
    due = asked + timedelta(hours=hours)
    found = times(asked, due, quiet, zone)
    at = [one for one in (found.remind_at, found.last_call_at) if one is not None]
    assert all(asked + APART <= one < due and not quiet.covers(one, zone) for one in at)
    assert len(at) < 2 or at[1] - at[0] >= APART


def test_five_a_week_are_counted_over_seven_rolling_days() -> None:
    assert nudging.left(days_ago(1, 2, 6.9), 5, NOW) == 2
    assert nudging.left(days_ago(1, 2, 3, 4, 5, 6), 5, NOW) == 0
    assert nudging.left(days_ago(7, 8), 5, NOW) == 5


def test_what_is_promised_for_the_morning_counts_already() -> None:
    assert nudging.left(days_ago(-0.5), 1, NOW) == 0


def test_the_next_may_go_when_the_oldest_of_the_week_is_seven_days_old() -> None:
    sent = days_ago(6, 5, 4, 3, 2)
    assert nudging.free_at(sent, 5, NOW) == sent[0] + WEEK
    assert nudging.free_at(sent, 6, NOW) == NOW
    assert nudging.free_at(sent, 3, NOW) == sent[2] + WEEK
    assert nudging.free_at([], 0, NOW) is None


@given(st.lists(st.floats(0, 8), max_size=12), st.integers(1, 6))
def test_when_it_says_that_one_may_go_one_may_go(days: list[float], allowed: int) -> None:
    at = nudging.free_at(days_ago(*days), allowed, NOW)
    assert at is not None
    assert nudging.left(days_ago(*days), allowed, at) > 0


@pytest.mark.parametrize(("hours", "soon"), [(3.9, True), (4, False)])
def test_four_hours_lie_between_two(hours: float, soon: bool) -> None:
    assert nudging.too_soon([NOW - timedelta(hours=hours)], APART, NOW) is soon
