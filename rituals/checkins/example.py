"""The example of a reply that a prompt ends with: a key result of this very lead, with a value that could be next.

Pure. It is a pattern to write after and predicts nothing.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate

from rituals.checkins.rules import Asked
from rituals.okrs.model import KEEP_KINDS, KeyResult
from rituals.okrs.words import value_words

STEP = Decimal(10)  # a tenth of the way
COARSE = 10  # from a way of so much on, whole numbers


def example(asked: Sequence[Asked]) -> str:
    """`1. KR-1 34 days 7/10 pilot live  2. waiting for the billing API until 12 Dec  3. no`."""
    first = asked[0] if asked else None
    said = f"{first.kr.key} {_words(first)}" if first else "KR-1 30"
    return f"1. {said} 7/10 pilot live  2. waiting for the billing API until 12 Dec  3. no"


def _words(asked: Asked) -> str:
    if asked.kr.kind == "binary":
        return "done"
    value = asked.figures.value
    return value_words(asked.kr, _next(asked.kr, value if value is not None else asked.kr.start or Decimal(0))) or "30"


def _next(kr: KeyResult, now: Decimal) -> Decimal:
    """A tenth of the way further, the next milestone done, or for what is kept the bound itself."""
    if kr.kind == "milestone":
        return next((done for done in accumulate(m.weight for m in kr.milestones) if done > now), now)
    if kr.kind in KEEP_KINDS or kr.start is None or kr.target is None:
        bound = kr.target if kr.target is not None else kr.low
        return now if bound is None else bound
    way = kr.target - kr.start
    further = _rounded(now + way / STEP, way, (kr.start, kr.target, now))
    past = (further - kr.target) * way >= 0
    return kr.target if past or further == now else further


def _rounded(value: Decimal, way: Decimal, known: Sequence[Decimal]) -> Decimal:
    places = 0 if abs(way) >= COARSE else max(1, *(-int(number.normalize().as_tuple().exponent) for number in known))
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
