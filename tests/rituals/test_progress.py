"""Progress: METHOD's examples, and what holds for every key result of a kind."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rituals.okrs.model import KeyResult, Milestone, Objective
from rituals.okrs.progress import (
    as_of,
    current_progress,
    current_value,
    moved,
    objective_progress,
    progress_at,
    raw_progress,
    shown,
    validate,
)
from tests.rituals.samples import ONBOARDING, kr, on_day, percent_kr, said

AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, places=3)
SIZES = st.decimals(min_value="0.001", max_value=10**6, places=3)
NINE = datetime(2026, 11, 2, 9, tzinfo=UTC)


def keep(kind: str, **bounds: str) -> KeyResult:
    return kr(**{"kind": kind, "start": None, "target": None} | {n: Decimal(v) for n, v in bounds.items()})


def steps(*weights: int, done: tuple[int, ...] = ()) -> KeyResult:
    return kr(
        kind="milestone",
        milestones=tuple(Milestone(f"step {i}", Decimal(w), done=i in done) for i, w in enumerate(weights)),
    )


def test_45_to_20_days_now_30_is_60_percent_of_the_way() -> None:
    assert raw_progress(ONBOARDING, Decimal(30)) == Fraction(60, 100)


def test_45_to_20_days_now_50_is_minus_20_percent_and_shown_as_nothing() -> None:
    p = raw_progress(ONBOARDING, Decimal(50))
    assert p == Fraction(-20, 100)
    assert shown(p) == 0


def test_keeping_at_most_2_percent_with_tolerance_a_half_is_at_60_percent_at_2_2() -> None:
    assert raw_progress(keep("keep_below", target="2.0", tolerance="0.5"), Decimal("2.2")) == Fraction(60, 100)


def test_milestones_of_weights_1_2_1_with_the_second_done_are_half_way() -> None:
    assert current_progress(steps(1, 2, 1, done=(1,))) == Fraction(1, 2)


@pytest.mark.parametrize(("value", "p"), [("0", 0), ("1", 1)])
def test_a_binary_key_result_is_at_nothing_or_all(value: str, p: int) -> None:
    assert raw_progress(kr(kind="binary"), Decimal(value)) == p


def test_without_a_stated_tolerance_it_is_a_tenth_of_the_bound() -> None:
    assert raw_progress(keep("keep_above", target="90"), Decimal("85.5")) == Fraction(1, 2)
    assert raw_progress(keep("keep_above", target="-90"), Decimal("-94.5")) == Fraction(1, 2)


def test_a_range_counts_from_the_bound_that_was_crossed() -> None:
    between = keep("keep_between", low="10", high="20")
    assert [raw_progress(between, Decimal(v)) for v in ("9.5", "10", "15", "20", "21")] == [
        Fraction(1, 2),
        1,
        1,
        1,
        Fraction(1, 2),
    ]


@pytest.mark.parametrize(
    "without_a_way",
    [
        keep("keep_below", target="0"),
        keep("keep_below", target="2", tolerance="0"),
        keep("keep_between", low="-1", high="0"),
    ],
)
def test_a_bound_without_tolerance_is_kept_or_not_and_never_divides_by_zero(without_a_way: KeyResult) -> None:
    bound = without_a_way.high if without_a_way.high is not None else without_a_way.target
    assert bound is not None
    assert raw_progress(without_a_way, bound) == 1
    assert raw_progress(without_a_way, bound + Decimal("0.001")) == 0


@given(start=AMOUNTS, target=AMOUNTS)
def test_the_start_is_nothing_and_the_target_all(start: Decimal, target: Decimal) -> None:
    assume(start != target)
    line = kr(kind="increase" if target > start else "decrease", start=start, target=target)
    assert raw_progress(line, start) == 0
    assert raw_progress(line, target) == 1


@given(start=AMOUNTS, target=AMOUNTS, one=AMOUNTS, other=AMOUNTS)
def test_a_value_nearer_to_the_side_of_the_target_is_never_less_progress(
    start: Decimal, target: Decimal, one: Decimal, other: Decimal
) -> None:
    assume(start != target)
    worse, better = sorted((one, other), reverse=target < start)
    line = kr(start=start, target=target)
    assert raw_progress(line, worse) <= raw_progress(line, better)


@given(bound=AMOUNTS, tolerance=SIZES | st.none(), one=AMOUNTS, other=AMOUNTS)
def test_farther_outside_a_bound_is_never_more_progress_and_never_below_nothing(
    bound: Decimal, tolerance: Decimal | None, one: Decimal, other: Decimal
) -> None:
    low, high = sorted((one, other))
    above = kr(kind="keep_above", target=bound, tolerance=tolerance)
    below = kr(kind="keep_below", target=bound, tolerance=tolerance)
    assert 0 <= raw_progress(above, low) <= raw_progress(above, high) <= 1
    assert 1 >= raw_progress(below, low) >= raw_progress(below, high) >= 0
    assert raw_progress(above, bound) == raw_progress(below, bound) == 1


@given(bound=AMOUNTS, tolerance=SIZES)
def test_a_whole_tolerance_outside_a_bound_is_nothing(bound: Decimal, tolerance: Decimal) -> None:
    above = kr(kind="keep_above", target=bound, tolerance=tolerance)
    assert raw_progress(above, bound - tolerance) == 0


@given(ends=st.tuples(AMOUNTS, AMOUNTS), value=AMOUNTS)
def test_anything_inside_a_range_is_all_and_outside_less(ends: tuple[Decimal, Decimal], value: Decimal) -> None:
    low, high = sorted(ends)
    p = raw_progress(kr(kind="keep_between", low=low, high=high), value)
    assert (p == 1) == (low <= value <= high)


@given(weights=st.lists(SIZES, min_size=1, max_size=8), done=st.sets(st.integers(0, 7)))
def test_milestones_go_from_nothing_to_all_by_the_weight_that_is_done(weights: list[Decimal], done: set[int]) -> None:
    marked = tuple(Milestone(str(i), w, done=i in done) for i, w in enumerate(weights))
    p = current_progress(kr(kind="milestone", milestones=marked))
    weight_done = sum(Fraction(w) for i, w in enumerate(weights) if i in done)
    assert (p or 0) == weight_done / sum(Fraction(w) for w in weights)


@given(p=st.fractions())
def test_what_is_shown_is_from_nothing_to_all_and_true_in_between(p: Fraction) -> None:
    assert 0 <= shown(p) <= 1
    assert shown(p) == p or not 0 <= p <= 1


def test_the_last_report_counts_and_a_view_moves_nothing() -> None:
    seen = (said(NINE, 41), said(NINE, 30, unit="crm", role="view"), said(NINE, None, 7))
    assert current_value(kr(updates=seen)) == 41


def test_a_key_result_that_was_never_updated_has_no_progress() -> None:
    assert current_value(ONBOARDING) is None
    assert current_progress(ONBOARDING) is None
    assert current_progress(steps(1, 2)) is None


def test_reports_of_milestones_count_before_what_is_marked() -> None:
    marked = steps(1, 2, 1, done=(1,))
    reported = kr(kind="milestone", milestones=marked.milestones, updates=(said(NINE, 3),))
    assert current_progress(reported) == Fraction(3, 4)


def test_progress_at_an_instant_knows_nothing_of_later_reports() -> None:
    line = percent_kr(said(on_day(1), 10), said(on_day(5), 40))
    assert [progress_at(line, on_day(d)) for d in (0, 1, 4, 5)] == [
        None,
        Fraction(1, 10),
        Fraction(1, 10),
        Fraction(2, 5),
    ]


def test_milestones_done_on_a_later_day_were_not_done_yet() -> None:
    marked = (Milestone("a", done=date(2026, 11, 2)), Milestone("b", done=date(2026, 11, 3)), Milestone("c"))
    before = as_of(kr(kind="milestone", milestones=marked), NINE)
    assert [m.done for m in before.milestones] == [date(2026, 11, 2), False, False]


def test_a_key_result_moves_from_its_start_before_it_is_first_reported() -> None:
    line = percent_kr(said(on_day(5), 40))
    assert moved(line, on_day(1), on_day(6)) == Fraction(2, 5)
    assert moved(line, on_day(0), on_day(1)) is None


def test_an_unknown_earlier_state_of_a_bound_is_no_movement() -> None:
    assert moved(percent_kr(said(on_day(5), 100), kind="keep_above"), on_day(1), on_day(6)) is None


def test_an_objective_is_the_weighted_mean_of_its_key_results() -> None:
    krs = (percent_kr(said(NINE, 80), weight=Decimal(3)), percent_kr(said(NINE, 40)))
    assert objective_progress(Objective("O-1", "t", "suite", "Q4", krs)) == Fraction(7, 10)


def test_a_silent_key_result_holds_its_objective_back_and_an_overshoot_does_not_carry_it() -> None:
    krs = (percent_kr(said(NINE, 300)), percent_kr())
    assert objective_progress(Objective("O-1", "t", "suite", "Q4", krs)) == Fraction(1, 2)


@pytest.mark.parametrize("krs", [(), (ONBOARDING,)])
def test_an_objective_without_any_value_has_no_progress(krs: tuple[KeyResult, ...]) -> None:
    assert objective_progress(Objective("O-1", "t", "suite", "Q4", krs)) is None


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (kr(start=Decimal(20)), "start and target are both 20"),
        (kr(start=None), "no start"),
        (kr(target=None), "no target"),
        (keep("keep_above"), "no bound"),
        (keep("keep_between", low="1"), "state both low and high"),
        (keep("keep_between", low="3", high="2"), "low 3 is above high 2"),
        (keep("keep_below", target="2", tolerance="-1"), "tolerance is -1"),
        (kr(kind="milestone"), "no milestones"),
        (steps(1, 0), 'milestone "step 1" has the weight 0'),
    ],
)
def test_what_cannot_be_computed_is_named_and_has_no_progress(broken: KeyResult, words: str) -> None:
    [problem] = validate(broken)
    assert words in problem
    assert (
        current_progress(kr(**{f: getattr(broken, f) for f in broken.__slots__} | {"updates": (said(NINE, 1),)}))
        is None
    )
    with pytest.raises(ValueError, match="KR-1"):
        raw_progress(broken, Decimal(1))


@pytest.mark.parametrize(
    ("unsound", "words"),
    [
        (kr(weight=Decimal(0)), "weight is 0"),
        (kr(ends=date(2026, 9, 30)), "before it starts"),
        (kr(plan=((date(2026, 11, 1), Decimal("1.5")),)), "share 1.5"),
        (kr(plan=((date(2027, 1, 1), Decimal(1)),)), "2027-01-01"),
        (kr(plan=((date(2026, 11, 1), Decimal(0)), (date(2026, 11, 1), Decimal(1)))), "one day twice"),
        (kr(updates=(said(NINE, 41, 11),)), "confidence 11"),
        (kr(kind="binary", updates=(said(NINE, 2),)), "value 2"),
    ],
)
def test_what_is_unsound_is_named_with_what_to_do(unsound: KeyResult, words: str) -> None:
    [problem] = validate(unsound)
    assert words in problem
    assert ":" in problem


def test_a_sound_key_result_has_no_problems() -> None:
    assert validate(kr(updates=(said(NINE, 41, 10), said(NINE, 40, 0)))) == []
