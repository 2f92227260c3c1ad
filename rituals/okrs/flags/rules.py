"""Why a shared key result is falling behind: six reasons, each with the numbers that made its rule fire (METHOD).

Pure. The rules decide here and nowhere else; wording them is `words.flag_words`, and no language model has a say.

Keys of `Flag.numbers` by reason (shares 0-1 to 4 places, points to 1, amounts in the key result's own unit):
pace        status, gap (points), expected (share), now (raw share)
trend       landing, low, high (shares), needed (share), updates
stalled     moved (points), windows (2), days
silent      status (stale, no_data), days (since the last report; with no_data since the start of the span)
confidence  now, before (0-10; before only where there is one)
divergence  any of: low, low_unit, high, high_unit, limit (amounts); confidence_low, confidence_low_unit,
            confidence_high, confidence_high_unit; blocked_unit. Units are keys, "" for a report without one
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from zoneinfo import ZoneInfo

from rituals.okrs.forecast import Forecast, forecast
from rituals.okrs.model import Bands, Flag, KeyResult, Status, Update
from rituals.okrs.pace import expected_progress, last_heard, local_day, status
from rituals.okrs.progress import as_of, current_progress, moved, nearest_bound, tolerance_of, total_weight

NEEDED: Mapping[str, float] = {"aspirational": 0.7, "committed": 0.9}
STALLED_UNDER = Fraction(1, 100)
STALLED_WINDOWS = 2
LOW_CONFIDENCE = 3
CONFIDENCE_DROP = 3
CONFIDENCE_SPREAD = 3
VALUE_SPREAD = Fraction(1, 10)

Numbers = dict[str, float | int | str]


@dataclass(frozen=True, slots=True)
class Limits:
    """Where the reasons begin. `needed_more` is added to what a forecast needs (a share), `ahead` taken off the bands
    (points); the rest are the constants beside them. Left as they are, they are METHOD's.
    """

    needed_more: float = 0
    ahead: int = 0
    stalled_under: Fraction = STALLED_UNDER
    low_confidence: int = LOW_CONFIDENCE
    confidence_drop: int = CONFIDENCE_DROP
    confidence_spread: int = CONFIDENCE_SPREAD
    value_spread: Fraction = VALUE_SPREAD


METHOD = Limits()


@dataclass(frozen=True)
class _Case:
    """One key result as it was known at `now`, and what several rules ask of it."""

    kr: KeyResult
    now: datetime
    zone: ZoneInfo
    interval: timedelta
    bands: Bands
    limits: Limits = METHOD

    @cached_property
    def status(self) -> Status:
        bands = Bands(self.bands.at_risk - self.limits.ahead, self.bands.off_track - self.limits.ahead)
        return status(self.kr, now=self.now, zone=self.zone, interval=self.interval, bands=bands)

    @cached_property
    def progress(self) -> Fraction | None:
        return current_progress(self.kr)

    @cached_property
    def forecast(self) -> Forecast | None:
        return forecast(self.kr, self.zone)


def flags(
    kr: KeyResult,
    *,
    now: datetime,
    zone: ZoneInfo,
    interval: timedelta,
    bands: Bands,
    limits: Limits = METHOD,
) -> tuple[Flag, ...]:
    """Every reason that holds at `now`, in METHOD's order; empty for what is not shared or whose cycle is closed.

    `interval` is the time between check-ins, and the length of a window; the newest window ends at `now`. Other
    `limits` than METHOD's only ask when what was flagged has clearly recovered.
    """
    if not kr.shared or kr.cycle_closed:
        return ()
    case = _Case(as_of(kr, now, zone), now, zone, interval, bands, limits)
    found = (rule(case) for rule in _RULES)
    return tuple(flag for flag in found if flag is not None)


def _pace(case: _Case) -> Flag | None:
    if case.status not in ("at_risk", "off_track") or case.progress is None:
        return None
    expected = expected_progress(case.kr, local_day(case.now, case.zone))
    gap = (expected - case.progress) * 100
    numbers: Numbers = {
        "status": case.status,
        "gap": float(round(gap, 1)),
        "expected": _share(expected),
        "now": _share(case.progress),
    }
    return Flag("pace", numbers)


def _trend(case: _Case) -> Flag | None:
    course, needed = case.forecast, NEEDED[case.kr.commitment] + case.limits.needed_more
    if case.status != "on_track" or course is None or course.landing >= needed:
        return None
    numbers: Numbers = {
        "landing": round(course.landing, 4),
        "low": round(course.low, 4),
        "high": round(course.high, 4),
        "needed": needed,
        "updates": course.updates,
    }
    return Flag("trend", numbers)


def _stalled(case: _Case) -> Flag | None:
    """A binary key result does not stall: it has no steps to take before it is done."""
    since = case.now - STALLED_WINDOWS * case.interval
    if case.kr.kind == "binary" or local_day(since, case.zone) < case.kr.starts:
        return None
    change = moved(case.kr, since, case.now, case.zone)
    if case.progress is None or change is None or case.progress >= 1 or abs(change) >= case.limits.stalled_under:
        return None
    days = (STALLED_WINDOWS * case.interval).days
    return Flag("stalled", {"moved": float(round(change * 100, 1)), "windows": STALLED_WINDOWS, "days": days})


def _silent(case: _Case) -> Flag | None:
    if case.status not in ("stale", "no_data"):
        return None
    last = last_heard(case.kr, case.zone)
    since = case.kr.starts if last is None or case.status == "no_data" else local_day(last, case.zone)
    return Flag("silent", {"status": case.status, "days": (local_day(case.now, case.zone) - since).days})


def _confidence(case: _Case) -> Flag | None:
    stated = [u.confidence for u in case.kr.updates if u.role == "report" and u.confidence is not None]
    if not stated:
        return None
    last, before = stated[-1], stated[-2] if len(stated) > 1 else None
    limits = case.limits
    if last > limits.low_confidence and (before is None or before - last < limits.confidence_drop):
        return None
    numbers: Numbers = {"now": last}
    if before is not None:
        numbers["before"] = before
    return Flag("confidence", numbers)


def _divergence(case: _Case) -> Flag | None:
    voices = [u for u in case.kr.updates if u.at > case.now - case.interval and _is_owners(case.kr, u)]
    numbers = _values_apart(case, voices) | _confidences_apart(case, voices) | _blocked(voices)
    return Flag("divergence", numbers) if numbers else None


def _is_owners(kr: KeyResult, update: Update) -> bool:
    """Spoken for a co-owner; a report that names no unit is one voice of its own."""
    return update.unit in kr.owners or (update.unit is None and update.role == "report")


def _values_apart(case: _Case, voices: list[Update]) -> Numbers:
    seen = {u.unit or "": u.value for u in voices if u.value is not None}
    limit = value_limit(case.kr, seen.values(), case.limits.value_spread)
    if len(seen) < 2 or limit is None:
        return {}
    low, high = min(seen, key=lambda unit: seen[unit]), max(seen, key=lambda unit: seen[unit])
    if Fraction(seen[high]) - Fraction(seen[low]) <= limit:
        return {}
    return {
        "low": plain_number(seen[low]),
        "low_unit": low,
        "high": plain_number(seen[high]),
        "high_unit": high,
        "limit": round(float(limit), 6),
    }


def value_limit(kr: KeyResult, seen: Iterable[Decimal], spread: Fraction = VALUE_SPREAD) -> Fraction | None:
    """How far apart the owners' values may be, in the key result's own unit: 10 % of the way from start to target, or
    of all weight; the tolerance of a bound where there is no way. None where neither is known.
    """
    if kr.kind == "milestone":
        return total_weight(kr.milestones) * spread
    if kr.kind == "binary":
        return spread
    if kr.start is not None and kr.target is not None and kr.start != kr.target:
        return abs(Fraction(kr.target) - Fraction(kr.start)) * spread
    bound = nearest_bound(kr, next(iter(seen), None))
    return None if bound is None else tolerance_of(kr, bound) * (spread / VALUE_SPREAD)


def _confidences_apart(case: _Case, voices: list[Update]) -> Numbers:
    stated = {u.unit or "": u.confidence for u in voices if u.confidence is not None}
    if len(stated) < 2:
        return {}
    low, high = min(stated, key=lambda unit: stated[unit]), max(stated, key=lambda unit: stated[unit])
    if stated[high] - stated[low] < case.limits.confidence_spread:
        return {}
    return {
        "confidence_low": stated[low],
        "confidence_low_unit": low,
        "confidence_high": stated[high],
        "confidence_high_unit": high,
    }


def _blocked(voices: list[Update]) -> Numbers:
    newest = {u.unit or "": u.blocked for u in voices}
    return next(({"blocked_unit": unit} for unit, blocked in newest.items() if blocked), {})


def _share(exact: Fraction) -> float:
    return float(round(exact, 4))


def plain_number(amount: Decimal) -> float | int:
    """A JSON number: whole amounts without a point."""
    return int(amount) if amount == amount.to_integral_value() else float(amount)


_RULES: tuple[Callable[[_Case], Flag | None], ...] = (
    _pace,
    _trend,
    _stalled,
    _silent,
    _confidence,
    _divergence,
)
