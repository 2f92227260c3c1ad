"""The alignment rating as rules: what a valid score is, when a cycle's poll is open, and what its votes say.

Pure. METHOD: "1-5 from every product-line lead at the end of a cycle: mean, spread, n, response rate". Nothing here
knows who voted what.
"""

from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from statistics import mean, pstdev
from zoneinfo import ZoneInfo

from rituals import nudging
from rituals.calendar import NO_DAYS, add_working_days, resolve
from rituals.quiet import Quiet

SCORES = range(1, 6)
OPENS, CLOSES = time(9), time(18)
WORKING_DAYS = 3
FEWEST = 4
"""An anonymous result rests on at least as many votes; of fewer nothing is shown."""
LONGEST = timedelta(days=60)
_DAY = timedelta(days=1)


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


def result(scores: Iterable[int], asked: int) -> Result:
    """Mean, spread, count and response rate of one score a person. Raises ValueError for one that is not valid.

    `asked` is the number of people who got the question. Who left since and had voted still counts.
    """
    given = list(scores)
    if not all(valid_score(score) for score in given):
        raise ValueError("scores are whole numbers from 1 to 5")
    counted = Counter(given)
    return Result(
        mean=float(mean(given)) if given else None,
        spread=float(pstdev(given)) if given else None,
        votes=len(given),
        response_rate=float(Fraction(len(given), asked)) if asked else None,
        scores={score: counted[score] for score in SCORES},
    )


def withheld(found: Result) -> Result:
    """What may be said of an anonymous poll: below four votes how many there were, and nothing of what they said."""
    if found.votes >= FEWEST:
        return found
    return Result(None, None, found.votes, found.response_rate, dict.fromkeys(SCORES, 0))


def opens_at(cycle_ends: date, zone: ZoneInfo, holidays: Container[date] = NO_DAYS) -> datetime:
    """When the poll opens (UTC): 09:00 local on the third-last working day of the cycle, its last day included.

    Working days are Monday to Friday without `holidays`.
    """
    day, left = cycle_ends + _DAY, WORKING_DAYS
    while left:
        day -= _DAY
        left -= day.weekday() < 5 and day not in holidays
    return resolve(day, OPENS, zone)


def closes_at(cycle_ends: date, zone: ZoneInfo, holidays: Container[date] = NO_DAYS) -> datetime:
    """When the poll closes (UTC): 18:00 local on the third working day after the cycle's last day."""
    return resolve(add_working_days(cycle_ends, WORKING_DAYS, holidays), CLOSES, zone)


def closes_by_hand(day: date, zone: ZoneInfo) -> datetime:
    """When a poll that was opened by hand closes (UTC): 18:00 local on the day named."""
    return resolve(day, CLOSES, zone)


def is_open(cycle_ends: date, *, now: datetime, zone: ZoneInfo, holidays: Container[date] = NO_DAYS) -> bool:
    """Whether votes count at `now`: from the opening, up to but without the closing instant."""
    return opens_at(cycle_ends, zone, holidays) <= now.astimezone(UTC) < closes_at(cycle_ends, zone, holidays)


def remind_at(
    asked_at: datetime, closes_at: datetime, quiet: Quiet, zone: ZoneInfo, holidays: Container[date] = NO_DAYS
) -> datetime | None:
    """When to remind a lead who has not voted (UTC): half-way, on a working day where they are, not in their quiet
    hours. None where that comes less than four hours after the question or two before the end.
    """
    at = asked_at + (closes_at - asked_at) / 2
    day = at.astimezone(zone).date()
    while day.weekday() >= 5 or day in holidays:
        day += _DAY
        at = resolve(day, OPENS, zone)
    at = quiet.over(at, zone)
    fits = asked_at + nudging.APART <= at <= closes_at - nudging.LAST_CALL
    return at.astimezone(UTC) if fits else None
