"""What flags do over time: opened, worsened and recovered, each by its rule, without flapping at a boundary."""

import itertools
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rituals.okrs.flags.events import (
    REASONS,
    FlagEvent,
    Reason,
    Sight,
    events,
    newest,
    opened_at,
    replayed,
    standing,
    without_blinks,
)
from rituals.okrs.flags.rules import Numbers
from rituals.okrs.model import Flag, KeyResult, Update
from tests.rituals.samples import BANDS, BERLIN, TWO_WEEKS, on_day, percent_kr, said

AT = on_day(40)
DAY = timedelta(days=1)


def book(kr: KeyResult, days: Sequence[int] = range(1, 92), told: Sequence[FlagEvent] = ()) -> tuple[FlagEvent, ...]:
    """Its events, looked at on these days of its span."""
    instants = [on_day(day) for day in days]
    return replayed(kr, told, instants, zone=BERLIN, interval=TWO_WEEKS, bands=BANDS)


def brief(told: Sequence[FlagEvent], reason: str) -> list[tuple[str, int]]:
    """What one reason did on which day of the span."""
    return [(event.event, (event.at - on_day(0)).days) for event in told if event.reason == reason]


def weekly(values: Sequence[float], first: int = 7, **changes: Any) -> KeyResult:
    """Reported every seven days, so that it is never silent."""
    return percent_kr(*(said(on_day(first + 7 * n), str(value)) for n, value in enumerate(values)), **changes)


def test_a_flag_opens_when_its_reason_first_holds_and_recovers_when_it_is_clearly_gone() -> None:
    line = weekly([7, 14, 14, 14, 40, 50])
    assert brief(book(line, range(1, 50)), "pace") == [("opened", 25), ("recovered", 35)]


def test_what_stands_at_the_boundary_is_flagged_once_and_not_daily() -> None:
    at_the_limit = percent_kr(*(said(on_day(day), day - (11 if day % 2 else 9)) for day in range(15, 60)))
    assert brief(book(at_the_limit, range(1, 60)), "pace") == [("opened", 15)]


def test_two_points_inside_the_band_are_a_recovery() -> None:
    recovered = percent_kr(said(on_day(20), 9), said(on_day(30), 22), said(on_day(40), 32))
    assert brief(book(recovered, [20, 30, 40]), "pace") == [("opened", 20), ("recovered", 30)]
    near = percent_kr(said(on_day(20), 9), said(on_day(30), 21))
    assert brief(book(near, [20, 30]), "pace") == [("opened", 20)]


def test_silence_is_no_recovery_of_the_pace() -> None:
    silent = percent_kr(said(on_day(20), 5))
    told = book(silent, range(1, 60))
    assert brief(told, "pace") == [("opened", 20), ("worsened", 31), ("worsened", 41)]
    assert brief(told, "silent")[:3] == [("opened", 15), ("recovered", 20), ("opened", 42)]
    assert {event.reason for event in standing(told)} >= {"pace", "silent"}


def test_a_trend_that_became_a_gap_has_not_recovered() -> None:
    values = [(10, 10), (20, 16), (30, 22), (40, 26), (50, 30)]
    line = percent_kr(*(said(on_day(day), value) for day, value in values))
    told = book(line, [10, 20, 30, 40, 50])
    assert brief(told, "trend") == [("opened", 30)]
    assert brief(told, "pace")[0] == ("opened", 40)


@pytest.mark.parametrize(
    ("reason", "before", "after", "later", "worse"),
    [
        ("pace", {"status": "at_risk", "gap": 20.0}, {"status": "off_track", "gap": 26.0}, DAY, True),
        ("pace", {"status": "at_risk", "gap": 11.0}, {"status": "at_risk", "gap": 24.0}, DAY, False),
        ("pace", {"status": "off_track", "gap": 30.0}, {"status": "off_track", "gap": 39.9}, DAY, False),
        ("pace", {"status": "off_track", "gap": 30.0}, {"status": "off_track", "gap": 40.0}, DAY, True),
        ("pace", {"status": "off_track", "gap": 30.0}, {"status": "at_risk", "gap": 22.0}, DAY, False),
        ("trend", {"landing": 0.65}, {"landing": 0.56}, DAY, False),
        ("trend", {"landing": 0.65}, {"landing": 0.55}, DAY, True),
        ("stalled", {"days": 28}, {"days": 28}, timedelta(days=27), False),
        ("stalled", {"days": 28}, {"days": 28}, timedelta(days=28), True),
        ("silent", {"days": 22}, {"days": 43}, DAY, False),
        ("silent", {"days": 22}, {"days": 44}, DAY, True),
        ("confidence", {"now": 3}, {"now": 2}, DAY, False),
        ("confidence", {"now": 3}, {"now": 1}, DAY, True),
        ("divergence", {"low": 30, "high": 40, "limit": 2.5}, {"low": 30, "high": 42, "limit": 2.5}, DAY, False),
        ("divergence", {"low": 30, "high": 40, "limit": 2.5}, {"low": 29, "high": 41.5, "limit": 2.5}, DAY, True),
        (
            "divergence",
            {"confidence_low": 4, "confidence_high": 7},
            {"confidence_low": 3, "confidence_high": 8},
            DAY,
            True,
        ),
        (
            "divergence",
            {"low": 30, "high": 40, "limit": 2.5},
            {"low": 30, "high": 40, "limit": 2.5, "blocked_unit": "crm"},
            DAY,
            True,
        ),
    ],
)
def test_worse_is_said_by_a_rule_with_numbers(
    reason: Reason, before: Numbers, after: Numbers, later: timedelta, worse: bool
) -> None:
    last: dict[str, FlagEvent] = {reason: FlagEvent(reason, "opened", before, AT)}
    found = events(Sight(AT + later, (Flag(reason, after),), frozenset({reason})), last)
    assert [event.event for event in found] == (["worsened"] if worse else [])


