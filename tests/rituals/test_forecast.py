"""The forecast: METHOD's example, what is not enough, and what an outlier does not change."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rituals.okrs.forecast import Forecast, forecast
from rituals.okrs.model import KeyResult
from tests.rituals.samples import BERLIN, on_day, percent_kr, said


def reported(*points: tuple[int, int]) -> KeyResult:
    return percent_kr(*(said(on_day(day), value) for day, value in points))


def rounded(course: Forecast | None) -> tuple[float, ...]:
    assert course is not None
    return round(course.landing, 6), round(course.low, 6), round(course.high, 6), course.updates


def test_three_updates_on_a_line_of_slope_a_half_land_at_a_half() -> None:
    assert rounded(forecast(reported((10, 5), (30, 15), (50, 25)))) == (0.5, 0.5, 0.5, 3)


def test_two_updates_are_not_enough_data() -> None:
    assert forecast(reported((10, 5), (30, 15))) is None


def test_three_updates_on_two_days_are_not_enough_data() -> None:
    assert forecast(reported((10, 5), (10, 6), (30, 15))) is None


def test_days_are_counted_on_the_local_wall() -> None:
    late = [on_day(day, hour=23) + timedelta(minutes=30) for day in (9, 29)]
    line = percent_kr(said(on_day(10), 5), *(said(at, 5) for at in late))
    assert forecast(line) is not None
    assert forecast(line, BERLIN) is None


def test_updates_outside_the_span_do_not_count() -> None:
    assert forecast(reported((-5, 0), (10, 5), (30, 15), (101, 90))) is None


def test_one_outlier_does_not_bend_the_forecast() -> None:
    steady = [(day, day // 2) for day in range(0, 60, 10)]
    assert rounded(forecast(reported(*steady[:3], (25, 90), *steady[3:])))[0] == pytest.approx(0.5, abs=0.02)


def test_the_band_comes_from_the_quartiles_of_the_slopes() -> None:
    # The three slopes are 0.1, 0.2 and 0.3, their quartiles 0.15 and 0.25, and a fifth of the span is left.
    landing, low, high, _ = rounded(forecast(reported((60, 0), (70, 1), (80, 4))))
    assert [landing, low, high] == [0.08, 0.07, 0.09]


@pytest.mark.parametrize(("last", "shown"), [(0, 0.0), (100, 1.5)])
def test_a_landing_is_shown_between_nothing_and_one_and_a_half(last: int, shown: float) -> None:
    falling_or_rising = reported((0, 50), (10, (50 + last) // 2), (20, last))
    assert rounded(forecast(falling_or_rising))[0] == shown


def test_a_binary_key_result_has_no_forecast() -> None:
    assert forecast(percent_kr(*(said(on_day(d), 0) for d in (1, 2, 3)), kind="binary")) is None


def test_views_and_what_cannot_be_computed_have_no_forecast() -> None:
    views = [said(on_day(d), d, role="view", unit="crm") for d in (1, 2, 3)]
    assert forecast(percent_kr(*views)) is None
    assert forecast(percent_kr(*(said(on_day(d), d) for d in (1, 2, 3)), start=None)) is None


@given(slope=st.integers(0, 9), days=st.lists(st.integers(0, 99), min_size=3, max_size=12, unique=True).map(sorted))
def test_updates_on_any_line_land_where_the_line_ends(slope: int, days: list[int]) -> None:
    updates = [said(on_day(d), f"{slope * d / 10:.1f}") for d in days]
    landing, low, high, count = rounded(forecast(percent_kr(*updates)))
    assert landing == low == high == pytest.approx(slope / 10)
    assert count == len(days)


@given(values=st.lists(st.integers(-50, 200), min_size=3, max_size=12))
def test_the_landing_lies_in_its_band(values: list[int]) -> None:
    landing, low, high, _ = rounded(forecast(reported(*((i * 5, v) for i, v in enumerate(values)))))
    assert 0 <= low <= landing <= high <= 1.5
