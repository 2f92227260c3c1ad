"""Rules beside the book of flags: the next step by reason and kind, the hour of a thread, who agrees with whom."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest

from rituals.calendar import NO_NAMED_DAYS
from rituals.flags.hours import first_hour
from rituals.flags.voices import limit_of
from rituals.okrs.flags.events import REASONS, Reason
from rituals.okrs.flags.rules import Numbers
from rituals.okrs.flags.steps import RULES, next_step
from rituals.okrs.model import Kind, Milestone
from rituals.okrs.state import Member
from rituals.quiet import Quiet
from tests.rituals.samples import BERLIN, kr

KINDS: tuple[Any, ...] = get_args(Kind)


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_reason_has_a_name_and_a_next_step_for_every_kind(reason: Reason, kind: Any) -> None:
    words = next_step(kr(kind=kind), reason, {})
    assert RULES[reason]
    assert 20 < len(words) < 100
    assert "{" not in words
    assert words[0].islower()
    assert not words.endswith(".")


@pytest.mark.parametrize(
    ("reason", "kind", "numbers", "says"),
    [
        ("pace", "decrease", {}, "propose another target: /okr adjust KR-1"),
        ("pace", "milestone", {}, "who does the milestone that is due"),
        ("pace", "keep_below", {}, "back within its bound"),
        ("stalled", "increase", {}, "name what holds it up"),
        ("silent", "milestone", {}, "which milestones are done: /okr update KR-1"),
        ("silent", "binary", {}, "whether it is done"),
        ("confidence", "increase", {}, "what would raise it"),
        ("divergence", "increase", {"blocked_unit": "crm", "low": 1}, "ask who blocks it for a date"),
        ("divergence", "increase", {"low": 1, "confidence_low": 2}, "agree on one value"),
        ("divergence", "increase", {"confidence_low": 2}, "why you see it so"),
    ],
)
def test_the_step_fits_what_is_wrong(reason: Reason, kind: Any, numbers: Numbers, says: str) -> None:
    assert says in next_step(kr(kind=kind), reason, numbers)


def member(zone: str = "Europe/Berlin", quiet: Quiet | None = None) -> Member:
    """Somebody with the usual quiet hours, 20:00 to 07:00 and weekends."""
    return Member(id=1, key="bo", name="Bo", slack="U1", zone=ZoneInfo(zone), quiet=quiet or Quiet())


def at(text: str) -> datetime:
    """An instant by Berlin's clock; 16 November 2026 is a Monday."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize(
    ("people", "now", "opens"),
    [
        ([member()], "2026-11-16T08:00", "2026-11-16T09:00"),
        ([member()], "2026-11-16T11:20", "2026-11-16T11:20"),
        ([member()], "2026-11-16T16:01", "2026-11-17T09:00"),
        ([member()], "2026-11-20T18:00", "2026-11-23T09:00"),
        ([member("America/New_York")], "2026-11-16T09:00", "2026-11-16T13:00"),
        ([member("America/Los_Angeles")], "2026-11-16T09:00", "2026-11-16T16:00"),
        ([member("Asia/Tokyo"), member("America/New_York")], "2026-11-16T09:00", "2026-11-16T16:00"),
        ([], "2026-11-16T08:00", "2026-11-16T09:00"),
    ],
)
def test_a_thread_waits_for_a_working_hour_at_which_nobody_sleeps_or_for_four(
    people: list[Member], now: str, opens: str
) -> None:
    assert first_hour(at(now), people, BERLIN, NO_NAMED_DAYS) == at(opens)


def test_a_holiday_is_no_working_day() -> None:
    off = {date(2026, 11, 16): "A holiday"}
    assert first_hour(at("2026-11-16T10:00"), [member()], BERLIN, off) == at("2026-11-17T09:00")


def test_somebody_who_is_always_quiet_holds_it_up_until_four_and_no_longer() -> None:
    never = member(quiet=Quiet(time(0), time(23, 59)))
    assert first_hour(at("2026-11-16T10:00"), [never], BERLIN, NO_NAMED_DAYS) == at("2026-11-16T16:00")
    assert first_hour(at("2026-11-16T16:00"), [never], BERLIN, NO_NAMED_DAYS) - at("2026-11-16T16:00") == timedelta()


@pytest.mark.parametrize(
    ("changes", "limit"),
    [
        ({}, Fraction(5, 2)),
        ({"kind": "keep_below", "start": None, "target": Decimal(2), "tolerance": Decimal("0.5")}, Fraction(1, 2)),
        ({"kind": "milestone", "milestones": (Milestone("a", Decimal(3)), Milestone("b"))}, Fraction(4, 10)),
        ({"kind": "binary", "start": None, "target": None}, Fraction(1, 10)),
        ({"start": Decimal(20)}, Fraction(2)),
    ],
)
def test_how_far_apart_counts_as_one_is_the_limit_of_divergence(changes: dict[str, Any], limit: Fraction) -> None:
    assert limit_of(kr(**changes), [Decimal(20), Decimal(21)]) == limit
