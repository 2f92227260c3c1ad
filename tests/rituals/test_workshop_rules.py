"""The workshop's rules: one way through, whatever is pressed in whatever order; clocks, days, whom an item asks."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rituals.workshops import rules
from rituals.workshops.rules import ORDER, Move, Standing

BERLIN = ZoneInfo("Europe/Berlin")
NINE = datetime(2027, 1, 4, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PLANNED = Standing("drafting", turns=("crm", "payments", "search"))
MOVES: tuple[Move, ...] = ("begin", "next", "extend", "adjust", "confirm", "close", "cancel")


def run(*moves: Move, standing: Standing = PLANNED) -> Standing:
    """The standing after some moves, each of which must be possible."""
    for what in moves:
        moved = rules.move(standing, what, NINE)
        assert moved is not None, what
        standing = moved.standing
    return standing


def place(standing: Standing) -> tuple[int, int]:
    """How far it has come."""
    return ORDER.index(standing.state), standing.turn


def test_each_line_gets_ten_minutes_in_its_turn() -> None:
    standing = run("begin")
    assert (standing.line, standing.after, standing.ends_at) == ("crm", "payments", NINE + 10 * MINUTE)
    assert (run("begin", "next").line, run("begin", "next", "next").after) == ("payments", None)


def test_after_the_last_line_comes_the_round_then_the_confirmation_then_nothing_by_next() -> None:
    assert run("begin", "next", "next", "next").state == "adjusting"
    confirming = run("begin", "next", "next", "next", "next")
    assert confirming.state == "confirming"
    assert rules.move(confirming, "next", NINE) is None


def test_a_workshop_without_lines_goes_to_the_round_and_keeps_its_figures() -> None:
    moved = rules.move(replace(PLANNED, turns=()), "begin", NINE)
    assert moved is not None
    assert (moved.standing.state, moved.intents) == ("adjusting", ("freeze_before", "send_items"))


@pytest.mark.parametrize(
    ("state", "possible"),
    [
        ("planned", {"begin", "next", "cancel"}),
        ("drafting", {"begin", "next", "cancel"}),
        ("presenting", {"next", "extend", "adjust", "close"}),
        ("adjusting", {"next", "close"}),
        ("confirming", {"confirm", "close"}),
        ("closed", set()),
        ("cancelled", set()),
    ],
)
def test_what_can_be_done_when(state: rules.State, possible: set[Move]) -> None:
    standing = replace(PLANNED, state=state, ends_at=NINE if state == "presenting" else None)
    assert {what for what in MOVES if rules.move(standing, what, NINE)} == possible


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(MOVES), max_size=25), st.integers(0, 5))
def test_whatever_is_pressed_it_never_goes_back_and_every_move_counts_once(moves: list[Move], lines: int) -> None:
    standing = Standing("planned", turns=tuple(f"line{n}" for n in range(lines)))
    at, shown, records = NINE, [], 0
    for what in moves:
        at += MINUTE
        moved = rules.move(standing, what, at)
        if moved is None:
            continue
        assert moved.standing.step == standing.step + 1
        assert place(moved.standing) > place(standing) or (
            what == "extend" and place(moved.standing) == place(standing)
        )
        assert (moved.standing.ends_at is not None) == (moved.standing.state == "presenting")
        shown += [moved.standing.line] if "show_turn" in moved.intents else []
        records += "record" in moved.intents
        standing = moved.standing
    assert shown == list(standing.turns[: len(shown)])
    assert records == (standing.state == "closed")


def test_a_clock_says_something_new_at_the_end_and_two_five_and_ten_minutes_after_and_then_no_more() -> None:
    said, tick = [], rules.next_tick(NINE)
    while tick is not None:
        said.append(int((tick - NINE) / MINUTE))
        tick = rules.next_tick(NINE, tick)
    assert said == [0, 2, 5, 10]
    assert rules.minutes_over(NINE, NINE + 2.9 * MINUTE) == 2
    assert rules.minutes_over(NINE, NINE - MINUTE) == 0


def test_lines_are_asked_on_the_third_working_day_before() -> None:
    assert rules.asks_at(NINE, BERLIN) == datetime(2026, 12, 30, 8, tzinfo=UTC)
    new_year = frozenset({date(2027, 1, 1)})
    assert rules.asks_at(NINE, BERLIN, new_year) == datetime(2026, 12, 29, 8, tzinfo=UTC)


def test_it_is_proposed_for_a_working_day_with_time_for_drafts() -> None:
    off = frozenset({date(2027, 1, 1)})
    monday = datetime(2027, 1, 4, 9, tzinfo=UTC)
    assert rules.suggested(date(2027, 1, 1), date(2026, 12, 14), BERLIN, off) == monday
    later = rules.suggested(date(2027, 1, 1), date(2027, 1, 7), BERLIN, off)
    assert later == datetime(2027, 1, 13, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "other", "provider", "by", "asked"),
    [
        ("dependency", "payments", "draft", {"payments"}, "crm"),
        ("dependency", "payments", "other", {"crm"}, "payments"),
        ("dependency", None, "other", set(), "crm"),
        ("conflict", "payments", "", {"payments"}, "crm"),
        ("conflict", "payments", "", {"crm"}, "payments"),
        ("opportunity", "payments", "", {"crm", "payments"}, "crm"),
        ("opportunity", None, "", {"crm"}, "crm"),
        ("decision", "payments", "", {"crm"}, None),
    ],
)
def test_an_item_asks_who_delivers_or_else_who_did_not_say_it(
    kind: str, other: str | None, provider: str, by: set[str], asked: str | None
) -> None:
    assert rules.asked_of(kind, "crm", other, provider, by) == asked


def test_a_time_stamp_of_slack_is_read_to_the_microsecond() -> None:
    assert rules.instant_of("1799053200.000005") == NINE + timedelta(microseconds=5)
