"""Progress of key results and objectives (METHOD, "Progress"), in exact fractions.

Pure: no clock, no formatting, no database. Every function works on what it is given; cut a key result to what was
known at an instant with `as_of` before asking for its current value.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from fractions import Fraction
from operator import attrgetter

from rituals.okrs.model import KEEP_KINDS, KeyResult, Milestone, Objective

DEFAULT_TOLERANCE = Fraction(1, 10)
CONFIDENCES = range(11)
_AT = attrgetter("at")


def raw_progress(kr: KeyResult, value: Decimal) -> Fraction:
    """The share of the way that `value` is, unclamped: below 0 is worse than the start, above 1 better than the target.

    Kinds that keep a bound never fall under 0 (the formula itself stops there). Where the tolerance is 0, stated or
    as 10 % of a bound of 0, there is no way in between: inside is 1, outside 0.
    Raises ValueError with what to do about it when the key result cannot be computed (see `validate`).
    """
    problems = definition_problems(kr)
    if problems:
        raise ValueError(f"{kr.key}: {'; '.join(problems)}")
    if kr.kind in KEEP_KINDS:
        return _kept(kr, Fraction(value))
    if kr.kind == "milestone":
        return Fraction(value) / total_weight(kr.milestones)
    if kr.kind == "binary":
        return Fraction(int(value >= 1))
    return Fraction(*along(value, _stated(kr.start), _stated(kr.target)))


def along(value: Decimal, start: Decimal, target: Decimal) -> tuple[int, int]:
    """How far `value` is from `start` to another `target`, exact, as two whole numbers to divide.

    Whole numbers, because three fractions and their arithmetic take five times as long, and history is long.
    """
    (v, per_v), (s, per_s), (t, per_t) = (amount.as_integer_ratio() for amount in (value, start, target))
    return (v * per_s - s * per_v) * per_t, (t * per_s - s * per_t) * per_v


def shown(p: Fraction) -> Fraction:
    """Progress as people see it: 0 to 1."""
    return min(max(p, Fraction(0)), Fraction(1))


def current_value(kr: KeyResult) -> Decimal | None:
    """The last reported value; None when nothing was reported.

    A milestone key result without reports has the weight of what is marked done, if anything is.
    """
    for update in reversed(kr.updates):
        if update.role == "report" and update.value is not None:
            return update.value
    if kr.kind == "milestone" and any(m.done for m in kr.milestones):
        return sum((m.weight for m in kr.milestones if m.done), Decimal(0))
    return None


def current_progress(kr: KeyResult) -> Fraction | None:
    """Raw progress of the current value; None when there is no value or it cannot be computed."""
    value = current_value(kr)
    return None if value is None or definition_problems(kr) else raw_progress(kr, value)


def as_of(kr: KeyResult, at: datetime, zone: tzinfo = UTC) -> KeyResult:
    """The key result as it was known at `at`: later updates, and milestones done on later local days, are left out."""
    if not kr.milestones and (not kr.updates or kr.updates[-1].at <= at):
        return kr
    day = at.astimezone(zone).date()
    updates = kr.updates[: bisect_right(kr.updates, at, key=_AT)]
    steps = tuple(m if isinstance(m.done, bool) or m.done <= day else replace(m, done=False) for m in kr.milestones)
    if len(updates) == len(kr.updates) and steps == kr.milestones:
        return kr
    return replace(kr, updates=updates, milestones=steps)


def progress_at(kr: KeyResult, at: datetime, zone: tzinfo = UTC) -> Fraction | None:
    """Raw progress as it was known at the instant `at`; None when nothing was reported by then."""
    if kr.milestones:
        return current_progress(as_of(kr, at, zone))
    for place in range(bisect_right(kr.updates, at, key=_AT) - 1, -1, -1):
        update = kr.updates[place]
        if update.role == "report" and update.value is not None:
            return None if definition_problems(kr) else raw_progress(kr, update.value)
    return None


def moved(kr: KeyResult, since: datetime, until: datetime, zone: tzinfo = UTC) -> Fraction | None:
    """Change of raw progress between two instants.

    Before its first report a key result stands at its start (0), except for kinds that keep a bound, where it is
    unknown. None when nothing was known at `until` or the earlier state is unknown.
    """
    after = progress_at(kr, until, zone)
    before = progress_at(kr, since, zone)
    if before is None and kr.kind not in KEEP_KINDS:
        before = Fraction(0)
    return None if after is None or before is None else after - before


def objective_progress(objective: Objective) -> Fraction | None:
    """Weighted mean of its key results' progress as shown, 0 to 1; None when none of them has a value.

    A key result that nobody has updated counts as 0 beside those that have a value: silence is no progress.
    """
    parts = [(Fraction(kr.weight), current_progress(kr)) for kr in objective.key_results]
    weight = sum((w for w, _ in parts), Fraction(0))
    if weight <= 0 or all(p is None for _, p in parts):
        return None
    return sum((w * shown(p) for w, p in parts if p is not None), Fraction(0)) / weight


def validate(kr: KeyResult) -> list[str]:
    """Everything that keeps this key result from being computed; each message says what to do. Empty: sound."""
    problems = definition_problems(kr)
    if kr.starts > kr.ends:
        problems.append(f"it ends on {kr.ends} before it starts on {kr.starts}: swap or correct the dates")
    if kr.weight <= 0:
        problems.append(f"its weight is {kr.weight}: give a weight above 0, or leave it out for 1")
    return problems + _plan_problems(kr) + _update_problems(kr)


def definition_problems(kr: KeyResult) -> list[str]:
    """The part of `validate` that decides whether progress can be computed at all."""
    if kr.kind in KEEP_KINDS:
        return _keep_problems(kr)
    if kr.kind == "milestone":
        return _milestone_problems(kr.milestones)
    return [] if kr.kind == "binary" else _line_problems(kr)


def total_weight(milestones: Iterable[Milestone]) -> Fraction:
    """Sum of the weights."""
    return sum((Fraction(m.weight) for m in milestones), Fraction(0))


def nearest_bound(kr: KeyResult, value: Decimal | None) -> Decimal | None:
    """The bound that counts for `value` in a kind that keeps one; of two the nearer (without a value the lower)."""
    if kr.kind != "keep_between":
        return kr.target
    if value is None or kr.low is None or kr.high is None:
        return kr.low
    return kr.low if abs(value - kr.low) <= abs(value - kr.high) else kr.high


def tolerance_of(kr: KeyResult, bound: Decimal) -> Fraction:
    """How far outside `bound` is progress 0: the stated tolerance, or 10 % of the bound's size."""
    return abs(Fraction(bound)) * DEFAULT_TOLERANCE if kr.tolerance is None else Fraction(kr.tolerance)


