"""How good confidences were: what was said before against what came of it (docs/method.md, "The close of a cycle").

A call is one confidence from 0 to 10 that an owner gave with an update; it came true where the key result was graded
green. Key results that were dropped, and those without a score, say nothing about it. Pure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

FEWEST_CALLS = 10
FEWEST_RESULTS = 3
FEWEST_IN_BIN = 5
BINS = ((0, 3), (4, 6), (7, 10))


@dataclass(frozen=True, slots=True)
class Call:
    """A confidence (0-10) for a key result (its key), and whether it reached what was expected of it."""

    key_result: str
    confidence: int
    reached: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """The calls from `low` to `high`: how many, their mean confidence (0-10), the share that came true (0-1).

    Both are None under FEWEST_IN_BIN calls.
    """

    low: int
    high: int
    n: int
    said: Fraction | None
    reached: Fraction | None


@dataclass(frozen=True, slots=True)
class Calibration:
    """All calls of a unit. `brier` is the mean squared distance, 0 the best; None where there is not enough data."""

    calls: int
    key_results: int
    brier: Fraction | None
    bins: tuple[Bin, ...]


def calibration(calls: Iterable[Call]) -> Calibration:
    """The Brier score of some calls, mean of (confidence ÷ 10 − 1 or 0)², and their bins.

    Not enough data under 10 calls or 3 key results.
    """
    given = list(calls)
    about = {call.key_result for call in given}
    enough = len(given) >= FEWEST_CALLS and len(about) >= FEWEST_RESULTS
    distances = sum((call.confidence - 10 * call.reached) ** 2 for call in given)  # in hundredths: whole numbers
    return Calibration(
        calls=len(given),
        key_results=len(about),
        brier=Fraction(distances, 100 * len(given)) if enough else None,
        bins=tuple(_bin(low, high, [c for c in given if low <= c.confidence <= high]) for low, high in BINS),
    )


def _bin(low: int, high: int, calls: Sequence[Call]) -> Bin:
    n = len(calls)
    if n < FEWEST_IN_BIN:
        return Bin(low, high, n, None, None)
    said = Fraction(sum(call.confidence for call in calls), n)
    return Bin(low, high, n, said, Fraction(sum(call.reached for call in calls), n))
