"""Grading at the end of a cycle (METHOD): the score that progress suggests, how it reads, and what may become of a
key result. Pure; who may grade is in `rights`, how a key result goes on in `carrying`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction

from rituals.okrs.grading import Band, Outcome, band
from rituals.okrs.model import Commitment, Status

__all__ = [
    "LONGEST",
    "Band",
    "Outcome",
    "Suggestion",
    "band",
    "is_on_track",
    "next_undecided",
    "read_score",
    "suggested_score",
    "suggestion",
]

PLACES = Decimal("0.01")
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the figures say: a score (None without a value), its band, and what to do with the key result."""

    score: Decimal | None
    band: Band | None
    outcome: Outcome


def suggested_score(progress: Fraction | None) -> Decimal | None:
    """Progress as a score: 0.00 to 1.00, halves up; None where there is no progress to read."""
    if progress is None:
        return None
    shown = min(max(progress, Fraction(0)), Fraction(1))
    return (Decimal(shown.numerator) / Decimal(shown.denominator)).quantize(PLACES, ROUND_HALF_UP)


def suggestion(progress: Fraction | None, commitment: Commitment) -> Suggestion:
    """Green is closed. What is short of it goes on, but not what is aspirational and red, nor what nobody reported."""
    score = suggested_score(progress)
    read = band(score, commitment)
    if read == "green":
        return Suggestion(score, read, "closed")
    goes_on = read == "yellow" or (read == "red" and commitment == "committed")
    return Suggestion(score, read, "carried" if goes_on else "dropped")


def read_score(text: str) -> Decimal | None:
    """A typed score, `0.7`, `0,7` or `70 %`, to two places; None where nothing was typed.

    Raises ValueError for what is no number from 0 to 1.
    """
    plain = text.strip().replace(" ", "").replace(",", ".")
    if not plain:
        return None
    share = plain.endswith("%")
    try:
        score = Decimal(plain.removesuffix("%")) / (100 if share else 1)
    except InvalidOperation:
        raise ValueError(text) from None
    if not score.is_finite() or not 0 <= score <= 1:
        raise ValueError(text)
    return score.quantize(PLACES, ROUND_HALF_UP)


def is_on_track(status: Status) -> bool:
    """What the batch "all that are on track" takes."""
    return status == "on_track"


def next_undecided(order: Iterable[str], undecided: Iterable[str], after: str | None) -> str | None:
    """The first of `order` behind `after` that is undecided, round the end to the first one; None where none is left.

    What was skipped comes again when all behind it are decided or skipped.
    """
    keys, open_ones = list(order), set(undecided)
    start = keys.index(after) + 1 if after in keys else 0
    return next((key for key in [*keys[start:], *keys[:start]] if key in open_ones), None)
