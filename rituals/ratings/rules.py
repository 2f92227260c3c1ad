"""The alignment rating as rules: what a valid score is, when a cycle's poll is open, and what its votes say.

Pure. METHOD: "1-5 from every product-line lead at the end of a cycle: mean, spread, n, response rate". Nothing here
knows who voted what: `votes` may be keyed by people or by tokens that stand for them.
"""

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from statistics import mean, pstdev
from zoneinfo import ZoneInfo

from rituals.calendar import add_working_days, resolve

SCORES = range(1, 6)
OPENS, CLOSES = time(9), time(18)
WORKING_DAYS = 3
_DAY = timedelta(days=1)
_NO_DAYS: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome. `mean` 1-5, `spread` the standard deviation of these very votes (both None without votes).

    `scores` counts votes for every score from 1 to 5; `response_rate` is votes / asked, None when nobody was asked.
    """

    mean: float | None
    spread: float | None
    votes: int
    response_rate: float | None
    scores: dict[int, int]


def valid_score(score: object) -> bool:
    """A whole number from 1 to 5."""
    return isinstance(score, int) and not isinstance(score, bool) and score in SCORES


def result(votes: Mapping[Hashable, int], asked: int) -> Result:
    """Mean, spread, count and response rate of one vote a person. Raises ValueError for a score that is not valid.

    `asked` is the number of people who got the question. Who left since and had voted still counts.
    """
    unusable = [score for score in votes.values() if not valid_score(score)]
    if unusable:
        raise ValueError(f"scores are whole numbers from 1 to 5, not {unusable[0]!r}")
    given = list(votes.values())
    counted = Counter(given)
    return Result(
        mean=float(mean(given)) if given else None,
        spread=float(pstdev(given)) if given else None,
        votes=len(given),
        response_rate=float(Fraction(len(given), asked)) if asked else None,
        scores={score: counted[score] for score in SCORES},
    )


def opens_at(cycle_ends: date, zone: ZoneInfo, holidays: frozenset[date] = _NO_DAYS) -> datetime:
    """When the poll opens (UTC): 09:00 local on the third-last working day of the cycle, its last day included.

    Working days are Monday to Friday without `holidays`.
    """
    day, left = cycle_ends + _DAY, WORKING_DAYS
    while left:
        day -= _DAY
        left -= day.weekday() < 5 and day not in holidays
    return resolve(day, OPENS, zone)


def closes_at(cycle_ends: date, zone: ZoneInfo, holidays: frozenset[date] = _NO_DAYS) -> datetime:
    """When the poll closes (UTC): 18:00 local on the third working day after the cycle's last day."""
    return resolve(add_working_days(cycle_ends, WORKING_DAYS, holidays), CLOSES, zone)


def is_open(cycle_ends: date, *, now: datetime, zone: ZoneInfo, holidays: frozenset[date] = _NO_DAYS) -> bool:
    """Whether votes count at `now`: from the opening, up to but without the closing instant."""
    return opens_at(cycle_ends, zone, holidays) <= now.astimezone(UTC) < closes_at(cycle_ends, zone, holidays)
