"""When each lead of a round is asked: their own hour, holidays, quiet hours, and two whole working days."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rituals.cadence import Cadence
from rituals.checkins.turns import Turn, next_turn, turns
from rituals.okrs.model import Bands, Unit
from rituals.okrs.state import CycleSpan, Member, PortfolioState, Rhythm
from rituals.quiet import NEVER, USUAL, Quiet

MONDAY = date(2026, 11, 16)
WALL = Cadence(every=1, unit="weeks", on=("monday",), at=time(9), starts=date(2026, 10, 5))
BERLIN = replace(WALL, timezone="Europe/Berlin")
GERMANY: tuple[str, str | None] = ("DE", "BE")


def portfolio(
    zones: Mapping[str, str],
    *,
    c: Cadence = WALL,
    quiet: Quiet = USUAL,
    holidays: Mapping[str, tuple[str, str | None]] = MappingProxyType({}),
) -> PortfolioState:
    """A suite with one product line for each person, who leads it; `holidays` by unit."""
    people = {
        name: Member(n, name, name.title(), f"U{n}", ZoneInfo(zone), quiet)
        for n, (name, zone) in enumerate(zones.items())
    }
    units = {"suite": Unit("suite", "Suite", "portfolio")}
    units |= {f"line-{name}": Unit(f"line-{name}", name, "product_line", "suite", (name,)) for name in people}
    return PortfolioState(
        team_id="T",
        zone=ZoneInfo("Europe/Berlin"),
        bands=Bands(),
        url="",
        people=people,
        units=units,
        unit_ids={key: n for n, key in enumerate(units, 1)},
        rhythms={key: Rhythm(None, None, c if key == "suite" else None, None, holidays.get(key)) for key in units},
        cycles={"C": CycleSpan(1, "C", date(2026, 10, 1), date(2026, 12, 31), closed=False)},
        objectives=(),
    )


def turns_of(state: PortfolioState, day: date = MONDAY) -> dict[str, Turn]:
    c = state.rhythms["suite"].cadence
    assert c is not None
    return {turn.member.key: turn for turn in turns(state, "suite", c, day, state.people.values())}


def wall(turn: Turn) -> tuple[str, str]:
    """When the lead is asked and until when they have time, on their own clock."""
    zone = turn.member.zone
    return f"{turn.slot.astimezone(zone):%a %H:%M}", f"{turn.due_at.astimezone(zone):%a %H:%M}"


def test_without_a_zone_of_the_cadence_each_is_asked_at_nine_where_they_are() -> None:
    found = turns_of(portfolio({"bo": "Europe/Berlin", "zoe": "America/Los_Angeles", "ari": "Pacific/Auckland"}))
    assert {wall(turn) for turn in found.values()} == {("Mon 09:00", "Wed 18:00")}


def test_a_fixed_instant_waits_for_the_morning_of_whom_it_finds_at_night() -> None:
    zones = {
        "bo": "Europe/Berlin",
        "raj": "Asia/Kolkata",
        "ari": "Pacific/Auckland",
        "zoe": "America/Los_Angeles",
        "sam": "America/New_York",
    }
    found = turns_of(portfolio(zones, c=BERLIN))
    assert {name: wall(turn) for name, turn in found.items()} == {
        "bo": ("Mon 09:00", "Wed 18:00"),
        "raj": ("Mon 13:30", "Wed 18:00"),
        "ari": ("Tue 07:00", "Thu 18:00"),  # it was 21:00 there, so they have their two days from Tuesday
        "zoe": ("Mon 07:00", "Wed 18:00"),  # it was midnight
        "sam": ("Mon 07:00", "Wed 18:00"),  # it was three in the morning
    }


def test_quiet_hours_of_nobody_leave_the_instant_as_it_is() -> None:
    found = turns_of(portfolio({"bo": "Europe/Berlin", "ari": "Pacific/Auckland"}, c=BERLIN, quiet=NEVER))
    assert found["bo"].slot == found["ari"].slot == datetime(2026, 11, 16, 8, tzinfo=UTC)


def test_a_weekend_is_quiet_unless_the_cadence_names_that_day() -> None:
    late = replace(BERLIN, at=time(0, 30))
    assert wall(turns_of(portfolio({"zoe": "America/Los_Angeles"}, c=late))["zoe"])[0] == "Mon 07:00"  # not on Sunday
    sundays = replace(WALL, on=("sunday",))
    found = turns_of(portfolio({"noa": "Asia/Jerusalem"}, c=sundays), date(2026, 11, 15))
    assert wall(found["noa"]) == ("Sun 09:00", "Tue 18:00")


def test_an_hour_before_the_morning_waits_for_the_morning() -> None:
    early = replace(WALL, at=time(6))
    assert wall(turns_of(portfolio({"bo": "Europe/Berlin"}, c=early))["bo"])[0] == "Mon 07:00"


def test_a_window_is_two_working_days_by_the_holidays_of_the_leads_own_unit() -> None:
    zones = {"bo": "Europe/Berlin", "sam": "America/New_York"}
    state = portfolio(zones, holidays={"suite": GERMANY, "line-sam": ("US", None)})
    found = turns_of(state, date(2026, 11, 24))
    assert wall(found["bo"]) == ("Tue 09:00", "Thu 18:00")
    assert wall(found["sam"]) == ("Tue 09:00", "Fri 18:00"), "Thursday is Thanksgiving"


def test_a_lead_is_not_asked_on_a_holiday_of_their_own_unit() -> None:
    zones = {"bo": "Europe/Berlin", "sam": "America/New_York"}
    state = portfolio(zones, holidays={"suite": GERMANY, "line-sam": ("US", None)})
    found = turns_of(state, date(2026, 11, 26))
    assert wall(found["bo"]) == ("Thu 09:00", "Mon 18:00")
    assert wall(found["sam"]) == ("Fri 09:00", "Tue 18:00")


def test_a_lead_of_nothing_below_follows_the_holidays_of_the_round() -> None:
    state = portfolio({"bo": "Europe/Berlin"}, holidays={"suite": GERMANY})
    guest = Member(9, "pat", "Pat", "U9", ZoneInfo("Europe/Berlin"))
    [turn] = turns(state, "suite", WALL, date(2026, 12, 24), [guest])
    assert wall(turn) == ("Thu 09:00", "Tue 18:00"), "Friday and Saturday are Christmas"


def test_the_reminders_lie_within_the_window_that_the_lead_has() -> None:
    for turn in turns_of(portfolio({"bo": "Europe/Berlin", "ari": "Pacific/Auckland"}, c=BERLIN)).values():
        assert turn.last_call_at is not None
        assert turn.slot < turn.remind_at < turn.last_call_at < turn.due_at


def test_the_next_turn_of_a_lead_is_the_one_they_will_be_asked_at() -> None:
    state = portfolio({"ari": "Pacific/Auckland"}, c=BERLIN, holidays={"suite": GERMANY})
    ari, now = state.people["ari"], datetime(2026, 11, 16, 8, tzinfo=UTC)
    expected = turns_of(state)["ari"].slot
    assert next_turn(state, "suite", ari, now) == expected, "the round is open, but it is night there"
    assert next_turn(state, "suite", ari, expected) == turns_of(state, date(2026, 11, 23))["ari"].slot
    assert next_turn(state, "line-ari", ari, now) is None, "the line has no rounds of its own"
    assert next_turn(state, "suite", ari, datetime(2026, 12, 30, tzinfo=UTC)) is None, "no cycle has another round"


@pytest.mark.parametrize("c", [WALL, BERLIN, replace(BERLIN, at=time(22, 15)), replace(WALL, at=time(23, 30))])
@given(
    zone=st.sampled_from(
        ["Asia/Kathmandu", "Pacific/Kiritimati", "Pacific/Honolulu", "America/St_Johns", "Africa/Cairo"]
    ),
    week=st.integers(0, 150),
    start=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    end=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
)
def test_nobody_is_asked_at_night_or_on_a_holiday_and_everybody_has_two_working_days(
    c: Cadence, zone: str, week: int, start: time, end: time
) -> None:
    quiet = Quiet(start, end)
    state = portfolio({"kim": zone}, c=c, quiet=quiet, holidays={"suite": ("US", None)})
    day = MONDAY + timedelta(weeks=week)
    turn = turns_of(state, day)["kim"]
    local = turn.slot.astimezone(ZoneInfo(zone))
    assert not quiet.covers(turn.slot, ZoneInfo(zone))
    assert local.date() not in state.holidays_of("suite")
    assert turn.due_at - turn.slot > timedelta(days=1, hours=18)
