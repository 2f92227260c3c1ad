"""Quiet hours: when nobody is written to, and when that ends."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rituals.errors import Refusal
from rituals.quiet import NEVER, USUAL, Quiet, dump_quiet, parse_quiet

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = st.sampled_from(
    [BERLIN, ZoneInfo("America/St_Johns"), ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Africa/Cairo")]
)
HOURS = st.times().map(lambda at: at.replace(second=0, microsecond=0))
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))


def berlin(text: str) -> datetime:
    """A wall time in Berlin."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-11-16T19:59", "2026-11-16T19:59"),
        ("2026-11-16T20:00", "2026-11-17T07:00"),
        ("2026-11-17T06:59", "2026-11-17T07:00"),
        ("2026-11-17T07:00", "2026-11-17T07:00"),
        ("2026-11-20T21:00", "2026-11-23T07:00"),  # Friday evening to Monday morning
        ("2026-11-21T12:00", "2026-11-23T07:00"),
    ],
)
def test_the_usual_hours_are_the_evening_the_night_and_the_weekend(at: str, until: str) -> None:
    assert USUAL.over(berlin(at), BERLIN) == berlin(until)


def test_hours_within_one_day_are_quiet_only_between_them() -> None:
    lunch = Quiet(time(12), time(13), weekends=False)
    assert lunch.covers(berlin("2026-11-21T12:30"), BERLIN)
    assert not lunch.covers(berlin("2026-11-21T13:00"), BERLIN)


def test_a_weekend_without_quiet_hours_ends_with_sunday() -> None:
    weekend = Quiet(time(0), time(0), weekends=True)
    assert weekend.over(berlin("2026-11-21T12:00"), BERLIN) == berlin("2026-11-23T00:00")


@given(st.builds(Quiet, HOURS, HOURS, st.booleans()), INSTANTS, ZONES)
def test_what_is_over_is_never_quiet_and_never_earlier(quiet: Quiet, at: datetime, zone: ZoneInfo) -> None:
    over = quiet.over(at, zone)
    assert over >= at
    assert not quiet.covers(over, zone)
    assert over - at <= timedelta(days=4)


@given(INSTANTS, ZONES)
def test_without_quiet_hours_nothing_waits(at: datetime, zone: ZoneInfo) -> None:
    assert NEVER.over(at, zone) == at


@given(st.builds(Quiet, HOURS, HOURS, st.booleans()))
def test_what_is_written_is_read_back(quiet: Quiet) -> None:
    assert parse_quiet(dump_quiet(quiet)) == quiet


@pytest.mark.parametrize("typed", ["", "25:00", "late"])
def test_an_hour_that_is_none_is_refused_at_its_field(typed: str) -> None:
    with pytest.raises(Refusal, match="write a time like") as refused:
        parse_quiet({"from": "20:00", "to": typed})
    assert refused.value.field == "to"
