"""Figures over time: which days of a cycle are kept, how ratings and shared pace go together. Pure.

METHOD, "Alignment figures": a baseline at the start and the end of each cycle, and the trend. It computes no figure of
a day; `rules` does.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from statistics import correlation

FEWEST_CYCLES = 4


def day_to_keep(starts: date, ends: date, today: date) -> date | None:
    """The newest day of a cycle whose figures are to be kept by now: its first, every Monday, its last.

    None before it starts. Whoever looks later than on that day keeps what is known then; a day is kept once.
    """
    if today < starts:
        return None
    if today >= ends:
        return ends
    monday = today - timedelta(days=today.weekday())
    return max(monday, starts)


def rank_correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Spearman's rho, -1 to 1, ties by their mean rank; None under four pairs or where one side is constant."""
    if len(pairs) < FEWEST_CYCLES:
        return None
    one, other = zip(*pairs, strict=True)
    if len(set(one)) == 1 or len(set(other)) == 1:
        return None
    return correlation(_ranks(one), _ranks(other))


def _ranks(values: Sequence[float]) -> list[float]:
    """Each value's place in order, from 1; equal values share the mean of their places."""
    ordered = sorted(values)
    first = {value: ordered.index(value) + 1 for value in set(values)}
    return [first[value] + (ordered.count(value) - 1) / 2 for value in values]
