"""What holds for the progress of every kind, whatever its bounds: METHOD's range, its ends and its direction."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from rituals.okrs.model import KEEP_KINDS, KeyResult, Kind, Milestone
from rituals.okrs.progress import current_progress, raw_progress, shown, tolerance_of, total_weight, validate
from tests.rituals.samples import kr, on_day, said

AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, places=3)
SIZES = st.decimals(min_value="0.001", max_value=10**6, places=3)
LINES: tuple[Kind, ...] = ("increase", "decrease")


@st.composite
def lines(draw: st.DrawFn) -> KeyResult:
    start, target = draw(st.lists(AMOUNTS, min_size=2, max_size=2, unique=True))
    return kr(kind="decrease" if target < start else "increase", start=start, target=target)


@st.composite
def bounds(draw: st.DrawFn) -> KeyResult:
    kind = draw(st.sampled_from(sorted(KEEP_KINDS)))
    low, high = sorted((draw(AMOUNTS), draw(AMOUNTS)))
    ends = {"low": low, "high": high} if kind == "keep_between" else {"target": low}
    return kr(**{"kind": kind, "start": None, "target": None, "tolerance": draw(SIZES | st.none())} | ends)


@st.composite
def steps(draw: st.DrawFn) -> KeyResult:
    weights = draw(st.lists(SIZES, min_size=1, max_size=8))
    return kr(kind="milestone", milestones=tuple(Milestone(f"step {n}", w) for n, w in enumerate(weights)))


YES_OR_NO = st.just(kr(kind="binary", start=None, target=None))
ANY = st.one_of(lines(), bounds(), steps(), YES_OR_NO)


@given(one=ANY, value=AMOUNTS)
def test_what_is_shown_is_from_nothing_to_all(one: KeyResult, value: Decimal) -> None:
    assert validate(one) == []
    assert 0 <= shown(raw_progress(one, value)) <= 1


@given(one=lines())
def test_the_start_of_a_way_is_nothing_its_middle_half_and_its_target_all(one: KeyResult) -> None:
    assert one.start is not None
    assert one.target is not None
    middle = (one.start + one.target) / 2
    assert [raw_progress(one, v) for v in (one.start, middle, one.target)] == [0, Fraction(1, 2), 1]


@given(one=lines(), values=st.tuples(AMOUNTS, AMOUNTS))
def test_towards_the_target_is_always_more_and_away_from_it_less(
    one: KeyResult, values: tuple[Decimal, Decimal]
) -> None:
    less, more = sorted(values, reverse=one.kind == "decrease")
    assert raw_progress(one, less) <= raw_progress(one, more)
    assert (raw_progress(one, less) == raw_progress(one, more)) is (less == more)


@given(one=bounds(), values=st.tuples(AMOUNTS, AMOUNTS))
def test_nearer_to_what_is_kept_is_never_less(one: KeyResult, values: tuple[Decimal, Decimal]) -> None:
    """On either side of the bound that is nearer."""
    for outside in (_below, _above):
        near, far = sorted(values, key=lambda value: outside(one, value))
        if outside(one, near) is not None and outside(one, near) >= 0:
            assert raw_progress(one, far) <= raw_progress(one, near)


def _below(one: KeyResult, value: Decimal) -> Decimal:
    low = {"keep_between": one.low, "keep_above": one.target}.get(one.kind)
    return Decimal(-1) if low is None else low - value


def _above(one: KeyResult, value: Decimal) -> Decimal:
    high = {"keep_between": one.high, "keep_below": one.target}.get(one.kind)
    return Decimal(-1) if high is None else value - high


@given(one=bounds(), share=st.fractions(min_value=0, max_value=2, max_denominator=1000))
def test_outside_of_what_is_kept_it_falls_by_the_share_of_the_tolerance(one: KeyResult, share: Fraction) -> None:
    bound, sign = {
        "keep_above": (one.target, -1),
        "keep_below": (one.target, 1),
        "keep_between": (one.high, 1),
    }[one.kind]
    assert bound is not None
    tolerance = tolerance_of(one, bound)
    value = Fraction(bound) + sign * tolerance * share
    as_decimal = Decimal(value.numerator) / Decimal(value.denominator)
    if Fraction(as_decimal) != value or tolerance == 0:
        return
    assert raw_progress(one, as_decimal) == max(Fraction(0), 1 - share)


@given(one=bounds(), value=AMOUNTS)
def test_what_is_kept_is_all_inside_and_less_outside(one: KeyResult, value: Decimal) -> None:
    inside = max(_below(one, value), _above(one, value)) <= 0
    assert (raw_progress(one, value) == 1) is inside


@given(one=steps(), values=st.tuples(SIZES, SIZES))
def test_more_weight_done_is_more_progress(one: KeyResult, values: tuple[Decimal, Decimal]) -> None:
    less, more = sorted(values)
    assert raw_progress(one, less) <= raw_progress(one, more)
    assert raw_progress(one, Decimal(0)) == 0
    assert Fraction(less) / total_weight(one.milestones) == raw_progress(one, less)


@given(done=st.booleans())
def test_yes_is_all_and_no_nothing(done: bool) -> None:
    assert raw_progress(kr(kind="binary", start=None, target=None), Decimal(done)) == int(done)


@given(one=ANY, values=st.lists(AMOUNTS, min_size=1, max_size=5))
def test_the_last_report_decides_whatever_came_before(one: KeyResult, values: list[Decimal]) -> None:
    reports = tuple(said(on_day(n), value) for n, value in enumerate(values))
    reported = kr(**{name: getattr(one, name) for name in _FIELDS}, updates=reports)
    assert current_progress(reported) == raw_progress(one, values[-1])


_FIELDS = ("kind", "start", "target", "low", "high", "tolerance", "milestones")