def test_worse_is_measured_from_the_last_word_and_not_from_the_first() -> None:
    last = {"pace": FlagEvent("pace", "worsened", {"status": "off_track", "gap": 40.0}, AT)}
    sight = Sight(AT + DAY, (Flag("pace", {"status": "off_track", "gap": 45.0}),), frozenset({"pace"}))
    assert events(sight, last) == ()


def test_what_nobody_shares_or_what_is_closed_does_nothing_any_more() -> None:
    behind = weekly([1, 2, 3, 4])
    told = book(behind, range(1, 40))
    assert standing(told)
    assert book(weekly([1, 2, 3, 4], cycle_closed=True), range(40, 60), told) == ()
    assert book(weekly([1, 2, 3, 4], owners=("crm",)), range(40, 60), told) == ()


def test_looking_twice_at_one_instant_finds_nothing_new() -> None:
    line = weekly([1, 2, 3, 4])
    first = book(line, [30])
    assert first
    assert book(line, [30], first) == ()


def test_what_was_only_there_for_some_hours_of_a_day_is_no_news() -> None:
    gone = [
        FlagEvent("pace", "opened", {}, AT),
        FlagEvent("pace", "worsened", {}, AT + timedelta(hours=1)),
        FlagEvent("pace", "recovered", {}, AT + timedelta(hours=2)),
        FlagEvent("silent", "opened", {}, AT + timedelta(hours=3)),
    ]
    assert [event.reason for event in without_blinks(gone, BERLIN)] == ["silent"]
    back = [
        FlagEvent("pace", "opened", {}, AT - 5 * DAY),
        FlagEvent("pace", "recovered", {}, AT),
        FlagEvent("pace", "opened", {}, AT + timedelta(hours=2)),
        FlagEvent("pace", "recovered", {}, AT + DAY),
    ]
    assert [event.at for event in without_blinks(back, BERLIN)] == [AT - 5 * DAY, AT + DAY]


def test_since_when_a_reason_stands() -> None:
    told = [
        FlagEvent("pace", "opened", {}, AT),
        FlagEvent("pace", "worsened", {}, AT + DAY),
    ]
    assert opened_at(told, "pace") == AT
    assert opened_at([*told, FlagEvent("pace", "recovered", {}, AT + 2 * DAY)], "pace") is None
    assert opened_at(told, "silent") is None


_said = st.builds(
    lambda day, value, confidence, unit, role: said(
        on_day(day, hour=8), value, confidence, unit=unit, role="view" if unit == "analytics" else role
    ),
    st.integers(1, 90),
    st.one_of(st.none(), st.integers(-10, 120)),
    st.one_of(st.none(), st.integers(0, 10)),
    st.sampled_from(["crm", "analytics"]),
    st.just("report"),
)


@given(st.lists(_said, max_size=14))
def test_replaying_days_gives_opened_and_recovered_by_turns(words: list[Update]) -> None:
    line = percent_kr(*sorted(words, key=lambda update: update.at))
    told = book(line)
    for reason in REASONS:
        turns = [event.event for event in told if event.reason == reason and event.event != "worsened"]
        assert turns == ["opened", "recovered"] * (len(turns) // 2) + ["opened"] * (len(turns) % 2)
        mine = [event for event in told if event.reason == reason]
        assert not mine or mine[0].event == "opened"
        assert all(b.event == "opened" for a, b in itertools.pairwise(mine) if a.event == "recovered")


@given(st.lists(_said, max_size=10), st.integers(2, 88))
def test_a_replay_in_two_parts_is_the_same_as_in_one(words: list[Update], cut: int) -> None:
    line = percent_kr(*sorted(words, key=lambda update: update.at))
    first = book(line, range(1, cut))
    assert (*first, *book(line, range(cut, 91), first)) == book(line, range(1, 91))


def test_the_newest_of_each_reason_is_what_counts() -> None:
    told = [FlagEvent("pace", "opened", {}, AT), FlagEvent("pace", "recovered", {}, AT + DAY)]
    assert newest(told)["pace"].event == "recovered"
    assert standing(told) == ()
