"""Figures over time: which days of a cycle are kept, and whether ratings and pace go together."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rituals.alignment.trend import day_to_keep, rank_correlation

STARTS, ENDS = date(2026, 10, 1), date(2026, 12, 31)  # both Thursdays


@pytest.mark.parametrize(
    ("today", "kept"),
    [
        (date(2026, 9, 30), None),
        (date(2026, 10, 1), date(2026, 10, 1)),
        (date(2026, 10, 4), date(2026, 10, 1)),
        (date(2026, 10, 5), date(2026, 10, 5)),
        (date(2026, 11, 18), date(2026, 11, 16)),
        (date(2026, 12, 30), date(2026, 12, 28)),
        (date(2026, 12, 31), date(2026, 12, 31)),
        (date(2027, 1, 20), date(2026, 12, 31)),
    ],
)
def test_a_cycles_first_day_every_monday_and_its_last_day_are_kept(today: date, kept: date | None) -> None:
    assert day_to_keep(STARTS, ENDS, today) == kept


def test_whoever_looks_every_day_keeps_each_of_them() -> None:
    days = [day_to_keep(STARTS, ENDS, STARTS + timedelta(days=n)) for n in range(100)]
    mondays = [STARTS + timedelta(days=n) for n in range(92) if (STARTS + timedelta(days=n)).weekday() == 0]
    assert sorted({day for day in days if day}) == [STARTS, *mondays, ENDS]


def test_ranks_that_agree_correlate_whatever_their_distance() -> None:
    assert rank_correlation([(1, 10), (2, 11), (3, 50), (4, 51)]) == pytest.approx(1)
    assert rank_correlation([(1, 4), (2, 3), (3, 2), (4, 1)]) == pytest.approx(-1)


def test_one_pair_out_of_order_among_four_costs_a_fifth() -> None:
    # rho = 1 - 6 * (0 + 0 + 1 + 1) / (4 * 15)
    assert rank_correlation([(1, 1), (2, 2), (3, 4), (4, 3)]) == pytest.approx(0.8)


def test_equal_values_share_their_rank() -> None:
    # ranks 1, 2.5, 2.5, 4 against 1 to 4: Pearson's correlation of the two rows is 4.5 / sqrt(4.5 * 5)
    assert rank_correlation([(3.0, 0.1), (4.0, 0.2), (4.0, 0.3), (5.0, 0.4)]) == pytest.approx(4.5 / (4.5 * 5) ** 0.5)


@pytest.mark.parametrize("pairs", [[], [(1, 1), (2, 2), (3, 3)], [(4, 1), (4, 2), (4, 3), (4, 4)]])
def test_under_four_cycles_or_without_any_difference_nothing_is_said(pairs: list[tuple[float, float]]) -> None:
    assert rank_correlation(pairs) is None


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(-100, 300)), min_size=4, max_size=12))
def test_a_correlation_never_leaves_its_bounds(pairs: list[tuple[int, int]]) -> None:
    rho = rank_correlation([(float(a), float(b)) for a, b in pairs])
    assert rho is None or -1.000001 <= rho <= 1.000001
