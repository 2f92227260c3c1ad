"""Expected progress, the gap to it and the status that follows (METHOD, "Expected progress and pace").

Pure. Time is counted in whole local days: 15 November in a span from 1 October to 31 December is 45 of 91 days.
Nothing here reads the clock, words a status or knows a status set by hand.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

from rituals.okrs.model import KEEP_KINDS, Bands, KeyResult, Status, Update
from rituals.okrs.progress import (
    as_of,
    current_progress,
    current_value,
    definition_problems,
    nearest_bound,
    total_weight,
)

GRACE_DAYS = 14
STALE_AFTER = Fraction(3, 2)
WORST_FIRST: tuple[Status, ...] = (
    "off_track",
    "no_data",
    "stale",
    "at_risk",
    "not_started",
    "on_track",
    "achieved",
    "closed",
)
BEHIND: frozenset[Status] = frozenset({"off_track", "no_data", "stale", "at_risk"})
"""What is behind, or silent."""


def local_day(at: datetime, zone: tzinfo) -> date:
    """The date on the wall in `zone` at the instant `at`."""
    return at.astimezone(zone).date()


def elapsed(kr: KeyResult, today: date) -> Fraction:
    """The share of its own span that has gone by, 0 to 1. A span of one day has gone by on that day."""
    if today >= kr.ends:
        return Fraction(1)
    if today <= kr.starts:
        return Fraction(0)
    return Fraction((today - kr.starts).days, (kr.ends - kr.starts).days)


def expected_progress(kr: KeyResult, today: date) -> Fraction:
    """Where it should stand today, 0 to 1.

    Elapsed time, or the stated plan (from 0 at the start, to 1 at the end unless it says otherwise there). What keeps
    a bound is always expected there. A milestone or a binary key result is expected from its due day on; without one,
    from the last day of the span.
    """
    if kr.kind in KEEP_KINDS:
        return Fraction(1)
    if kr.kind == "binary":
        return Fraction(int(today >= (kr.due or kr.ends)))
    if kr.kind == "milestone" and not definition_problems(kr):
        return Fraction(_weight_due(kr, today)) / total_weight(kr.milestones)
    return _planned(kr, today) if kr.plan else elapsed(kr, today)


def expected_value(kr: KeyResult, today: date) -> Decimal | None:
    """The value that would be on pace today, in its own unit of measure; None when it cannot be computed.

    increase, decrease: rounded to the places in which start and target are stated; to more where a step would be over
    a tenth of the whole way, to fewer where it would be under a two-thousandth of it.
    keep_*: the bound (of two, the one nearer to the current value). milestone: the weight due. binary: 0 or 1.
    """
    if definition_problems(kr):
        return None
    if kr.kind in KEEP_KINDS:
        return nearest_bound(kr, current_value(kr))
    if kr.kind == "milestone":
        return _weight_due(kr, today)
    share = expected_progress(kr, today)
    if kr.kind == "binary":
        return Decimal(int(share))
    if kr.start is None or kr.target is None:
        return None
    exact = Fraction(kr.start) + (Fraction(kr.target) - Fraction(kr.start)) * share
    return _rounded(exact, _step(kr.start, kr.target))


def gap_points(kr: KeyResult, today: date) -> Fraction | None:
    """Percentage points behind what is expected (negative: ahead), from raw progress; None when progress is unknown."""
    p = current_progress(kr)
    return None if p is None else (expected_progress(kr, today) - p) * 100


def last_heard(kr: KeyResult, zone: tzinfo) -> datetime | None:
    """When its owners last spoke for it: the newest report, with or without a value, or the day a milestone was done.

    A co-owner's view does not count: it says how the key result looks, it does not answer for it. Nor does a status set
    by hand without value and confidence: it stands beside what is computed and changes nothing of it.
    """
    instants = [u.at for u in kr.updates if u.role == "report" and not _only_a_status(u)]
    if kr.kind == "milestone":
        done = [m.done for m in kr.milestones if not isinstance(m.done, bool)]
        instants += [datetime.combine(day, time(), zone).astimezone(UTC) for day in done]
    return max(instants, default=None)


def _only_a_status(update: Update) -> bool:
    return update.status is not None and update.value is None and update.confidence is None


def status(kr: KeyResult, *, now: datetime, zone: ZoneInfo, interval: timedelta, bands: Bands) -> Status:
    """The first status of METHOD's table that holds at `now`; what was reported later is not seen.

    `interval` is the time between check-ins. A key result that cannot be computed has no data, whatever was reported.
    """
    if kr.cycle_closed:
        return "closed"
    known, today = as_of(kr, now, zone), local_day(now, zone)
    p = current_progress(known)
    if p is not None and p >= 1 and (kr.kind not in KEEP_KINDS or today >= kr.ends):
        return "achieved"
    last = last_heard(known, zone)
    if p is None or last is None:
        return "not_started" if (today - kr.starts).days <= GRACE_DAYS else "no_data"
    if is_stale(last, now, interval):
        return "stale"
    return _banded((expected_progress(known, today) - p) * 100, bands)


def is_stale(last: datetime, now: datetime, interval: timedelta) -> bool:
    """Older than one and a half check-in intervals; exactly that old is not stale yet."""
    return (now - last) * STALE_AFTER.denominator > interval * STALE_AFTER.numerator


def worst(statuses: Iterable[Status]) -> Status:
    """The worst of them, an objective's status; no_data when there is none.

    Silence ranks behind off track and before at risk: it may hide either.
    """
    return min(statuses, key=WORST_FIRST.index, default="no_data")


def _banded(gap: Fraction, bands: Bands) -> Status:
    if gap > bands.off_track:
        return "off_track"
    return "at_risk" if gap > bands.at_risk else "on_track"


def _weight_due(kr: KeyResult, today: date) -> Decimal:
    return sum((m.weight for m in kr.milestones if today >= (m.due or kr.ends)), Decimal(0))


def _planned(kr: KeyResult, today: date) -> Fraction:
    points = {kr.starts: Fraction(0), kr.ends: Fraction(1)} | {day: Fraction(share) for day, share in kr.plan}
    days = sorted(points)
    if today <= days[0]:
        return points[days[0]]
    for before, after in pairwise(days):
        if today <= after:
            part = Fraction((today - before).days, (after - before).days)
            return points[before] + (points[after] - points[before]) * part
    return points[days[-1]]


def _step(start: Decimal, target: Decimal) -> Decimal:
    """The power of ten to which a value between the two is worth stating."""
    way = abs(target - start)
    step = Decimal(1).scaleb(min(_exponent(start), _exponent(target), 0))
    while step * 10 > way:
        step = step.scaleb(-1)
    while step * 10 * 200 <= way:
        step = step.scaleb(1)
    return step


def _exponent(amount: Decimal) -> int:
    exponent = amount.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _rounded(exact: Fraction, step: Decimal) -> Decimal:
    return round(exact / Fraction(step)) * step
