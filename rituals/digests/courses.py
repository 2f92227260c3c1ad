"""How progress and the connection rate went up to a digest: the series its pictures are drawn from. Pure.

It computes no figure of its own: each point is METHOD's progress and expectation on a local day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction

from rituals.digests.facts import DigestFacts
from rituals.okrs.model import KeyResult
from rituals.okrs.pace import expected_progress
from rituals.okrs.progress import progress_at, shown

MOST_POINTS = 14
MOST_RATES = 30


@dataclass(frozen=True, slots=True)
class Courses:
    """`shared`, `own` and `expected` are mean shares (0-1) on each of `days`; None where nothing was reported yet.

    `rates` are connection rates by day, oldest first, today's last.
    """

    days: tuple[date, ...] = ()
    shared: tuple[float | None, ...] = ()
    own: tuple[float | None, ...] = ()
    expected: tuple[float | None, ...] = ()
    rates: tuple[tuple[date, float], ...] = ()


def courses(facts: DigestFacts, kept: Iterable[tuple[date, float]] = ()) -> Courses:
    """The courses of a digest's key results from their first day on; `kept` are connection rates of earlier days."""
    krs = [k.kr for k in facts.key_results if k.kr.starts <= facts.today]
    days = _days(krs, facts.today)
    return Courses(
        days=days,
        shared=tuple(_mean_progress([kr for kr in krs if kr.shared], day, facts) for day in days),
        own=tuple(_mean_progress([kr for kr in krs if not kr.shared], day, facts) for day in days),
        expected=tuple(_mean([expected_progress(kr, day) for kr in krs if kr.starts <= day]) for day in days),
        rates=_rates(facts, kept),
    )


def course_rows(facts: DigestFacts) -> tuple[tuple[date, float | None, float | None, float | None], ...]:
    """(day, shared, units' own, expected), shares, oldest first."""
    found = courses(facts)
    return tuple(zip(found.days, found.shared, found.own, found.expected, strict=True))


def _days(krs: Sequence[KeyResult], today: date) -> tuple[date, ...]:
    """At most MOST_POINTS days in equal steps of whole weeks, the last one today."""
    first = min((kr.starts for kr in krs), default=today)
    weeks = max(1, -(-((today - first).days) // (7 * (MOST_POINTS - 1))))
    steps = range((today - first).days // (7 * weeks), -1, -1)
    return tuple(today - timedelta(weeks=weeks * step) for step in steps)


def _mean_progress(krs: Sequence[KeyResult], day: date, facts: DigestFacts) -> float | None:
    """Of those that run and were reported by the end of a day."""
    at = min(datetime.combine(day + timedelta(days=1), time(), tzinfo=facts.zone), facts.now.astimezone(facts.zone))
    known = (progress_at(kr, at, facts.zone) for kr in krs if kr.starts <= day)
    return _mean([shown(progress) for progress in known if progress is not None])


def _mean(shares: Sequence[Fraction]) -> float | None:
    return float(round(sum(shares, Fraction(0)) / len(shares), 4)) if shares else None


def _rates(facts: DigestFacts, kept: Iterable[tuple[date, float]]) -> tuple[tuple[date, float], ...]:
    known = {day: rate for day, rate in kept if day < facts.today}
    if facts.connection is not None:
        known[facts.today] = float(round(facts.connection, 4))
    return tuple(sorted(known.items())[-MOST_RATES:])
