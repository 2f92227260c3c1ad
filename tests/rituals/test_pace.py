"""Elapsed time, expectation, gap and status: METHOD's example and every boundary of its table."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rituals.okrs.model import Bands, KeyResult, Milestone, Status
from rituals.okrs.pace import (
    WORST_FIRST,
    elapsed,
    expected_progress,
    expected_value,
    gap_points,
    last_heard,
    status,
    worst,
)
from tests.rituals.samples import BANDS, BERLIN, ENDS, MID, STARTS, TWO_WEEKS, kr, on_day, percent_kr, said

NOV_15 = date(2026, 11, 15)
DAYS = st.dates(date(2026, 6, 1), date(2027, 6, 1))
LATELY = datetime(2026, 11, 12, 9, tzinfo=UTC)


def status_at(key_result: KeyResult, now: datetime = MID, bands: Bands = BANDS) -> Status:
    return status(key_result, now=now, zone=BERLIN, interval=TWO_WEEKS, bands=bands)


def test_15_november_is_45_of_the_91_days_of_the_quarter() -> None:
    assert elapsed(kr(), NOV_15) == Fraction(45, 91)


@given(day=DAYS)
def test_elapsed_time_stays_between_nothing_and_all(day: date) -> None:
    assert 0 <= elapsed(kr(), day) <= 1
    assert (elapsed(kr(), day) == 0) == (day <= STARTS)
    assert (elapsed(kr(), day) == 1) == (day >= ENDS)


def test_a_span_of_one_day_is_over_on_that_day() -> None:
    assert [elapsed(kr(ends=STARTS), STARTS + timedelta(days=d)) for d in (-1, 0)] == [0, 1]


def test_onboarding_at_30_days_in_mid_november_is_ten_and_a_half_points_ahead_and_on_track() -> None:
    line = kr(updates=(said(LATELY, 30),))
    gap = gap_points(line, NOV_15)
    assert gap == (Fraction(45, 91) - Fraction(3, 5)) * 100
    assert round(float(gap), 1) == -10.5
    assert status_at(line) == "on_track"


def test_onboarding_at_41_days_in_mid_november_is_33_and_a_half_points_behind_and_off_track() -> None:
    line = kr(updates=(said(LATELY, 41),))
    gap = gap_points(line, NOV_15)
    assert gap is not None
    assert round(float(gap), 1) == 33.5
    assert status_at(line) == "off_track"


def test_the_gap_counts_the_raw_progress_and_is_unknown_without_a_value() -> None:
    assert gap_points(kr(updates=(said(LATELY, 50),)), STARTS) == 20
    assert gap_points(kr(), NOV_15) is None


@pytest.mark.parametrize(
    ("behind", "expected"),
    [("10", "on_track"), ("10.01", "at_risk"), ("25", "at_risk"), ("25.01", "off_track"), ("-30", "on_track")],
)
def test_a_gap_of_exactly_10_is_on_track_and_of_exactly_25_at_risk(behind: str, expected: Status) -> None:
    line = percent_kr(said(on_day(50), Decimal(50) - Decimal(behind)))
    assert status_at(line, on_day(50)) == expected


def test_the_bands_are_the_workspaces_own() -> None:
    line = percent_kr(said(on_day(50), 44))
    assert status_at(line, on_day(50), bands=Bands(at_risk=5, off_track=6)) == "at_risk"
    assert status_at(line, on_day(50), bands=Bands(at_risk=3, off_track=5)) == "off_track"


@pytest.mark.parametrize(("day", "expected"), [(-3, "not_started"), (14, "not_started"), (15, "no_data")])
def test_a_key_result_never_updated_has_no_data_from_the_15th_day_on(day: int, expected: Status) -> None:
    assert status_at(percent_kr(), on_day(day)) == expected


def test_the_day_is_the_one_on_the_local_wall() -> None:
    late = on_day(14, hour=23) + timedelta(minutes=30)
    assert status_at(percent_kr(), late) == "no_data"
    assert gap_points(percent_kr(said(late, 0)), late.date()) == 14


def test_a_view_alone_is_no_data_for_it_does_not_answer_for_the_key_result() -> None:
    line = percent_kr(said(on_day(19), 60, role="view", unit="crm"))
    assert status_at(line, on_day(20)) == "no_data"


def test_one_and_a_half_intervals_without_an_update_is_not_stale_yet_and_a_second_more_is() -> None:
    line = percent_kr(said(on_day(10), 90))
    limit = on_day(10) + timedelta(days=21)
    assert status_at(line, limit) == "on_track"
    assert status_at(line, limit + timedelta(seconds=1)) == "stale"


def test_a_report_of_confidence_alone_breaks_the_silence_and_a_view_does_not() -> None:
    heard = percent_kr(said(on_day(10), 90), said(on_day(30), None, 7))
    seen = percent_kr(said(on_day(10), 90), said(on_day(30), 90, role="view", unit="crm"))
    assert status_at(heard, on_day(40)) == "on_track"
    assert status_at(seen, on_day(40)) == "stale"


def test_achieved_stays_achieved_however_old_it_is() -> None:
    assert status_at(percent_kr(said(on_day(1), 100)), on_day(90)) == "achieved"


def test_a_kept_bound_is_achieved_only_at_the_end() -> None:
    kept = percent_kr(said(on_day(95), 100), kind="keep_above")
    assert [status_at(kept, on_day(d)) for d in (99, 100)] == ["on_track", "achieved"]


def test_a_closed_cycle_closes_whatever_stood_there() -> None:
    assert status_at(percent_kr(said(on_day(1), 100), cycle_closed=True), on_day(2)) == "closed"


def test_the_status_at_an_instant_knows_nothing_of_later_reports() -> None:
    line = percent_kr(said(on_day(1), 1), said(on_day(5), 100))
    assert [status_at(line, on_day(d)) for d in (0, 4, 5)] == ["not_started", "on_track", "achieved"]


def test_what_cannot_be_computed_has_no_data_whatever_was_reported() -> None:
    assert status_at(percent_kr(said(on_day(20), 3), start=None), on_day(20)) == "no_data"


def test_a_plan_is_followed_from_point_to_point() -> None:
    plan = ((date(2026, 1, 21), Decimal("0.1")), (date(2026, 2, 10), Decimal("0.5")))
    line = percent_kr(plan=plan)
    at = {d: expected_progress(line, on_day(d).date()) for d in (-1, 0, 10, 20, 30, 40, 70, 100, 120)}
    assert at == {
        -1: 0,
        0: 0,
        10: Fraction(1, 20),
        20: Fraction(1, 10),
        30: Fraction(3, 10),
        40: Fraction(1, 2),
        70: Fraction(3, 4),
        100: 1,
        120: 1,
    }


@pytest.mark.parametrize("kind", ["keep_above", "keep_below", "keep_between"])
def test_what_is_to_be_kept_is_expected_from_the_first_day(kind: str) -> None:
    assert expected_progress(kr(kind=kind), STARTS) == 1


def test_of_milestones_the_weight_that_is_due_is_expected_and_without_a_day_at_the_end() -> None:
    marked = (
        Milestone("a", Decimal(1), date(2026, 10, 15)),
        Milestone("b", Decimal(2), date(2026, 11, 15)),
        Milestone("c"),
    )
    line = kr(kind="milestone", milestones=marked)
    days = [date(2026, 10, 14), date(2026, 10, 15), date(2026, 11, 14), date(2026, 11, 15), ENDS]
    assert [expected_progress(line, d) for d in days] == [0, Fraction(1, 4), Fraction(1, 4), Fraction(3, 4), 1]
    assert [expected_value(line, d) for d in days] == [0, 1, 1, 3, 4]


@pytest.mark.parametrize(("due", "first"), [(date(2026, 11, 20), date(2026, 11, 20)), (None, ENDS)])
def test_a_binary_key_result_is_expected_from_its_due_day_on(due: date | None, first: date) -> None:
    line = kr(kind="binary", due=due)
    assert [expected_progress(line, first - timedelta(days=d)) for d in (1, 0)] == [0, 1]
    assert expected_value(line, first) == 1


@pytest.mark.parametrize(
    ("start", "target", "expected"),
    [
        ("45", "20", "33"),
        ("18", "30", "24"),
        ("0", "1", "0.5"),
        ("0", "10", "5"),
        ("99.0", "99.9", "99.45"),
        ("12.5", "40", "26.1"),
        ("0", "3000000", "1480000"),
        ("1000", "2000", "1495"),
    ],
)
def test_the_expected_value_is_stated_as_finely_as_it_matters(start: str, target: str, expected: str) -> None:
    line = kr(start=Decimal(start), target=Decimal(target))
    assert expected_value(line, NOV_15) == Decimal(expected)


def test_the_expected_value_of_a_bound_is_the_bound_and_of_two_the_nearer() -> None:
    between = kr(kind="keep_between", low=Decimal(10), high=Decimal(20), updates=(said(LATELY, 22),))
    assert expected_value(kr(kind="keep_below", target=Decimal(2)), NOV_15) == 2
    assert expected_value(between, NOV_15) == 20


def test_there_is_no_expected_value_where_nothing_can_be_computed() -> None:
    assert expected_value(kr(start=None), NOV_15) is None


@given(
    start=st.decimals(-(10**6), 10**6, places=2),
    way=st.decimals(-(10**6), 10**6, places=2).filter(bool),
    day=st.dates(STARTS, ENDS),
)
def test_the_expected_value_is_within_a_twentieth_of_the_way_of_the_exact_one(
    start: Decimal, way: Decimal, day: date
) -> None:
    line = kr(start=start, target=start + way)
    stated = expected_value(line, day)
    assert stated is not None
    exact = Fraction(start) + Fraction(way) * elapsed(line, day)
    assert abs(Fraction(stated) - exact) <= abs(Fraction(way)) / 20


def test_a_milestone_marked_done_on_a_day_was_heard_of_on_that_day() -> None:
    line = kr(kind="milestone", milestones=(Milestone("a", done=date(2026, 11, 2)), Milestone("b", done=True)))
    assert last_heard(line, BERLIN) == datetime(2026, 11, 1, 23, tzinfo=UTC)
    assert last_heard(kr(), BERLIN) is None


def test_an_objective_is_as_bad_as_its_worst_key_result() -> None:
    assert worst(["on_track", "stale", "at_risk"]) == "stale"
    assert worst(["achieved", "on_track"]) == "on_track"
    assert worst([]) == "no_data"


@given(statuses=st.lists(st.sampled_from(WORST_FIRST), min_size=1))
def test_the_worst_status_is_one_of_those_given_and_none_is_worse(statuses: list[Status]) -> None:
    assert all(WORST_FIRST.index(worst(statuses)) <= WORST_FIRST.index(s) for s in statuses)
    assert worst(statuses) in statuses
