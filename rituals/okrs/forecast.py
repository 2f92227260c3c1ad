"""Where a key result will land if it goes on as it has (METHOD, "Forecast"): the Theil-Sen slope of its progress.

Pure. A forecast is a statement about the past pace, not a promise; nothing here judges it or words it.
"""

from dataclasses import dataclass
from datetime import UTC, tzinfo
from statistics import median, quantiles

from rituals.okrs.model import KeyResult
from rituals.okrs.pace import elapsed, local_day
from rituals.okrs.progress import along, definition_problems, raw_progress

ENOUGH = 3
LOWEST, HIGHEST = 0.0, 1.5


@dataclass(frozen=True, slots=True)
class Forecast:
    """Progress at the end of the span, 0 to 1.5, and its band by the quartiles of the slopes, from `updates`."""

    landing: float
    low: float
    high: float
    updates: int


def forecast(kr: KeyResult, zone: tzinfo = UTC) -> Forecast | None:
    """The landing by all reports inside the span; None ("not enough data") under 3 reports on 3 local days.

    A binary key result has no forecast: it is done or not, and a row of noes says nothing about the end.
    """
    points = _points(kr, zone)
    if kr.kind == "binary" or len({x for x, _ in points}) < ENOUGH:
        return None
    slopes = theil_sen_slopes(points)
    low, _, high = quantiles(slopes, n=4, method="inclusive")
    x, p = points[-1]
    return Forecast(_landing(p, median(slopes), x), _landing(p, low, x), _landing(p, high, x), len(points))


def theil_sen_slopes(points: list[tuple[float, float]]) -> list[float]:
    """The slopes between all pairs of points that differ in x."""
    return [(y2 - y1) / (x2 - x1) for i, (x1, y1) in enumerate(points) for x2, y2 in points[i + 1 :] if x1 != x2]


def _landing(p: float, slope: float, x: float) -> float:
    # Rounded, so that the noise of floats does not put a landing of exactly 0.7 under 0.7.
    return min(max(round(p + slope * (1 - x), 9), LOWEST), HIGHEST)


def _points(kr: KeyResult, zone: tzinfo) -> list[tuple[float, float]]:
    """(elapsed share, raw progress) of each report made within the span."""
    if definition_problems(kr):
        return []
    dated = ((local_day(u.at, zone), u.value) for u in kr.updates if u.role == "report")
    inside = ((day, value) for day, value in dated if value is not None and kr.starts <= day <= kr.ends)
    whole = (kr.ends - kr.starts).days
    if kr.kind not in ("increase", "decrease") or kr.start is None or kr.target is None or whole == 0:
        return [(float(elapsed(kr, day)), float(raw_progress(kr, value))) for day, value in inside]
    # the same numbers without making fractions of them: dividing whole numbers rounds as exactly
    ways = (((day - kr.starts).days / whole, *along(value, kr.start, kr.target)) for day, value in inside)
    return [(share, far / way if far else 0.0) for share, far, way in ways]
