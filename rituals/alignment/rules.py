"""The alignment figures (METHOD, "Alignment figures"): how well units pull together, as numbers.

Pure, by the values of `rituals.okrs` alone. Nothing here says what to do about a figure or words it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from fractions import Fraction
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from rituals.alignment.coverage import Cell, Coverage, coverage, movement
from rituals.okrs.model import Bands, KeyResult, Objective, Status, Unit
from rituals.okrs.pace import elapsed, local_day, status
from rituals.okrs.progress import as_of, progress_at

UTC_ZONE = ZoneInfo("UTC")
LINE_KINDS = frozenset({"increase", "decrease", "milestone"})
FEWEST_SHARED, FEWEST_OWN = 2, 3
LAGGING_UNDER = Fraction(4, 5)
Speeds = tuple[Fraction | None, Fraction | None, Fraction | None]
"""Velocity over the last two windows, over the older, over the newer one."""
_FLOAT = itemgetter(0)


@dataclass(frozen=True, slots=True)
class LagIndex:
    """Shared against unit-only velocity; None stands for "not enough data".

    `shared` and `own` are median velocities over the last two windows together, `index` their quotient; `windows` are
    the quotients of the older and the newer window alone.
    """

    shared: Fraction | None
    own: Fraction | None
    index: Fraction | None
    windows: tuple[Fraction | None, Fraction | None]

    @property
    def collaboration_lags(self) -> bool:
        """Under 0.8 in both windows: collaboration is the problem, not the work."""
        return all(window is not None and window < LAGGING_UNDER for window in self.windows)


@dataclass(frozen=True, slots=True)
class Course:
    """Of one key result: its `movement`, and its `speeds`."""

    movement: Cell
    speeds: Speeds


@dataclass(frozen=True, slots=True)
class AlignmentFigures:
    """All figures at one instant; shares and velocities exact, None where there is not enough data."""

    connection_rate: Fraction | None
    coverage: Coverage
    lag: LagIndex
    net_confidence: Fraction | None

    def row(self) -> dict[str, Any]:
        """The `alignment` object of `plumbline status --format json`; numbers to 4 places, unknown is None."""
        return {
            "connection_rate": _places(self.connection_rate),
            "coverage": self.coverage.row(),
            "shared_velocity": _places(self.lag.shared),
            "unit_velocity": _places(self.lag.own),
            "shared_lag_index": _places(self.lag.index),
            "net_confidence": _places(self.net_confidence),
        }


def connection_rate(
    objectives: Iterable[Objective], units: Iterable[Unit], *, above: Iterable[Objective] = ()
) -> Fraction | None:
    """Product-line objectives with a contribution to a portfolio objective ÷ all; None without product-line objectives.

    Only a direct contribution to an objective of a unit of level portfolio counts, one of those given or of another
    cycle, `above`.
    """
    levels = {unit.key: unit.level for unit in units}
    given = list(objectives)
    tops = {o.key for o in (*given, *above) if levels.get(o.unit) == "portfolio"}
    lines = [o for o in given if levels.get(o.unit) == "product_line"]
    linked = [o for o in lines if any(c.objective in tops for c in o.contributes_to)]
    return Fraction(len(linked), len(lines)) if lines else None


def velocity(kr: KeyResult, start: date, end: date, zone: tzinfo = UTC_ZONE) -> Fraction | None:
    """Change of raw progress ÷ change of elapsed share from the end of one local day to that of another.

    1.0 is linear pace. None where no time of the span goes by between them, the kind has no line to move along
    (keep_*, binary), or its progress is not known on both days (on the first day of its span it is 0).
    """
    return _speed(kr, start, end, {day: progress_at(kr, _end_of(day, zone), zone) for day in (start, end)})


def _speed(kr: KeyResult, start: date, end: date, known: Mapping[date, Fraction | None]) -> Fraction | None:
    """The velocity by the progress at the ends of days."""
    share = elapsed(kr, end) - elapsed(kr, start)
    if share <= 0 or kr.kind not in LINE_KINDS:
        return None
    before, after = known[start], known[end]
    if before is None and start <= kr.starts:
        before = Fraction(0)
    return None if before is None or after is None else (after - before) / share


def lag_index(
    key_results: Iterable[KeyResult], *, today: date, interval: timedelta, zone: tzinfo = UTC_ZONE
) -> LagIndex:
    """Median velocity of shared key results ÷ that of unit-only ones, over the last two windows of `interval`.

    A median needs at least 2 shared and 3 unit-only key results with a velocity; a quotient also needs unit-only ones
    that move forward. Key results of closed cycles are left out.
    """
    return lag_of((kr, speeds(kr, today=today, interval=interval, zone=zone)) for kr in key_results)


def speeds(kr: KeyResult, *, today: date, interval: timedelta, zone: tzinfo = UTC_ZONE) -> Speeds:
    """Velocity over the last two windows together, over the older and over the newer; as `velocity` has it."""
    if kr.cycle_closed or kr.kind not in LINE_KINDS:
        return None, None, None
    older, newer = today - 2 * interval, today - interval
    known = {day: progress_at(kr, _end_of(day, zone), zone) for day in (older, newer, today)}
    spans = ((older, today), (older, newer), (newer, today))
    whole, first, second = (_speed(kr, start, end, known) for start, end in spans)
    return whole, first, second


def lag_of(found: Iterable[tuple[KeyResult, Speeds]]) -> LagIndex:
    """The index by the speeds of each key result."""
    known = list(found)
    (shared, own), older, newer = (
        tuple(
            _median([v[span] for kr, v in known if kr.shared is is_shared], fewest)
            for is_shared, fewest in ((True, FEWEST_SHARED), (False, FEWEST_OWN))
        )
        for span in range(3)
    )
    return LagIndex(shared, own, _quotient(shared, own), (_quotient(*older), _quotient(*newer)))


def net_confidence(statuses: Iterable[Status]) -> Fraction | None:
    """Share of key results on track − share off track, -1 to 1; None without any. Closed ones are left out."""
    counted = [s for s in statuses if s != "closed"]
    if not counted:
        return None
    return Fraction(counted.count("on_track") - counted.count("off_track"), len(counted))


def alignment(
    objectives: Sequence[Objective],
    units: Sequence[Unit],
    *,
    now: datetime,
    zone: ZoneInfo,
    interval: timedelta,
    bands: Bands,
    course: Callable[[KeyResult], Course] | None = None,
    statuses: Iterable[Status] | None = None,
) -> AlignmentFigures:
    """All figures at `now` for the objectives of running cycles; `interval` is the time between check-ins.

    `course` tells that of a key result, and `statuses` are all of theirs, where they are known already.
    """
    krs = [kr for objective in objectives for kr in objective.key_results]
    if course is None:
        made = {id(kr): course_of(kr, now=now, zone=zone, interval=interval) for kr in krs}

        def course(kr: KeyResult) -> Course:
            return made[id(kr)]

    if statuses is None:
        statuses = (status(kr, now=now, zone=zone, interval=interval, bands=bands) for kr in krs)
    return AlignmentFigures(
        connection_rate=connection_rate(objectives, units),
        coverage=coverage(
            objectives, units, now=now, zone=zone, interval=interval, moves=lambda kr: course(kr).movement
        ),
        lag=lag_of((kr, course(kr).speeds) for kr in krs),
        net_confidence=net_confidence(statuses),
    )


def course_of(kr: KeyResult, *, now: datetime, zone: ZoneInfo, interval: timedelta) -> Course:
    """How a key result has come along over the last two windows, by what was known at `now`."""
    known = as_of(kr, now, zone)
    return Course(
        movement(known, now, zone, interval),
        speeds(known, today=local_day(now, zone), interval=interval, zone=zone),
    )


def _median(velocities: Iterable[Fraction | None], fewest: int) -> Fraction | None:
    """The exact median of those that are known. Floats sort them, being quicker and never against the exact order;
    only what they cannot tell apart is compared exactly.
    """
    known = sorted(((float(v), v) for v in velocities if v is not None), key=_FLOAT)
    if len(known) < fewest:
        return None

    def exact(place: int) -> Fraction:
        alike = bisect_left(known, known[place][0], key=_FLOAT), bisect_right(known, known[place][0], key=_FLOAT)
        return sorted(v for _, v in known[slice(*alike)])[place - alike[0]]

    return (exact((len(known) - 1) // 2) + exact(len(known) // 2)) / 2


def _quotient(shared: Fraction | None, own: Fraction | None) -> Fraction | None:
    return None if shared is None or own is None or own <= 0 else shared / own


def _end_of(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time.max, zone)


def _places(exact: Fraction | None) -> float | None:
    return None if exact is None else float(round(exact, 4))