def _kept(kr: KeyResult, value: Fraction) -> Fraction:
    distance, bound = _outside_by(kr, value)
    if distance <= 0:
        return Fraction(1)
    tolerance = tolerance_of(kr, bound)
    return max(Fraction(0), 1 - distance / tolerance) if tolerance > 0 else Fraction(0)


def _outside_by(kr: KeyResult, value: Fraction) -> tuple[Fraction, Decimal]:
    """How far `value` lies outside (0 or less: inside), and the bound it is outside of."""
    low = kr.low if kr.kind == "keep_between" else kr.target if kr.kind == "keep_above" else None
    high = kr.high if kr.kind == "keep_between" else kr.target if kr.kind == "keep_below" else None
    sides = []
    if low is not None:
        sides.append((Fraction(low) - value, low))
    if high is not None:
        sides.append((value - Fraction(high), high))
    return max(sides)


def _stated(amount: Decimal | None) -> Decimal:
    if amount is None:
        raise ValueError("an amount is missing that definition_problems should have named")
    return amount


def _line_problems(kr: KeyResult) -> list[str]:
    if kr.start is None:
        return ["it has no start: state the value it starts from"]
    if kr.target is None:
        return ["it has no target: state the value it shall reach"]
    if kr.start == kr.target:
        return [f"start and target are both {kr.target}: state two different values, or use a kind that keeps a bound"]
    return []


def _keep_problems(kr: KeyResult) -> list[str]:
    problems = []
    if kr.kind != "keep_between" and kr.target is None:
        problems.append("it has no bound: state the target it shall be kept at")
    if kr.kind == "keep_between" and (kr.low is None or kr.high is None):
        problems.append("it has no range: state both low and high")
    elif kr.low is not None and kr.high is not None and kr.low > kr.high:
        problems.append(f"low {kr.low} is above high {kr.high}: swap them")
    if kr.tolerance is not None and kr.tolerance < 0:
        problems.append(f"its tolerance is {kr.tolerance}: state it as 0 or more")
    return problems


def _milestone_problems(milestones: tuple[Milestone, ...]) -> list[str]:
    if not milestones:
        return ["it has no milestones: list at least one"]
    return [
        f'milestone "{m.title}" has the weight {m.weight}: give a weight above 0, or leave it out for 1'
        for m in milestones
        if m.weight <= 0
    ]


def _plan_problems(kr: KeyResult) -> list[str]:
    problems = []
    for day, share in kr.plan:
        if not 0 <= share <= 1:
            problems.append(f"its plan has the share {share} on {day}: state shares from 0 to 1")
        if not kr.starts <= day <= kr.ends:
            problems.append(f"its plan has a point on {day}: keep it from {kr.starts} to {kr.ends}")
    if len({day for day, _ in kr.plan}) < len(kr.plan):
        problems.append("its plan has one day twice: keep one share a day")
    return problems


def _update_problems(kr: KeyResult) -> list[str]:
    problems = []
    for update in kr.updates:
        day = update.at.date()
        if update.confidence is not None and update.confidence not in CONFIDENCES:
            problems.append(f"the update of {day} has the confidence {update.confidence}: use 0 to 10")
        if kr.kind == "binary" and update.value not in (None, 0, 1):
            problems.append(f"the update of {day} has the value {update.value}: use 0 (not done) or 1 (done)")
    return problems
