"""The alignment rating: its score, its result, and when it is open."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rituals.ratings.rules import closes_at, is_open, opens_at, result, valid_score
from tests.rituals.samples import BERLIN

THURSDAY = date(2026, 12, 31)


@pytest.mark.parametrize("score", [1, 5])
def test_whole_numbers_from_1_to_5_are_scores(score: int) -> None:
    assert valid_score(score)


@pytest.mark.parametrize("score", [0, 6, 2.5, "3", True, None])
def test_anything_else_is_no_score(score: object) -> None:
    assert not valid_score(score)


def test_the_result_has_mean_spread_count_and_response_rate() -> None:
    given = result([5, 4, 3, 4], asked=5)
    assert (given.mean, given.votes, given.response_rate) == (4.0, 4, 0.8)
    assert given.spread == pytest.approx(0.5**0.5)
    assert given.scores == {1: 0, 2: 0, 3: 1, 4: 2, 5: 1}


def test_without_votes_there_is_no_mean_and_no_spread() -> None:
    given = result([], asked=4)
    assert (given.mean, given.spread, given.votes, given.response_rate) == (None, None, 0, 0.0)


def test_one_vote_has_no_spread_but_nought() -> None:
    assert result([4], asked=1).spread == 0.0


def test_nobody_asked_is_no_response_rate() -> None:
    assert result([], asked=0).response_rate is None


def test_a_score_that_is_none_is_refused_and_not_averaged_in() -> None:
    with pytest.raises(ValueError, match="from 1 to 5"):
        result([5, 6], asked=2)


@given(scores=st.lists(st.integers(1, 5), min_size=1))
def test_the_mean_lies_among_the_votes_and_all_are_counted(scores: list[int]) -> None:
    given = result(scores, asked=len(scores))
    assert given.mean is not None
    assert min(scores) <= given.mean <= max(scores)
    assert sum(given.scores.values()) == given.votes == len(scores)


def test_it_opens_at_nine_on_the_third_last_working_day() -> None:
    assert opens_at(THURSDAY, BERLIN) == datetime(2026, 12, 29, 8, tzinfo=UTC)


def test_a_cycle_that_ends_on_a_sunday_counts_back_from_friday() -> None:
    assert opens_at(date(2026, 11, 29), BERLIN) == datetime(2026, 11, 25, 8, tzinfo=UTC)


def test_it_closes_at_six_on_the_third_working_day_after_the_end() -> None:
    assert closes_at(THURSDAY, BERLIN) == datetime(2027, 1, 5, 17, tzinfo=UTC)


def test_holidays_are_no_working_days() -> None:
    free = frozenset({date(2026, 12, 30), date(2027, 1, 1)})
    assert opens_at(THURSDAY, BERLIN, free) == datetime(2026, 12, 28, 8, tzinfo=UTC)
    assert closes_at(THURSDAY, BERLIN, free) == datetime(2027, 1, 6, 17, tzinfo=UTC)


def test_votes_count_from_the_opening_up_to_the_closing_instant() -> None:
    opens, closes, second = opens_at(THURSDAY, BERLIN), closes_at(THURSDAY, BERLIN), timedelta(seconds=1)
    at = [opens - second, opens, closes - second, closes]
    assert [is_open(THURSDAY, now=now, zone=BERLIN) for now in at] == [False, True, True, False]


@given(ends=st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_it_always_opens_on_a_working_day_within_the_cycles_last_five_and_closes_after_its_end(ends: date) -> None:
    opens, closes = opens_at(ends, BERLIN).astimezone(BERLIN), closes_at(ends, BERLIN).astimezone(BERLIN)
    assert opens.weekday() < 5
    assert 2 <= (ends - opens.date()).days <= 4
    assert (opens.hour, closes.hour) == (9, 18)
    assert 3 <= (closes.date() - ends).days <= 5
